"""The integration's own code, and its lines as values."""

import inspect
import linecache
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FrameType

from workbench.domain import INSTALLED_FOLDERS, Frame
from workbench.worker.text import clean

AROUND = 3
"""Lines of source before and after the line of a frame."""

MAX_FUNCTION = 400
"""Lines of a handler's source that are stored."""


MAX_CODES = 20_000
"""Functions that are known as own or not; code that is compiled time and again must not fill the memory."""


class OwnCode:
    """Tells the integration's own files from what it depends on. Before :attr:`root` is set, nothing is its own."""

    def __init__(self) -> None:
        self._prefix: str | None = None
        self._known: dict[str, bool] = {}
        self.places: dict[int, dict[int, Frame] | None] = {}
        """By the id of each code that was met: its lines by instruction; None where it is not own."""
        self._alive: list[CodeType] = []

    def set_root(self, root: Path) -> None:
        """From here on, files below ``root`` are own, but for its ``dependencies`` and virtual environments."""
        self._prefix = os.path.join(root, "")  # noqa: PTH118  a Path drops the last separator, which is the point
        self._known.clear()
        self.places.clear()

    def has(self, file: str) -> bool:
        """Whether the code of ``file`` is the integration's own."""
        known = self._known.get(file)
        if known is None:
            known = self._known[file] = self._decide(file)
        return known

    def _decide(self, file: str) -> bool:
        if self._prefix is None or not file.startswith(self._prefix):
            return False
        return not any(part in INSTALLED_FOLDERS for part in Path(file[len(self._prefix) :]).parts[:-1])

    def call_site(self, frame: FrameType | None) -> Frame | None:
        """The innermost own line at or above ``frame``, None where there is none.

        Places are known by code and instruction: their lines, which Python would have to compute, are asked for once.
        """
        codes = self.places
        while frame is not None:
            code = frame.f_code
            try:
                places = codes[id(code)]
            except KeyError:
                places = self._places_in(frame)
            if places is not None:
                place = frame.f_lasti
                if place not in places:
                    places[place] = frame_at(code, frame.f_lineno, around=0)
                return places[place]
            frame = frame.f_back
        return None

    def _places_in(self, frame: FrameType) -> "dict[int, Frame] | None":
        """The places of a frame's code by instruction, none yet; None where it is not own, or no line can be shown."""
        code, file = frame.f_code, frame.f_globals.get("__file__")
        if type(file) is not str:
            file = code.co_filename
        # of a text that was compiled there no line can be shown
        places: dict[int, Frame] | None = {} if code.co_filename == file and self.has(file) else None
        if len(self.places) >= MAX_CODES:
            self.places.clear()
            self._alive.clear()
        self.places[id(code)] = places
        self._alive.append(code)  # so that no other code gets that id
        return places


def stack_of(frame: FrameType | None) -> Iterator[FrameType]:
    """``frame`` and its callers, innermost first."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def frame_at(code: CodeType, line: int, *, around: int = AROUND) -> Frame:
    """The line of ``code`` as a value, with the source around it."""
    return frame_of(code.co_filename, line, code.co_qualname, around=around)


def frame_of(file: str, line: int, function: str = "", *, around: int = AROUND) -> Frame:
    """A line of a file as a value, with the source around it where it can be read."""
    first = max(1, line - around)
    source = "".join(linecache.getline(file, number) for number in range(first, line + around + 1)).rstrip("\n")
    return Frame(clean(file), line, clean(function), clean(source), first if source else 0)


def function_frame(function: Callable[..., object]) -> Frame:
    """The place of a function, with its whole source (:data:`MAX_FUNCTION` lines at most)."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if not isinstance(code, CodeType):
        return Frame("", 0, clean(getattr(function, "__qualname__", repr(function))))
    last = min(_last_line(code), code.co_firstlineno + MAX_FUNCTION)
    lines = (linecache.getline(code.co_filename, number) for number in range(code.co_firstlineno, last + 1))
    source = clean("".join(lines).rstrip("\n"))
    return Frame(clean(code.co_filename), code.co_firstlineno, clean(code.co_qualname), source, code.co_firstlineno)


def _last_line(code: CodeType) -> int:
    own = max((end or 0 for _, end, _, _ in code.co_positions()), default=code.co_firstlineno)
    return max([own, *(_last_line(const) for const in code.co_consts if isinstance(const, CodeType))])
