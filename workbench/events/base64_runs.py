"""What stands in base64 within a text, decoded, with the places of the bytes in the text."""

import base64
import re
import string
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate, pairwise

from workbench.events.other_readings import inflated

_SHORTEST = 16
"""Characters of a run at least: shorter secrets are looked for in base64 themselves."""
_CHARS = string.ascii_letters + string.digits + "+/_-"
_RUN = re.compile(rf"[A-Za-z0-9+/_-]{{{_SHORTEST},}}(?:[ \t]*\r?\n[ \t]*[A-Za-z0-9+/_-]+)*")
"""Long texts come in lines."""
_IS_CHAR = bytes(ord("x") if chr(code) in _CHARS + "%\\" else ord(" ") for code in range(256))
_SPACE = re.compile(r"\s+")
_FROM_URLS = str.maketrans("-_", "+/")
_ALIGNED = 64 * 1024
"""Characters; a longer run is read from its start alone, a shorter one from each of the four places in a group."""
_PADDING = re.compile("={0,2}")


def has_runs(text: str) -> bool:
    """Whether there may be a run in ``text``, perhaps escaped; some ten times as fast as to look for it."""
    return b"x" * _SHORTEST in text.encode("latin-1", "replace").translate(_IS_CHAR)


class DecodedRuns:
    """The bytes of all runs of base64 in ``source``, read as Latin-1, one run after the other.

    ``runs`` are their places and characters, without white space and a multiple of four.
    """

    def __init__(self, source: str, runs: list[tuple[int, str]]) -> None:
        self._source = source
        self._runs = runs
        self._starts = [0, *accumulate(len(run) // 4 * 3 for _, run in runs)]
        joined = "".join([run for _, run in runs]).translate(_FROM_URLS)
        self.text = base64.b64decode(joined).decode("latin-1")

    def compressed(self) -> Iterator[tuple[int, int, bytes]]:
        """The runs that begin like gzip or zlib: where the bytes of each begin and end, and what was compressed."""
        for start, end in pairwise(self._starts):
            if plain := inflated(self.text[start:end].encode("latin-1")):
                yield start, end, plain

    def place(self, position: int, *, end: bool = False) -> int:
        """Where the boundary between two bytes lies in ``source``, with all characters that hold bits of them."""
        index = min(bisect_right(self._starts, position - (1 if end else 0)), len(self._runs)) - 1
        offset = position - self._starts[index]
        if not end:
            return self._in_source(index, offset * 4 // 3)
        at = self._in_source(index, -(-offset * 4 // 3) - 1) + 1
        padding = _PADDING.match(self._source, at)
        return padding.end() if padding else at

    def _in_source(self, index: int, count: int) -> int:
        """The place of character number ``count`` of a run, white space in the source not counted."""
        starts, solid, widths = self._spaces
        at = self._runs[index][0]
        place = at - widths[bisect_left(starts, at)] + count
        return min(place + widths[bisect_right(solid, place)], len(self._source) - 1)

    @cached_property
    def _spaces(self) -> tuple[list[int], list[int], list[int]]:
        """Where each white space of the source begins, the other characters before it, and the white space so far."""
        spans = [space.span() for space in _SPACE.finditer(self._source)]
        widths = [0, *accumulate(end - start for start, end in spans)]
        starts = [start for start, _ in spans]
        return starts, [start - width for start, width in zip(starts, widths, strict=False)], widths


def decoded_runs(text: str) -> Iterator[DecodedRuns]:
    """The runs of base64 in ``text``, read from each place at which a group of four characters may start."""
    if not has_runs(text):
        return
    found = [
        (run.start(), _SPACE.sub("", run[0]) if "\n" in run[0] else run[0])
        for run in _RUN.finditer(text)
        if not run[0].isdigit()  # ASCII in base64 has letters: long numbers are what most such runs are
    ]
    for offset in range(4 if found else 0):
        runs = [
            (start + offset, _whole_groups(run[offset:])) for start, run in found if not offset or len(run) <= _ALIGNED
        ]
        if runs:
            yield DecodedRuns(text, runs)


def _whole_groups(run: str) -> str:
    """A run with its last group filled up: two characters hold one byte, three hold two, one holds none."""
    rest = len(run) % 4
    return run[:-1] if rest == 1 else run + "A" * (4 - rest) if rest else run
