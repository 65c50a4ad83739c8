"""Lines of code as values: the file within the integration, the line, the function, and whether it is own code."""

from dataclasses import dataclass
from pathlib import Path, PurePath

from workbench.domain import INSTALLED_FOLDERS, ErrorInfo, Frame, Outcome
from workbench.explain.text import Part


@dataclass(frozen=True, slots=True)
class CodeLocation:
    """``file`` is relative to the integration's folder, for code outside of it the name alone.

    ``own`` tells whether the integration's author wrote it.
    """

    file: str
    line: int
    function: str = ""
    own: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def part(self) -> Part:
        """The location in a sentence: a page makes it a link, the command prints ``file:line``."""
        return Part(str(self), code=True, file=self.file, line=self.line)


def locate(frame: Frame, root: Path) -> CodeLocation:
    """The location of a frame."""
    return CodeLocation(relative(frame.file, root), frame.line, frame.function, is_own(frame, root))


def relative(file: str, root: Path) -> str:
    """The file's path inside the integration, else its name alone, with that of a package for ``__init__.py``."""
    path = PurePath(file)
    if not path.is_absolute():
        return file
    if path.is_relative_to(root):
        return str(path.relative_to(root))
    return f"{path.parent.name}/{path.name}" if path.name == "__init__.py" else path.name


def place(frame: Frame, root: Path) -> str:
    """``api_fetch.py:48``."""
    return str(locate(frame, root))


def link(file: str, line: int, root: Path) -> Part:
    """A line of a file as a part of a sentence."""
    return CodeLocation(relative(file, root), line).part


def own(frames: tuple[Frame, ...], root: Path) -> Frame | None:
    """The first frame in the integration's own code; where there is none, the first of all."""
    inside = (frame for frame in frames if is_own(frame, root))
    return next(inside, frames[0] if frames else None)


def is_own(frame: Frame, root: Path) -> bool:
    """Whether the integration's author wrote the line: not the standard library, not an installed package."""
    path = PurePath(frame.file)
    if path.is_absolute():
        if not path.is_relative_to(root):
            return False
        path = path.relative_to(root)
    return not frame.file.startswith("<") and INSTALLED_FOLDERS.isdisjoint(path.parts[:-1])


def of_error(error: ErrorInfo, root: Path) -> CodeLocation | None:
    """The integration's line that raised, the last of its frames."""
    frame = own(error.frames[::-1], root)
    return locate(frame, root) if frame else None


def raised_at(error: ErrorInfo, root: Path) -> Part | None:
    """The same as a part of a sentence."""
    location = of_error(error, root)
    return location.part if location else None


def of_stop(outcome: Outcome, root: Path) -> CodeLocation | None:
    """Where a run stood when it was stopped: the innermost line of the integration's own code."""
    frame = own(outcome.stuck_at, root)
    return locate(frame, root) if frame else None


def of_run(outcome: Outcome, root: Path) -> CodeLocation | None:
    """The line that an outcome leads to: where it was stopped, or what raised; None where neither is known."""
    if outcome.stuck_at:
        return of_stop(outcome, root)
    return of_error(outcome.error, root) if outcome.error else None
