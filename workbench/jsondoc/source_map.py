"""Where the values of a JSON text stand, to the character, by their JSON Pointers."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from json import JSONDecoder

from workbench.domain import JSON
from workbench.jsondoc import pointer as pointers

_DECODER = JSONDecoder()
_WHITESPACE = re.compile(r"[ \t\n\r]*")

_VALUE = re.compile(r'["{\[0-9tfnNI-]')
"""What a value can begin with, the constants that Python knows and JSON does not included."""


@dataclass(frozen=True, slots=True)
class Span:
    """A value in the text, from ``start`` to ``end``. ``outer`` is where its key starts, for an item its own start.

    ``token`` is the key or the index; ``""`` for the whole document. ``end`` is -1 where nobody has asked for it.
    """

    token: str
    outer: int
    start: int
    end: int = -1


class _Irregular(Exception):
    """The outer levels are not two levels of objects with properties, so the decoder alone decides."""


class SourceMap:
    """Finds lines and columns in a JSON text, looking only as far as it is asked.

    Values that are passed over are skipped by the C decoder of :mod:`json`, so the first look at a file costs at most
    what parsing it does, and later ones less. Nothing is raised: what cannot be found is None.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._members: dict[int, dict[str, Span]] = {}
        self._last = 0, 1

    def of(self, pointer: str) -> tuple[int, int] | None:
        """Line and column, both from 1, where the pointer's target starts; a property starts at its key.

        Where a key is repeated the last one counts, as it does in the parsed value. Columns count characters.
        """
        start = self._start(pointer)
        return None if start is None else self.at(start)

    def span(self, pointer: str) -> Span | None:
        """The span of the pointer's target; None where the text, which must be JSON, has none."""
        start = self._skip(0)
        found: Span | None = Span("", start, start)
        for part in pointers.split(pointer):
            found = found and self._child(found.start, part)
        return found and self._ended(found)

    def inner(self, span: Span) -> list[Span]:
        """The properties or items of a container in the order of the text; of duplicate keys the last."""
        return sorted(map(self._ended, self._children(span.start).values()), key=lambda child: child.outer)

    def _ended(self, span: Span) -> Span:
        return replace(span, end=self._decode(span.start)[1])

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

    def read(self, decoder: JSONDecoder) -> JSON:
        """Parse the text with a decoder that has an ``object_pairs_hook``, noting places on the way.

        The properties of the outermost two levels then need no second pass. Raises what the decoder raises.
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
        members: dict[str, Span] = {}
        after = self._skip(offset + 1)
        while not pairs or self._text[after : after + 1] == ",":
            child, value, after = self._read_member(self._skip(after + 1) if pairs else after, decoder, depth)
            members[child.token] = child
            pairs.append((child.token, value))
        if self._text[after : after + 1] != "}":
            raise _Irregular
        self._members[offset] = members
        return decoder.object_pairs_hook(pairs), after + 1

    def _read_member(self, start: int, decoder: JSONDecoder, depth: int) -> tuple[Span, JSON, int]:
        if self._text[start : start + 1] != '"':
            raise _Irregular
        token, end = decoder.raw_decode(self._text, start)
        colon = self._skip(end)
        if self._text[colon : colon + 1] != ":":
            raise _Irregular
        value_start = self._skip(colon + 1)
        value, end = self._read(value_start, decoder, depth - 1)
        return Span(token, start, value_start), value, self._skip(end)

    def _start(self, pointer: str) -> int | None:
        outer = start = self._skip(0)
        if pointer and not pointer.startswith("/"):
            return None
        for token in pointers.split(pointer):
            child = self._child(start, token)
            if child is None:
                return None
            outer, start = child.outer, child.start
        return outer if outer < len(self._text) else None

    def _child(self, offset: int, token: str) -> Span | None:
        return self._children(offset).get(token)

    def _children(self, offset: int) -> dict[str, Span]:
        children = self._members.get(offset)
        if children is None:
            children = self._members[offset] = {child.token: child for child in self._scan(offset)}
        return children

    def _scan(self, offset: int) -> Iterator[Span]:
        """The children of the value at ``offset``; stops where the text stops being JSON."""
        opening = self._text[offset : offset + 1]
        try:
            if opening == "{":
                yield from self._scan_object(offset + 1)
            elif opening == "[":
                yield from self._scan_array(offset + 1)
        except (ValueError, RecursionError):
            return

    def _scan_object(self, offset: int) -> Iterator[Span]:
        start = self._skip(offset)
        while self._text[start : start + 1] == '"':
            token, end = self._decode(start)
            colon = self._skip(end)
            if self._text[colon : colon + 1] != ":":
                return
            value_start = self._skip(colon + 1)
            yield Span(str(token), start, value_start)
            _, end = self._decode(value_start)
            start = self._skip(self._skip(end) + 1)

    def _scan_array(self, offset: int) -> Iterator[Span]:
        start = self._skip(offset)
        index = 0
        while _VALUE.match(self._text, start):
            yield Span(str(index), start, start)
            _, end = self._decode(start)
            index += 1
            comma = self._skip(end)
            if self._text[comma : comma + 1] != ",":
                return
            start = self._skip(comma + 1)

    def _decode(self, offset: int) -> tuple[JSON, int]:
        value: JSON
        value, end = _DECODER.raw_decode(self._text, offset)
        return value, end

    def _skip(self, offset: int) -> int:
        match = _WHITESPACE.match(self._text, offset)
        return match.end() if match else offset
