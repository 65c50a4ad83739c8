"""A form that is opened with a value."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from workbench.domain import ABSENT, JSON, Absent
from workbench.forms.builder import Builder, prefixes
from workbench.forms.draft import ROOT_ID, JsonNode, Node, NodeInfo, Position
from workbench.forms.form_data import FormData
from workbench.forms.held_secrets import HeldSecrets
from workbench.forms.node_views import Message
from workbench.forms.renderer import FormOptions, Renderer
from workbench.forms.shapes import Shapes


class Mode(StrEnum):
    """How the whole value is edited: by fields, or as one JSON text."""

    FORM = "form"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Edit:
    """A form after an operation: all of it, and the one node that changed (``node_id`` is its element's id)."""

    markup: Markup
    node_id: str
    node_markup: Markup
    reading: FormData
    mode: Mode = Mode.FORM
    held: HeldSecrets | None = None


def open_form(
    schema: JSON,
    value: JSON | Absent = ABSENT,
    *,
    prefix: str = "inputs",
    errors: Iterable[Message] = (),
    edit_url: str | None = None,
    preview_url: str | None = None,
    secrets: Iterable[str] = (),
    serves_files: bool = False,
    complete_url: str = "",
    masks_secrets: bool = False,
) -> Edit:
    """The form of ``schema``: a new one with its defaults, or one of ``value``, which is shown as it is.

    ``secrets`` are names (or pointers) of secrets that are set although ``value`` does not hold them.
    ``masks_secrets`` says that the page gives ``held`` to :func:`edit`, so that what has secrets can be JSON text.
    Never raises for a strange schema: what a form cannot show is a field for JSON, with the reason.
    """
    shapes, messages = Shapes(schema), list(errors)
    set_ = frozenset(one if one.startswith("/") else f"/{one}" for one in secrets)
    builder = Builder(shapes, value is ABSENT, set_, prefixes(one.pointer for one in messages))
    draft = builder.build(_root(shapes), value)
    options = FormOptions(prefix, edit_url, preview_url, "", serves_files, "", complete_url, masks_secrets)
    markup = Renderer(shapes, draft, (), messages, options).form()
    return Edit(markup, f"{prefix}-form", markup, FormData(value), mode_of(draft))


def mode_of(draft: Node) -> Mode:
    """How the whole value of a draft is edited."""
    return Mode.JSON if isinstance(draft, JsonNode) else Mode.FORM


def _root(shapes: Shapes) -> NodeInfo:
    return NodeInfo(ROOT_ID, shapes.of(shapes.root), Position.ROOT)
