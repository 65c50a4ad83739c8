"""The inputs of an earlier run, run again: a page shows its secrets as ``‹api_key›``, the handler gets what they were.

A posted text stands for a secret where the run that filled the form has a :class:`MaskedText` at its pointer and the
text is as the page showed it; or where items of an array changed their places, no more of them than the run had. Any
other text was typed. Where the run has expired, the form itself says where its masks stood.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.domain import ABSENT, JSON, Absent, ErrorCode, MaskedText, Side, ValidationError
from workbench.jsondoc import pointer as pointers

_INDEX = re.compile(r"/[0-9]+(?=/|\Z)")
_LONGEST = 100_000
"""Characters of the hidden field that are read."""


@dataclass(frozen=True, slots=True)
class Mask:
    """A masked text and what it stands for (ABSENT where that has expired); ``labels`` are its masked stretches."""

    text: str
    real: JSON | Absent
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Masks:
    """Where a run's inputs are masked: by the pointer of the value, and by that of the property whose name it is."""

    values: Mapping[str, Mask] = field(default_factory=dict)
    names: Mapping[str, Mask] = field(default_factory=dict)

    @classmethod
    def of(cls, masked: JSON, raw: JSON | Absent) -> "Masks":
        """Those of the inputs ``masked``; ``raw`` has the secrets."""
        values: dict[str, Mask] = {}
        names: dict[str, Mask] = {}
        for pointer, shown, real, is_name in _pairs(masked, raw):
            labels = tuple(str(shown)[span.start : span.end] for span in shown.spans)
            (names if is_name else values)[pointer] = Mask(str(shown), real, labels)
        return cls(values, names)

    @classmethod
    def parse(cls, text: str) -> "Masks":
        """Those that the form's hidden field names; none where it cannot be read."""
        try:
            found: Any = json.loads(text[:_LONGEST])
            values, names = found["values"], found["names"]
            return cls(_expired(values), _expired(names))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return cls()

    def as_text(self) -> str:
        """The pointers for the hidden field, each with the text that the page shows there; empty where none is."""
        if not self.values and not self.names:
            return ""
        shown = {
            title: {at: {"text": mask.text, "labels": mask.labels} for at, mask in masks.items()}
            for title, masks in (("values", self.values), ("names", self.names))
        }
        return json.dumps(shown, ensure_ascii=False)

    def restored(self, value: JSON) -> tuple[JSON, list[ValidationError]]:
        """``value`` with what its masked texts stand for, and an error for each text that cannot be replaced."""
        return _Restore(self, value).done()


class _Restore:
    """One posted value on its way back."""

    def __init__(self, masks: Masks, value: JSON) -> None:
        self._masks = masks
        self._value = value
        self._errors: list[ValidationError] = []
        self._columns: dict[str, list[Mask]] = {}
        for pointer, mask in masks.values.items():
            self._columns.setdefault(_column(pointer), []).append(mask)
        posted = ((_column(at), text) for at, text in _texts(value) if "*" in _column(at))
        self._posted = Counter(posted)

    def done(self) -> tuple[JSON, list[ValidationError]]:
        """The value, and the errors."""
        return self._restore(self._value, ""), self._errors

    def _restore(self, value: JSON, pointer: str) -> JSON:
        if isinstance(value, dict):
            members = {}
            for name, member in value.items():
                at = pointers.join(pointer, name)
                key = self._text(name, at, self._masks.names.get(at))
                members[key if isinstance(key, str) else name] = self._restore(member, at)
            return members
        if isinstance(value, list):
            return [self._restore(item, f"{pointer}/{place}") for place, item in enumerate(value)]
        return self._text(value, pointer, self._mask(value, pointer)) if isinstance(value, str) else value

    def _mask(self, text: str, pointer: str) -> Mask | None:
        """The mask that stood here, or the one that moved here within its array."""
        here = self._masks.values.get(pointer)
        if here is not None and here.text == text:
            return here
        column = _column(pointer)
        alike = [mask for mask in self._columns.get(column, ()) if mask.text == text]
        if "*" not in column or not alike or self._posted[column, text] > len(alike):
            return here
        same = all(mask.real == alike[0].real for mask in alike)
        return alike[0] if same else replace(alike[0], real=ABSENT)

    def _text(self, text: str, pointer: str, mask: Mask | None) -> JSON:
        if mask is None:
            return text
        if text == mask.text and mask.real is not ABSENT:
            return mask.real
        label = next((label for label in mask.labels if label in text), None)
        if label is not None:
            words = f"{label} stands for a secret that this page does not hold. Type the value itself."
            self._errors.append(ValidationError(Side.INPUT, pointer, "", "masked", words, code=ErrorCode.OTHER))
        return text


def _pairs(masked: JSON, raw: JSON | Absent) -> Iterator[tuple[str, MaskedText, JSON | Absent, bool]]:
    """Each masked text with its pointer and what it stands for, and whether it is the name of a property."""
    todo: list[tuple[str, JSON, JSON | Absent]] = [("", masked, raw)]
    while todo:
        pointer, shown, real = todo.pop()
        if isinstance(shown, dict):
            same = isinstance(real, dict) and len(real) == len(shown)
            names = list(real) if same and isinstance(real, dict) else [ABSENT] * len(shown)
            members = list(real.values()) if same and isinstance(real, dict) else [ABSENT] * len(shown)
            for place, (name, member) in enumerate(shown.items()):
                at = pointers.join(pointer, name)
                if isinstance(name, MaskedText):
                    yield at, name, names[place], True
                todo.append((at, member, members[place]))
        elif isinstance(shown, list):
            items = real if isinstance(real, list) and len(real) == len(shown) else [ABSENT] * len(shown)
            todo += [(f"{pointer}/{place}", item, items[place]) for place, item in enumerate(shown)]
        elif isinstance(shown, MaskedText):
            yield pointer, shown, real, False


def _texts(value: JSON) -> Iterator[tuple[str, str]]:
    todo = [("", value)]
    while todo:
        pointer, item = todo.pop()
        if isinstance(item, dict):
            todo += [(pointers.join(pointer, name), member) for name, member in item.items()]
        elif isinstance(item, list):
            todo += [(f"{pointer}/{place}", member) for place, member in enumerate(item)]
        elif isinstance(item, str):
            yield pointer, item


def _column(pointer: str) -> str:
    """The pointer with a star for each index: the same for the same property of all items of an array."""
    return _INDEX.sub("/*", pointer)


def _expired(masks: Any) -> dict[str, Mask]:
    return {
        str(at): Mask(str(mask["text"]), ABSENT, tuple(str(label) for label in mask["labels"]))
        for at, mask in masks.items()
    }
