"""Where a JSON Pointer stands in the text it points into."""

import json
import math
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from json import JSONDecoder

from workbench.domain import JSON
from workbench.jsondoc import pointer as pointers

_DECODER = JSONDecoder()
_WHITESPACE = re.compile(r"[ \t\n\r]*")

_VALUE = re.compile(r'["{\[0-9tfnNI-]')
"""What a value can begin with, the constants that Python knows and JSON does not included."""


@dataclass(frozen=True, slots=True)
class _Child:
    """A member or an item: where it starts (a member at its key), and where its value starts."""

    token: str
    start: int
    value_start: int


class _Irregular(Exception):
    """The outer levels are not two levels of objects with members: the decoder alone shall judge."""


class Positions:
    """Finds lines and columns in a JSON text, looking only as far as it is asked.

    Values that are passed over are skipped by the C decoder of :mod:`json`, so the first look at a file costs at most
    what parsing it does, and later ones less. Nothing is raised: what cannot be found is None.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._members: dict[int, dict[str, _Child]] = {}
        self._last = 0, 1

    def of(self, pointer: str) -> tuple[int, int] | None:
        """Line and column, both from 1, where the pointer's target starts; an object's member starts at its key.

        Where a key is repeated the last one counts, as it does in the parsed value. Columns count characters.
        """
        start = self._start(pointer)
        return None if start is None else self.at(start)

    def nearest(self, pointer: str) -> tuple[int, int] | None:
        """Like :meth:`of`; for what is missing, the place of the closest parent that is there."""
        while (found := self.of(pointer)) is None and pointer:
            pointer = pointers.parent(pointer)
        return found

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of a character of the text."""
        known_offset, known_line = self._last if self._last[0] <= offset else (0, 1)
        line = known_line + self._text.count("\n", known_offset, offset)
        self._last = offset, line
        return line, offset - self._text.rfind("\n", 0, offset)

    def oddities(self) -> Iterator[tuple[str, str, int]]:
        """What JSON forbids or leaves open and Python's decoder lets pass.

        Yields ``("duplicate" or "constant", pointer, offset)``, from the whole text: for when one is known to be there.
        """
        pending = [("", self._skip(0))]
        while pending:
            pointer, offset = pending.pop()
            seen: set[str] = set()
            for child in self._scan(offset):
                path = pointers.join(pointer, child.token)
                if child.token in seen:
                    yield "duplicate", path, child.start
                seen.add(child.token)
                value = self._value(child.value_start)
                if isinstance(value, float) and not math.isfinite(value):
                    yield "constant", path, child.value_start
                if isinstance(value, dict | list):
                    pending.append((path, child.value_start))

    def read(self, decoder: JSONDecoder) -> JSON:
        """Parse the text with a decoder that has an ``object_pairs_hook``, noting places on the way.

        The members of the outermost two levels then need no second pass. Raises what the decoder raises.
        """
        with suppress(_Irregular, json.JSONDecodeError):
            value, end = self._read(self._skip(0), decoder, 2)
            if self._skip(end) == len(self._text):
                return value
        whole: JSON = decoder.decode(self._text)
        return whole

    def _read(self, offset: int, decoder: JSONDecoder, depth: int) -> tuple[JSON, int]:
        """The value at ``offset`` and where it ends; :class:`_Irregular` where a plain object is not what is there."""
        if depth == 0 or self._text[offset : offset + 1] != "{":
            return decoder.raw_decode(self._text, offset)
        pairs: list[tuple[str, JSON]] = []
        members: dict[str, _Child] = {}
        after = self._skip(offset + 1)
        while not pairs or self._text[after : after + 1] == ",":
            child, value, after = self._read_member(self._skip(after + 1) if pairs else after, decoder, depth)
            members[child.token] = child
            pairs.append((child.token, value))
        if self._text[after : after + 1] != "}":
            raise _Irregular
        self._members[offset] = members
        return decoder.object_pairs_hook(pairs), after + 1

    def _read_member(self, start: int, decoder: JSONDecoder, depth: int) -> tuple[_Child, JSON, int]:
        if self._text[start : start + 1] != '"':
            raise _Irregular
        token, end = decoder.raw_decode(self._text, start)
        colon = self._skip(end)
        if self._text[colon : colon + 1] != ":":
            raise _Irregular
        child = _Child(token, start, self._skip(colon + 1))
        value, end = self._read(child.value_start, decoder, depth - 1)
        return child, value, self._skip(end)

    def _start(self, pointer: str) -> int | None:
        start = value_start = self._skip(0)
        if pointer and not pointer.startswith("/"):
            return None
        for token in pointers.split(pointer):
            child = self._child(value_start, token)
            if child is None:
                return None
            start, value_start = child.start, child.value_start
        return start if start < len(self._text) else None

    def _child(self, offset: int, token: str) -> _Child | None:
        members = self._members.get(offset)
        if members is None:
            members = self._members[offset] = {child.token: child for child in self._scan(offset)}
        return members.get(token)

    def _scan(self, offset: int) -> Iterator[_Child]:
        """The children of the value at ``offset``; stops where the text stops being JSON."""
        opening = self._text[offset : offset + 1]
        try:
            if opening == "{":
                yield from self._scan_object(offset + 1)
            elif opening == "[":
                yield from self._scan_array(offset + 1)
        except (ValueError, RecursionError):
            return

    def _scan_object(self, offset: int) -> Iterator[_Child]:
        start = self._skip(offset)
        while self._text[start : start + 1] == '"':
            token, end = self._decode(start)
            colon = self._skip(end)
            if self._text[colon : colon + 1] != ":":
                return
            value_start = self._skip(colon + 1)
            yield _Child(str(token), start, value_start)
            _, end = self._decode(value_start)
            start = self._skip(self._skip(end) + 1)

    def _scan_array(self, offset: int) -> Iterator[_Child]:
        start = self._skip(offset)
        index = 0
        while _VALUE.match(self._text, start):
            yield _Child(str(index), start, start)
            _, end = self._decode(start)
            index += 1
            comma = self._skip(end)
            if self._text[comma : comma + 1] != ",":
                return
            start = self._skip(comma + 1)

    def _value(self, offset: int) -> JSON:
        try:
            return self._decode(offset)[0]
        except (ValueError, RecursionError):
            return None

    def _decode(self, offset: int) -> tuple[JSON, int]:
        value: JSON
        value, end = _DECODER.raw_decode(self._text, offset)
        return value, end

    def _skip(self, offset: int) -> int:
        match = _WHITESPACE.match(self._text, offset)
        return match.end() if match else offset
