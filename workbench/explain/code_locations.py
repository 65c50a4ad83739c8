"""Lines of code as people refer to them."""

from pathlib import Path, PurePath

from workbench.domain import ErrorInfo, Frame, Outcome
from workbench.explain.text import Part


def relative(file: str, root: Path) -> str:
    """The file's path inside the integration, else its name alone."""
    path = PurePath(file)
    if not path.is_absolute():
        return file
    return str(path.relative_to(root)) if path.is_relative_to(root) else path.name


def place(frame: Frame, root: Path) -> str:
    """``api_fetch.py:48``."""
    return f"{relative(frame.file, root)}:{frame.line}"


def link(file: str, line: int, root: Path) -> Part:
    """The same as a part of a sentence that leads to the file's page."""
    inside = relative(file, root)
    return Part(f"{inside}:{line}", code=True, file=inside, line=line)


def own(frames: tuple[Frame, ...], root: Path) -> Frame | None:
    """The first frame that lies in the integration (and not in what it installed), else the first."""
    inside = (frame for frame in frames if is_own(frame, root))
    return next(inside, frames[0] if frames else None)


def is_own(frame: Frame, root: Path) -> bool:
    """Whether the line is the integration's own, and not of something that it installed."""
    path = PurePath(frame.file)
    if not path.is_absolute():
        return not frame.file.startswith(("<", "dependencies/"))
    return path.is_relative_to(root) and not path.is_relative_to(root / "dependencies")


def raised(error: ErrorInfo, root: Path) -> Frame | None:
    """The integration's line that raised, the last of its frames."""
    return own(error.frames[::-1], root)


def raised_at(error: ErrorInfo, root: Path) -> Part | None:
    """The same as a part of a sentence that leads there."""
    frame = raised(error, root)
    return link(frame.file, frame.line, root) if frame else None


def standing(outcome: Outcome, root: Path) -> Frame | None:
    """Where a run that hung stands, seen from the integration."""
    return own(outcome.stuck_at, root)
