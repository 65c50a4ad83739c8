"""A form as it was posted, after the operation of the button that posted it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from workbench.domain import ABSENT, JSON, Absent
from workbench.forms.builder import Builder, prefixes
from workbench.forms.collector import FieldError
from workbench.forms.controls import all_controls
from workbench.forms.decoder import MAX_PARTS, Decoder, TooManyParts
from workbench.forms.draft import ROOT_ID, JsonNode, Node, walk
from workbench.forms.editor import DraftChange, Editor, put_node, secret_ids
from workbench.forms.example_fill import FILL, fill_remark, find_missing
from workbench.forms.form_data import FormData, form_data, schema_change
from workbench.forms.held_secrets import HeldSecrets, mask_nodes, maskable_places, to_form, to_json
from workbench.forms.node_views import Message
from workbench.forms.opened_form import Edit, mode_of, open_form
from workbench.forms.orphans import DISCARD
from workbench.forms.renderer import FormOptions, Renderer
from workbench.forms.shapes import Shapes
from workbench.forms.stored_secrets import store_typed_secrets

AS_JSON: Final = f"raw:{ROOT_ID}"
"""The operation that turns the whole form into JSON text."""
AS_FORM: Final = f"form:{ROOT_ID}"
"""The operation that turns it back."""
RESET: Final = f"reset:{ROOT_ID}"
"""The operation that resets the form to the declared defaults."""

_TOO_MANY: Final = FieldError(
    "", f"That would make a form of more than {MAX_PARTS} parts. Edit the value as JSON instead."
)
_SECRET_INSIDE: Final = FieldError(
    "", "This form contains a secret, which is never shown. Edit it as a form, not as JSON."
)


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
    shapes, messages = Shapes(schema), list(errors)
    try:
        decoder = Decoder(shapes, pairs, prefix)
    except TooManyParts as error:
        return _form_with_error(schema, prefix, str(error), edit_url, preview_url)
    op = decoder.get("op") or ""
    open_pointers = prefixes(one.pointer for one in messages)
    editor = Editor(Builder(shapes, True), Builder(shapes, opened=open_pointers))
    draft = editor.reveal(decoder.root(), open_pointers)
    masked = held is not None and shapes.holds_secret(draft.info.shape)
    change = editor.apply(draft, op)
    if held is not None and masked:
        change, held = _with_masks(draft, change, op, held, editor.load)
    if sum(1 for _ in all_controls(change.draft)) > MAX_PARTS:
        messages.append(_TOO_MANY)
        change = DraftChange(draft, ROOT_ID)
    if op == AS_JSON and not masked and secret_ids(change.draft):
        messages.append(_SECRET_INSIDE)
    reading = form_data(change.draft, previous, held, masked=masked)
    if store_secrets:
        change, reading = _with_stored_secrets(change, reading)
    messages += schema_change(decoder)
    if op == FILL:
        messages += find_missing(schema, reading.value)
    focus, remark = change.focus if op else "", fill_remark(draft, change.draft) if op == FILL else ""
    options = FormOptions(prefix, edit_url, preview_url, focus, serves_files, remark, complete_url, held is not None)
    own = [one for one in reading.errors if one.text or not op]  # what is not filled in yet is no news in an edit
    orphans = () if op == DISCARD else decoder.orphans()
    return _rendered(Renderer(shapes, change.draft, own, messages, options, orphans), prefix, change, reading, held)


def _rendered(
    renderer: Renderer, prefix: str, change: DraftChange, reading: FormData, held: HeldSecrets | None
) -> Edit:
    """The markup of the form, and of the node that the change is in."""
    markup, mode = renderer.form(), mode_of(change.draft)
    if change.node_id == ROOT_ID:
        return Edit(markup, f"{prefix}-form", markup, reading, mode, held)
    return Edit(markup, f"{prefix}-{change.node_id}", renderer.node(change.node_id), reading, mode, held)


def _with_stored_secrets(change: DraftChange, reading: FormData) -> tuple[DraftChange, FormData]:
    """The change with the secrets that were typed as stored ones, and the reading with their pointers."""
    pointers: list[str] = []
    change = replace(change, draft=store_typed_secrets(change.draft, pointers))
    return change, replace(reading, stored=tuple(pointers))


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


def _form_with_error(schema: JSON, prefix: str, message: str, edit_url: str | None, preview_url: str | None) -> Edit:
    error = FieldError("", message)
    markup = open_form(schema, prefix=prefix, errors=[error], edit_url=edit_url, preview_url=preview_url).markup
    return Edit(markup, f"{prefix}-form", markup, FormData(ABSENT, (error,)))
