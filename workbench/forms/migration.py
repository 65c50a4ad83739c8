"""A form that was rendered from one schema and is read by another: ``config.json`` was edited in between."""

from collections.abc import Iterable

from workbench.domain import ABSENT, JSON
from workbench.forms.builder import Builder
from workbench.forms.collector import Collector
from workbench.forms.controls import all_controls
from workbench.forms.decoder import Decoder, TooManyParts
from workbench.forms.draft import ROOT_ID, NodeInfo, Position
from workbench.forms.orphans import orphan_pairs
from workbench.forms.shapes import Shapes


def migrate_pairs(
    old: JSON, new: JSON, pairs: Iterable[tuple[str, str]], *, prefix: str = "inputs"
) -> list[tuple[str, str]] | None:
    """``pairs``, posted by a form of ``old``, as a form of ``new`` would post them; None where all of them fit as is.

    A value that ``new`` no longer declares is among its undeclared properties, one of a wrong type is JSON text.
    Text that is not a value yet, and secrets, stay where their field still exists.
    """
    posted = list(pairs)
    try:
        decoder = Decoder(Shapes(new), posted, prefix)
        decoder.root()
        if decoder.fits:
            return None
        before = Decoder(Shapes(old), posted, prefix)
        value = Collector().collect(before.root())
    except TooManyParts:
        return None
    shapes = Shapes(new)
    built = Builder(shapes, value is ABSENT).build(NodeInfo(ROOT_ID, shapes.of(shapes.root), Position.ROOT), value)
    typed = dict(posted)
    made = ((f"{prefix}.{control.name}", control.value) for control in all_controls(built))
    orphans = orphan_pairs(before.orphans(), prefix)
    return [*((name, text or typed.get(name, "")) for name, text in made), *orphans]
