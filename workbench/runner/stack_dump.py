"""The stacks that faulthandler prints on a worker's stderr where C code hangs, taken out of the output."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from workbench.domain import Frame

_HEADER = re.compile(r"(Current thread|Thread) 0x[0-9a-f]+ .*\(most recent call first\):$")
_FRAME = re.compile(r'  File "(?P<file>.*)", line (?P<line>\d+|\?\?\?) in (?P<function>.*)$')
_ESCAPE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
_NOTHING = re.compile(r"  <no Python frame>$|  \.\.\.$|$")
_LONGEST_LINE = 2000
_MAX_FRAMES = 60

_OURS = str(Path(__file__).parents[1] / "worker")
_KEYWORDS = "/jsonschema/_keywords.py"
"""The file whose functions bear the names of the keywords that they check."""


@dataclass(slots=True)
class _Thread:
    is_current: bool
    frames: list[Frame] = field(default_factory=list)


class StackDump:
    """Reads the text of stderr once a dump is expected; :meth:`take` gives back what is not a part of it.

    After :meth:`note_from_here` it gives back everything.
    """

    def __init__(self) -> None:
        self.is_expected = False
        self._keeps = False
        self._rest = ""
        self._threads: list[_Thread] = []

    def expect(self) -> None:
        """Look for a dump from here on."""
        self.is_expected = True

    def note_from_here(self) -> None:
        """Look for a dump and leave it in the output, unless one is expected."""
        self._keeps = self._keeps or not self.is_expected
        self.is_expected = True

    def take(self, text: str) -> str:
        """``text`` without the lines of the dump; an unfinished line waits for its end."""
        *lines, rest = (self._rest + text).split("\n")
        self._rest, long = (rest, "") if len(rest) <= _LONGEST_LINE else ("", rest)
        return "".join(f"{line}\n" for line in lines if not self._reads(line) or self._keeps) + long

    def end(self) -> str:
        """What is left at the end of the stream."""
        rest, self._rest = self._rest, ""
        return "" if rest and self._reads(rest) and not self._keeps else rest

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The stack of the thread that held the interpreter, innermost frame first, without the workbench's own."""
        for thread in sorted(self._threads, key=lambda one: not one.is_current):
            if frames := [one for one in thread.frames if not one.file.startswith(("<frozen ", _OURS))]:
                return tuple(frames[:_MAX_FRAMES])
        return ()

    def _reads(self, line: str) -> bool:
        """Whether the line is a part of a dump; it is noted then."""
        if header := _HEADER.match(line):
            self._threads.append(_Thread(header[1].startswith("Current")))
        elif self._threads and (frame := _FRAME.match(line)):
            number = int(frame["line"]) if frame["line"].isdigit() else 0
            self._threads[-1].frames.append(Frame(_unescaped(frame["file"]), number, _unescaped(frame["function"])))
        else:
            return bool(self._threads) and _NOTHING.match(line) is not None
        return True


def validation_keyword(frames: tuple[Frame, ...]) -> str:
    """The keyword of a schema that a stack was checking, empty where it validated nothing."""
    return next((frame.function for frame in frames if frame.file.endswith(_KEYWORDS)), "")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[0][2:], 16)), text)
