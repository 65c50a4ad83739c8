"""Texts of a posted form for fields that its schema no longer has: shown below the fields until they are discarded.

Names are opaque: what a field was called is known where its old schema is (:mod:`workbench.forms.migration` notes it).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workbench.forms import controls
from workbench.forms.draft import ROOT_ID

NAME: Final = "orphan"
"""The name of a text that no control of its own carries: the values of closed fields side by side, as JSON."""

WAS: Final = ".was"
"""The control beside such a text that says which field it had."""

SHOWN: Final = "shown"
"""The name of the note that a form posts where it has shown such texts."""

DISCARD: Final = f"discard:{ROOT_ID}"
"""The operation that drops all of them."""

_TEXTS = ("", controls.LINES, controls.JSON_TEXT, controls.CLOSED, controls.RANGE, controls.KEY, controls.KEY_JSON)


@dataclass(frozen=True, slots=True)
class Orphan:
    """One such text and the name under which it is posted again; the text of a secret is empty and not shown.

    ``pointer`` is the place of the field that it had; empty where that is not known.
    """

    name: str
    text: str
    is_secret: bool = False
    pointer: str = ""

    @property
    def was(self) -> str:
        """The name of the control that carries ``pointer``."""
        return self.name.partition(".")[0] + WAS


def find_orphans(unread: Mapping[str, Sequence[str]]) -> Iterator[Orphan]:
    """The texts among the posted values that no field has read."""
    for name, values in unread.items():
        id_, dot, suffix = name.partition(".")
        if name != SHOWN and dot + suffix in _TEXTS:
            is_secret = f"{id_}{controls.SECRET}" in unread
            pointer = next(iter(unread.get(id_ + WAS, ())), "")
            yield from (Orphan(name, "" if is_secret else value, is_secret, pointer) for value in values if value)


def orphan_pairs(orphans: Iterable[Orphan], prefix: str) -> list[tuple[str, str]]:
    """What a form posts for them."""
    shown = [one for one in orphans if not one.is_secret]
    named = [(f"{prefix}.{one.was}", one.pointer) for one in shown if one.pointer]
    return [*((f"{prefix}.{one.name}", one.text) for one in shown), *named]
