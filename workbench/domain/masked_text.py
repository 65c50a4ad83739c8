"""``MaskedText``: text in which names stand for secrets, and which says where.

What stands in the text (``‹api_key›``) is for readers; whether a stretch is a masked secret is known from the type
alone. A handler's own ``‹api_key›`` is a plain ``str``. Operations that are not named here give a plain ``str``: the
mark is then lost, the secret is not in it either way.
"""

import json
import re
import secrets
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from gc import get_referents
from itertools import chain, pairwise
from operator import attrgetter
from typing import Any, Self, SupportsIndex

_NOT_SPACE = re.compile(r"\S+")
_LINE_END = re.compile(r"\r\n?|\n|\Z")
_CONTAINERS = (dict, list, tuple)
_PLAIN = frozenset({*_CONTAINERS, str, int, float, bool, type(None)})


@dataclass(frozen=True, slots=True)
class MaskedSpan:
    """The stretch ``start`` to ``end`` (exclusive) of a text or of bytes that stands for the secret ``label``."""

    start: int
    end: int
    label: str


class MaskedText(str):
    """A text with its masked ``spans``, in order. Slices, sums and lines of it keep theirs."""

    __slots__ = ("spans",)

    spans: tuple[MaskedSpan, ...]

    def __new__(cls, text: str, spans: Iterable[MaskedSpan] = ()) -> Self:
        """The text with its spans."""
        made = super().__new__(cls, text)
        made.spans = tuple(spans)
        return made

    @classmethod
    def whole(cls, label: str) -> Self:
        """A value that is a secret and nothing else."""
        text = f"‹{label}›"
        return cls(text, (MaskedSpan(0, len(text), label),))

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        """A stretch with the spans that lie in it, cut where they go beyond it."""
        text = super().__getitem__(key)
        if not isinstance(key, slice) or key.step not in (None, 1):
            return text
        start, stop, _ = key.indices(len(self))
        return text_with(text, _within(self.spans, start, stop))

    def __add__(self, other: str) -> str:
        """Both texts, with the spans of both."""
        return join((self, other))

    def __radd__(self, other: str) -> str:
        """The same for a plain text before this one."""
        return join((other, self))

    def splitlines(self, keepends: bool = False) -> list[str]:
        """The lines, each with its spans."""
        lines, at = [], 0
        for line in super().splitlines(keepends=True):
            kept = line if keepends else line.splitlines()[0]
            lines.append(self[at : at + len(kept)])
            at += len(line)
        return lines

    def rstrip(self, chars: str | None = None) -> str:
        """The text without what is stripped at its end."""
        return self[: len(super().rstrip(chars))]


class MaskedBytes(bytes):
    """Bytes with their masked ``spans``, in order; for bodies."""

    spans: tuple[MaskedSpan, ...]

    def __new__(cls, data: bytes, spans: Iterable[MaskedSpan] = ()) -> Self:
        """The bytes with their spans."""
        made = super().__new__(cls, data)
        made.spans = tuple(spans)
        return made


def text_with(text: str, spans: Iterable[MaskedSpan]) -> str:
    """``text`` with its spans; a plain ``str`` where there are none."""
    found = tuple(spans)
    return MaskedText(text, found) if found else text


def join(parts: Iterable[str], separator: str = "") -> str:
    """The parts as one text, with the spans of all."""
    pieces = list(parts)
    text = separator.join(pieces)
    return text_with(text, _moved(pieces, len(separator))) if any(map(spans_of, pieces)) else text


def spans_of(text: str) -> tuple[MaskedSpan, ...]:
    """The masked stretches of a text; none for a plain one."""
    return text.spans if isinstance(text, MaskedText) else ()


def lines_of(text: str) -> list[str]:
    """The lines, each with its spans, which end where protocols end them: JSON may hold what else Python splits at."""
    found, at = [], 0
    for match in _LINE_END.finditer(text):
        if at < len(text):
            found.append(text[at : match.start()])
        at = match.end()
    return found


def one_line(text: str) -> str:
    """``text`` with each run of white space as one blank, none at its ends. A mask stays whole, also with blanks."""
    if not isinstance(text, MaskedText):
        return " ".join(text.split())
    pieces: list[str] = []
    plain, at = str(text), 0
    for span in text.spans:
        pieces += (plain[at : span.start], "x" * (span.end - span.start))
        at = span.end
    words = _NOT_SPACE.finditer("".join((*pieces, plain[at:])))
    return join((text[word.start() : word.end()] for word in words), " ")


def decode_text(data: bytes, decode: Callable[[bytes], str | None]) -> str | None:
    """The text of ``data`` by ``decode``, with the spans of :class:`MaskedBytes`; None where it is no text."""
    text = decode(data)
    if text is None or not isinstance(data, MaskedBytes):
        return text
    ends = [0, *(place for span in data.spans for place in (span.start, span.end)), len(data)]
    pieces = [decode(data[start:end]) for start, end in pairwise(ends)]
    if "".join(piece or "" for piece in pieces) != text:
        return text
    labels = [span.label for span in data.spans]
    return join(
        MaskedText(piece or "", (MaskedSpan(0, len(piece or ""), labels[place // 2]),)) if place % 2 else piece or ""
        for place, piece in enumerate(pieces)
    )


def has_mask(value: Any) -> bool:
    """Whether a masked text stands in ``value``, as a value or as a key; a level at a time, by C code."""
    level: list[Any] = [value]
    while level:
        kinds = set(map(type, level))
        if MaskedText in kinds:
            return True
        if not kinds <= _PLAIN:
            level = [one for one in level if isinstance(one, _CONTAINERS)]
        objects = [one for one in level if type(one) is dict] if dict in kinds else []
        if MaskedText in set(map(type, chain.from_iterable(objects))):
            return True
        level = get_referents(*level) if not kinds.isdisjoint(_CONTAINERS) else []
    return False


def without_masked(value: Any) -> Any:
    """A JSON value without the properties and items that are masked, in part or whole."""
    if isinstance(value, dict):
        return {name: without_masked(inner) for name, inner in value.items() if not _is_masked(name, inner)}
    if isinstance(value, list):
        return [without_masked(inner) for inner in value if not isinstance(inner, MaskedText)]
    return None if isinstance(value, MaskedText) else value


def _is_masked(*texts: Any) -> bool:
    return any(isinstance(text, MaskedText) for text in texts)


def json_text(value: Any, indent: int | None = None) -> str:
    """``value`` as JSON text, its masked stretches marked. Raises what :func:`json.dumps` raises."""
    if not has_mask(value):
        return json.dumps(value, indent=indent, ensure_ascii=False)
    stand_ins = _StandIns()
    try:
        marked = stand_ins.put(value)
    except RecursionError:  # too deep for a copy, not for json
        return json.dumps(value, indent=indent, ensure_ascii=False)
    return stand_ins.taken_as_json(json.dumps(marked, indent=indent, ensure_ascii=False))


def read_with_masks(text: str, read: Callable[[str], Any]) -> Any:
    """What ``read`` makes of a text (JSON values, lists, tuples), masked where the text is."""
    if not isinstance(text, MaskedText):
        return read(text)
    stand_ins = _StandIns()
    return stand_ins.taken_from(read(stand_ins.put_text(text)))


class _StandIns:
    """Words that nobody could have written, each for one masked stretch, while a text is read or written."""

    def __init__(self) -> None:
        self._stretches: dict[str, MaskedText] = {}
        self._nonce = secrets.token_hex(16)
        self._pattern = re.compile(f"{self._nonce}x[0-9]+x")

    def put_text(self, text: str) -> str:
        """A text with a word in place of each masked stretch."""
        pieces, at = [], 0
        for span in spans_of(text):
            word = f"{self._nonce}x{len(self._stretches)}x"
            stretch = str.__getitem__(text, slice(span.start, span.end))
            self._stretches[word] = MaskedText(stretch, (MaskedSpan(0, len(stretch), span.label),))
            pieces += [str.__getitem__(text, slice(at, span.start)), word]
            at = span.end
        return "".join(pieces) + str.__getitem__(text, slice(at, None))

    def put(self, value: Any) -> Any:
        """A value with words in place of its masked stretches."""
        if isinstance(value, dict):
            return {self.put_text(name): self.put(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.put(item) for item in value]
        return self.put_text(value) if isinstance(value, MaskedText) else value

    def taken(self, text: str) -> str:
        """A text with the masked stretches in place of their words again."""
        pieces: list[str] = []
        at = 0
        for word in self._pattern.finditer(text):
            pieces += [text[at : word.start()], self._stretches[word[0]]]
            at = word.end()
        return join((*pieces, text[at:])) if pieces else text

    def taken_as_json(self, text: str) -> str:
        """The same for a JSON text: a label may hold quotes, which JSON escapes."""
        self._stretches = {word: _escaped(stretch) for word, stretch in self._stretches.items()}
        return self.taken(text)

    def taken_from(self, value: Any) -> Any:
        """A value of lists, tuples and objects with the masked stretches in its texts again."""
        if isinstance(value, str):
            return self.taken(value)
        if isinstance(value, dict):
            return {self.taken(name): self.taken_from(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.taken_from(item) for item in value]
        return tuple(map(self.taken_from, value)) if isinstance(value, tuple) else value


def _escaped(stretch: MaskedText) -> MaskedText:
    text = json.dumps(stretch, ensure_ascii=False)[1:-1]
    return MaskedText(text, (MaskedSpan(0, len(text), stretch.spans[0].label),))


def _within(spans: Sequence[MaskedSpan], start: int, stop: int) -> Iterator[MaskedSpan]:
    for at in range(bisect_right(spans, start, key=attrgetter("end")), len(spans)):  # lines are many, and so are spans
        if (span := spans[at]).start >= stop:
            break
        yield MaskedSpan(max(span.start, start) - start, min(span.end, stop) - start, span.label)


def _moved(pieces: Iterable[str], gap: int) -> Iterator[MaskedSpan]:
    at = 0
    for piece in pieces:
        for span in spans_of(piece):
            yield MaskedSpan(span.start + at, span.end + at, span.label)
        at += len(piece) + gap
