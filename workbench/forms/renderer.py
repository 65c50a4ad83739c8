"""Drafts as HTML, by the one Jinja environment of this package; it needs no request and no application.

The controls are WTForms fields because the project's owner asks for WTForms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from workbench.forms.collector import FieldError
from workbench.forms.controls import visible_controls
from workbench.forms.draft import Node, list_places
from workbench.forms.editor import entry, secret_ids
from workbench.forms.fields import FormFields
from workbench.forms.held_secrets import maskable_places
from workbench.forms.jsontext import visible
from workbench.forms.node_views import Button, Message, NodeView, messages_by_node, summary_lines
from workbench.forms.orphans import DISCARD, Orphan
from workbench.forms.shapes import Shapes
from workbench.forms.view_builder import ViewBuilder
from workbench.resources import templates_dir
from workbench.schema import check_schema

_MOST_WARNINGS = 3


@dataclass(frozen=True, slots=True)
class FormOptions:
    """Options of one rendering: the prefix of its names and the URLs that its buttons and previews post to."""

    prefix: str
    edit_url: str | None = None
    preview_url: str | None = None
    autofocus: str = ""
    serves_files: bool = False
    remark: str = ""
    complete_url: str = ""
    masks_secrets: bool = False


class Renderer:
    """One draft as HTML: whole, or one node of it."""

    def __init__(
        self,
        shapes: Shapes,
        draft: Node,
        errors: Sequence[FieldError],
        messages: Sequence[Message],
        options: FormOptions,
        orphans: Sequence[Orphan] = (),
    ) -> None:
        self._draft, self._options = draft, options
        keys: dict[str, list[str]] = {}
        for error in errors:
            if error.node:
                keys.setdefault(error.node, []).append(error.message)
        places = dict(list_places(draft))
        self._viewer = ViewBuilder(
            shapes,
            options.prefix,
            FormFields(options.prefix, visible_controls(draft)),
            messages_by_node(_without_repeats([*errors, *messages]), places),
            keys,
            entry(draft, options.autofocus),
            secret_ids(draft) - (dict(maskable_places(draft)).keys() if options.masks_secrets else set()),
            options.serves_files,
            {id_: pointer for pointer, id_ in places.items()},
        )
        self._shapes, self._orphans = shapes, orphans

    def form(self) -> Markup:
        """The form with its summary of errors, and the errors of the schema itself."""
        view = self._viewer.view(self._draft)
        warnings = [error.message for error in check_schema(self._shapes.root)[:_MOST_WARNINGS]]
        discard = Button(
            DISCARD, "Discard", "texts of fields that are no longer in the schema", f"{self._options.prefix}-form"
        )
        return self._render(
            view,
            only_node=False,
            summary=summary_lines(view),
            warnings=[self._options.remark, *warnings] if self._options.remark else warnings,
            orphans=self._orphans,
            discard=discard,
        )

    def node(self, id_: str) -> Markup:
        """The element of one node; the root's where there is no such node."""
        return self._render(_find(self._viewer.view(self._draft), f"{self._options.prefix}-{id_}"), only_node=True)

    def _render(self, view: NodeView, **context: object) -> Markup:
        template = _environment().get_template("forms/form.html")
        return Markup(visible(template.render(form=self._options, view=view, **context)))  # noqa: S704 -- autoescaped


def _without_repeats(messages: Sequence[Message]) -> list[Message]:
    """``messages`` without those at a place where the form itself has an error with the text as typed."""
    own = {one.pointer for one in messages if isinstance(one, FieldError) and one.text}
    return [one for one in messages if isinstance(one, FieldError) or one.pointer not in own]


def _find(view: NodeView, id_: str) -> NodeView:
    pending = [view]
    while pending:
        one = pending.pop()
        if one.id == id_:
            return one
        pending += [*one.members, *(row.node for row in one.rows), *([one.current] if one.current else [])]
    return view


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(templates_dir())
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
