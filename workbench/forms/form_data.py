"""What a posted form says: its value, or why it has none that can be run."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from workbench.domain import ABSENT, JSON, Absent
from workbench.forms.collector import Collector, FieldError
from workbench.forms.decoder import Decoder, TooManyParts
from workbench.forms.draft import Node
from workbench.forms.held_secrets import HeldSecrets
from workbench.forms.shapes import Shapes


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
    reading = form_data(draft, previous, held, masked=held is not None and shapes.holds_secret(draft.info.shape))
    errors = (*schema_change(decoder), *reading.errors)
    return replace(reading, errors=errors, new_orphans=decoder.has_new_orphans)


def form_data(
    draft: Node, previous: JSON | Absent, held: HeldSecrets | None = None, *, masked: bool = False
) -> FormData:
    """What a draft says, with what a page holds of its secrets."""
    collector = Collector(masks=held.masks if held and masked else None)
    value = collector.collect(draft, "", held.previous if held else previous)
    return FormData(value, tuple(collector.errors), tuple(collector.unchanged))


def schema_change(decoder: Decoder) -> list[FieldError]:
    """What to say where choices are no longer in the schema, so that others would be sent than were made."""
    number = decoder.lost
    choices = "1 choice of the form is" if number == 1 else f"{number} choices of the form are"
    message = f"The schema changed after this form was loaded: {choices} no longer in it."
    return [FieldError("", f"{message} Check the form and send it again.")] if number else []
