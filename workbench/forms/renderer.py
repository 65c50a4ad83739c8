"""Drafts as HTML, by one Jinja environment of this package; it needs no request and no application.

The controls are WTForms fields because the project's owner asks for WTForms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from workbench.forms.collector import Problem
from workbench.forms.controls import visible_controls
from workbench.forms.draft import Node, places
from workbench.forms.editor import entry, secret_ids
from workbench.forms.fields import FormFields
from workbench.forms.jsontext import visible
from workbench.forms.node_views import Said, View, jumps, placed
from workbench.forms.shapes import Shapes
from workbench.forms.view_builder import Viewer
from workbench.resources import templates_dir
from workbench.schema import check_schema

_MOST_WARNINGS = 3


@dataclass(frozen=True, slots=True)
class Look:
    """How a form is to be drawn: the prefix of its names and the addresses that its buttons and previews post to."""

    prefix: str
    edit_url: str | None = None
    preview_url: str | None = None
    autofocus: str = ""
    serves_files: bool = False


class Drawing:
    """One draft as HTML: whole, or one node of it."""

    def __init__(
        self, shapes: Shapes, draft: Node, problems: Sequence[Problem], said: Sequence[Said], look: Look
    ) -> None:
        self._draft, self._look = draft, look
        keys: dict[str, list[str]] = {}
        for problem in problems:
            if problem.node:
                keys.setdefault(problem.node, []).append(problem.message)
        self._viewer = Viewer(
            shapes,
            look.prefix,
            FormFields(look.prefix, visible_controls(draft)),
            placed(_once([*problems, *said]), dict(places(draft))),
            keys,
            entry(draft, look.autofocus),
            secret_ids(draft),
            look.serves_files,
        )
        self._shapes = shapes

    def whole(self) -> Markup:
        """The form with its summary of problems, and what is wrong with the schema itself."""
        view = self._viewer.view(self._draft)
        warnings = [fault.message for fault in check_schema(self._shapes.root)[:_MOST_WARNINGS]]
        return self._draw(view, only_node=False, jumps=jumps(view), warnings=warnings)

    def node(self, id_: str) -> Markup:
        """The element of one node; the root's where there is no such node."""
        return self._draw(_find(self._viewer.view(self._draft), f"{self._look.prefix}-{id_}"), only_node=True)

    def _draw(self, view: View, **context: object) -> Markup:
        template = _environment().get_template("forms/form.html")
        return Markup(visible(template.render(form=self._look, view=view, **context)))  # noqa: S704 -- autoescaped


def _once(said: Sequence[Said]) -> list[Said]:
    """What was said, less what the form says anyway at the same place in its own words."""
    own = {one.pointer for one in said if isinstance(one, Problem) and one.text}
    return [one for one in said if isinstance(one, Problem) or one.pointer not in own]


def _find(view: View, id_: str) -> View:
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
