"""Forms for JSON Schemas: rendered by WTForms, working without JavaScript, reading back exactly what went in.

Behind every form stands one JSON document. Nothing here knows a request, so it can be used and tested anywhere::

    markup = forms.render(schema)                        # a new form: declared defaults are filled in
    markup = forms.render(schema, value)                 # loaded data: nothing is filled in
    reading = forms.read(schema, pairs)                  # reading.value, reading.errors

How a page mounts a form
------------------------
* The page owns ``<form method="post" action=RUN_URL enctype="multipart/form-data">`` with the CSRF field, and puts the
  markup in it. Two forms on a page take two prefixes (``inputs``, ``auth``).
* Link ``css/form*.css`` and, as modules, ``js/form-*.js``. htmx makes edits quick; without it
  every button posts the page.
* ``edit_url=`` is where the buttons inside the form (add, remove, switch, open, ...) post all of the form. The view::

      edit = forms.edit(schema, pairs, prefix="inputs", edit_url=..., preview_url=...)
      return edit.node_markup if "HX-Request" in headers else page(edit.markup)

  where ``pairs`` is ``list(request.form.items(multi=True))`` and, for files without JavaScript, one
  :func:`file_part` pair for each file of ``request.files`` that has a name.
* ``preview_url=`` is where the form posts itself 150 ms after the last key (typing never waits for it). The view
  answers what :func:`read` says of it as an element ``PREFIX-payload``, which the page has beside the form at first.
* A rejected run renders the form again from what was posted: ``forms.edit(schema, pairs, errors=...)`` without any
  operation keeps every text as typed; ``errors`` may be anything with ``pointer`` and ``message``.
* ``app.config["MAX_FORM_PARTS"]`` must be at least :data:`MAX_PARTS`, and ``MAX_FORM_MEMORY_SIZE`` large enough for
  files in base64.
* The page has tabs of its own, which post ``PREFIX.op`` with :data:`AS_JSON` or :data:`AS_FORM`, and a link or button
  that posts :data:`RESET`, and one that posts :data:`FILL`. ``Edit.mode`` says how the whole value is change.
* ``complete_url=`` is where a script asks what the schema has at a place (``?pointer=``): :func:`complete` answers.
* ``serves_files=True`` says that the page gives a URL to a file of this machine: a field that asks for a public URL
  of a file then has a picker. It posts the file as the field's name with :data:`PUBLIC` at its end, and the page puts
  the URL into the field's own pair.
* Secrets (``format: password``) are never written into the page. ``render(schema, value)`` of stored auth shows them
  as "unchanged"; ``read(schema, pairs, previous=stored)`` takes them from ``stored`` unless they were replaced or
  cleared. Without ``previous`` they are left out and named in ``reading.unchanged``.
* A page that keeps secrets on the server gives ``held=HeldSecrets(stored)`` instead, stores ``Edit.held`` after each
  edit and gives that one the next time. Only then a form with secrets can be JSON text, with masks.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from markupsafe import Markup

from workbench.domain import ABSENT, JSON, Absent
from workbench.forms.builder import Builder, prefixes
from workbench.forms.collector import Collector, FieldError
from workbench.forms.completions import complete
from workbench.forms.controls import PUBLIC, all_controls
from workbench.forms.decoder import MAX_PARTS, Decoder, TooManyParts
from workbench.forms.draft import ROOT_ID, JsonNode, Node, NodeInfo, Position, walk
from workbench.forms.editor import DraftChange, Editor, put_node, secret_ids
from workbench.forms.example_fill import FILL, fill_remark, find_missing
from workbench.forms.held_secrets import HeldSecrets, mask_nodes, maskable_places, to_form, to_json
from workbench.forms.migration import migrate_pairs
from workbench.forms.node_views import Message
from workbench.forms.orphans import DISCARD
from workbench.forms.renderer import FormOptions, Renderer
from workbench.forms.shapes import Shapes, declares
from workbench.forms.stored_secrets import store_typed_secrets
from workbench.jsondoc.strict import JsonError, loads

__all__ = [
    "ABSENT",
    "AS_FORM",
    "AS_JSON",
    "FILL",
    "MAX_PARTS",
    "PUBLIC",
    "RESET",
    "Edit",
    "FieldError",
    "FormData",
    "HeldSecrets",
    "JsonError",
    "Mode",
    "complete",
    "declares",
    "edit",
    "file_part",
    "loads",
    "migrate_pairs",
    "open_form",
    "python_text",
    "read",
    "render",
]

AS_JSON = f"raw:{ROOT_ID}"
"""The operation that turns the whole form into JSON text."""
AS_FORM = f"form:{ROOT_ID}"
"""The operation that turns it back."""
RESET = f"reset:{ROOT_ID}"
"""The operation that resets the form to the declared defaults."""


@dataclass(frozen=True, slots=True)
class FormData:
    """What a posted form says. ``value`` is ABSENT where there is none; ``errors`` keep it from being run.

    ``unchanged`` are the pointers of secrets that were left as they are; ``stored`` those of secrets that were typed
    and are shown as stored ones, because the page keeps what was typed. ``new_orphans`` says that there are texts for
    fields that the schema no longer has, which the form has not shown yet as such.
    """

    value: JSON | Absent
    errors: tuple[FieldError, ...] = ()
    unchanged: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    new_orphans: bool = False


class Mode(StrEnum):
    """How the whole value is change: by fields, or as one JSON text."""

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


def render(
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
) -> Markup:
    """The form of ``schema``: a new one with its defaults, or one of ``value``, which is shown as it is.

    ``secrets`` are names (or pointers) of secrets that are set although ``value`` does not hold them. Never raises for
    a strange schema: what a form cannot show is a field for JSON, with the reason.
    """
    return open_form(
        schema,
        value,
        prefix=prefix,
        errors=errors,
        edit_url=edit_url,
        preview_url=preview_url,
        secrets=secrets,
        serves_files=serves_files,
        complete_url=complete_url,
    ).markup


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
    """The form that :func:`render` renders, with its mode and with ``value`` as its reading.

    ``masks_secrets`` says that the page gives ``held`` to :func:`edit`, so that what has secrets can be JSON text.
    """
    shapes, messages = Shapes(schema), list(errors)
    set_ = frozenset(one if one.startswith("/") else f"/{one}" for one in secrets)
    builder = Builder(shapes, value is ABSENT, set_, prefixes(one.pointer for one in messages))
    draft = builder.build(_root(shapes), value)
    options = FormOptions(prefix, edit_url, preview_url, "", serves_files, "", complete_url, masks_secrets)
    markup = Renderer(shapes, draft, (), messages, options).form()
    return Edit(markup, f"{prefix}-form", markup, FormData(value), _mode(draft))


def read(
    schema: JSON,
    pairs: Iterable[tuple[str, str]],
    *,
    prefix: str = "inputs",
    previous: JSON | Absent = ABSENT,
    held: HeldSecrets | None = None,
) -> FormData:
    """What the posted ``pairs`` (in the order of the page) say. Secrets left unchanged come from ``previous``.

    A page that keeps secrets gives ``held`` instead.
    """
    shapes = Shapes(schema)
    try:
        decoder = Decoder(shapes, pairs, prefix)
    except TooManyParts as error:
        return FormData(ABSENT, (FieldError("", str(error)),))
    draft = decoder.root()
    reading = _form_data(draft, previous, held, masked=held is not None and shapes.holds_secret(draft.info.shape))
    errors = (*_schema_change(decoder), *reading.errors)
    return replace(reading, errors=errors, new_orphans=decoder.has_new_orphans)


def edit(
    schema: JSON,
    pairs: Iterable[tuple[str, str]],
    *,
    prefix: str = "inputs",
    errors: Iterable[Message] = (),
    edit_url: str | None = None,
    preview_url: str | None = None,
    previous: JSON | Absent = ABSENT,
    serves_files: bool = False,
    store_secrets: bool = False,
    held: HeldSecrets | None = None,
    complete_url: str = "",
) -> Edit:
    """The form as posted, after the operation of the button that posted it (none: as it was, with ``errors``).

    With ``store_secrets`` the page keeps the secrets that were typed: they are shown as unchanged ones, and the next
    reading must have them in its ``previous``; ``Edit.reading.stored`` are their pointers. With ``held`` (then without
    ``previous``) the form can be JSON text although it has secrets: the page keeps ``Edit.held`` for its next reading.
    """
    shapes, posted, messages = Shapes(schema), list(pairs), list(errors)
    try:
        decoder = Decoder(shapes, posted, prefix)
    except TooManyParts as error:
        return _form_with_error(schema, prefix, str(error), edit_url, preview_url)
    op = decoder.get("op") or ""
    open_pointers = prefixes(one.pointer for one in messages)
    editor = Editor(Builder(shapes, True), Builder(shapes, opened=open_pointers))
    draft = editor.reveal(decoder.root(), open_pointers)
    change = editor.apply(draft, op)
    masked = held is not None and editor.load.shapes.holds_secret(draft.info.shape)
    if held is not None and masked:
        change, held = _with_masks(draft, change, op, held, editor.load)
    if sum(1 for _ in all_controls(change.draft)) > MAX_PARTS:
        messages.append(
            FieldError("", f"That would make a form of more than {MAX_PARTS} parts. Edit the value as JSON instead.")
        )
        change = DraftChange(draft, ROOT_ID)
    if op == AS_JSON and not masked and secret_ids(change.draft):
        messages.append(
            FieldError("", "This form contains a secret, which is never shown. Edit it as a form, not as JSON.")
        )
    reading = _form_data(change.draft, previous, held, masked=masked)
    if store_secrets:
        pointers: list[str] = []
        change = replace(change, draft=store_typed_secrets(change.draft, pointers))
        reading = replace(reading, stored=tuple(pointers))
    messages += _schema_change(decoder)
    own = [one for one in reading.errors if one.text or not op]  # what is not filled in yet is no news in an edit
    remark = fill_remark(draft, change.draft) if op == FILL else ""
    if op == FILL:
        messages += find_missing(schema, reading.value)
    focus, masks = change.focus if op else "", held is not None
    options = FormOptions(prefix, edit_url, preview_url, focus, serves_files, remark, complete_url, masks)
    orphans = () if op == DISCARD else decoder.orphans()
    renderer = Renderer(shapes, change.draft, own, messages, options, orphans)
    whole = change.node_id == ROOT_ID
    markup = renderer.form()
    target = f"{prefix}-form" if whole else f"{prefix}-{change.node_id}"
    node_markup = markup if whole else renderer.node(change.node_id)
    return Edit(markup, target, node_markup, reading, _mode(change.draft), held)


def _with_masks(
    draft: Node, change: DraftChange, op: str, held: HeldSecrets, builder: Builder
) -> tuple[DraftChange, HeldSecrets]:
    """The change where the form, or a node of it, becomes JSON text, was one, or stays one: with masks for secrets."""
    verb, _, id_ = op.partition(":")
    node = next((one for one in walk(draft) if one.info.id == id_), None)
    pointer = dict(maskable_places(draft)).get(id_)
    if verb == "raw" and node is not None and pointer is not None and not isinstance(node, JsonNode):
        made, held = to_json(node, held, builder, pointer)
        return DraftChange(put_node(draft, id_, made), id_, id_), held
    if verb == "form" and isinstance(node, JsonNode) and pointer is not None:
        shown, held = to_form(node, held, builder, pointer)
        return DraftChange(put_node(draft, id_, shown), id_, id_), held
    masked, held = mask_nodes(change.draft, held, builder)
    return replace(change, draft=masked), held


def python_text(value: JSON, indent: int = 0) -> str:
    """``value`` as a Python expression, laid out like JSON."""
    inner, outer = " " * (indent + 4), " " * indent
    if isinstance(value, dict) and value:
        lines = [f"{inner}{key!r}: {python_text(item, indent + 4)},\n" for key, item in value.items()]
        return "{\n" + "".join(lines) + outer + "}"
    if isinstance(value, list) and value:
        return "[\n" + "".join(f"{inner}{python_text(item, indent + 4)},\n" for item in value) + outer + "]"
    return repr(value)


def file_part(name: str, filename: str, content_type: str, content: bytes) -> tuple[str, str]:
    """The pair for a file that a browser posted under ``name``: what the file picker's script would have filled in."""
    members = {"name": filename, "contentType": content_type, "content": base64.b64encode(content).decode("ascii")}
    return name, json.dumps(members)


def _root(shapes: Shapes) -> NodeInfo:
    return NodeInfo(ROOT_ID, shapes.of(shapes.root), Position.ROOT)


def _mode(draft: Node) -> Mode:
    return Mode.JSON if isinstance(draft, JsonNode) else Mode.FORM


def _form_data(
    draft: Node, previous: JSON | Absent, held: HeldSecrets | None = None, *, masked: bool = False
) -> FormData:
    collector = Collector(masks=held.masks if held and masked else None)
    value = collector.collect(draft, "", held.previous if held else previous)
    return FormData(value, tuple(collector.errors), tuple(collector.unchanged))


def _schema_change(decoder: Decoder) -> list[FieldError]:
    """What to say where choices are no longer in the schema, so that others would be sent than were made."""
    number = decoder.lost
    choices = "1 choice of the form is" if number == 1 else f"{number} choices of the form are"
    message = f"The schema changed after this form was loaded: {choices} no longer in it."
    return [FieldError("", f"{message} Check the form and send it again.")] if number else []


def _form_with_error(schema: JSON, prefix: str, message: str, edit_url: str | None, preview_url: str | None) -> Edit:
    error = FieldError("", message)
    markup = render(schema, prefix=prefix, errors=[error], edit_url=edit_url, preview_url=preview_url)
    return Edit(markup, f"{prefix}-form", markup, FormData(ABSENT, (error,)))
