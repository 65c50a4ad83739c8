"""An installation in words: how far it has come, how it ended."""

import time

from workbench.domain import InstallProgress, InstallState
from workbench.explain.text import Sentence, code, count, sentence, shorten, span

TONES = {
    InstallState.RUNNING: "live",
    InstallState.SUCCEEDED: "ok",
    InstallState.FAILED: "bad",
    InstallState.CANCELLED: "warn",
}
"""The tone of each state."""


def tell(progress: InstallProgress, now: float | None = None) -> Sentence:
    """What is going on, or how it ended. ``now`` is in seconds since the epoch."""
    seconds = (progress.ended_at or now or time.time()) - progress.started_at
    match progress.state:
        case InstallState.RUNNING:
            step = progress.step or "looking for releases"
            return sentence("Installing with ", code(progress.tool), f" for {span(seconds)}: ", code(step), "…")
        case InstallState.SUCCEEDED:
            found = f"{count(progress.packages, 'package')} in " if progress.packages else "in "
            return sentence(f"Installed {found}{span(seconds)}.")
        case InstallState.CANCELLED:
            return sentence("Installation cancelled. ", code("dependencies/"), " is as it was.")
        case InstallState.FAILED:
            reason = shorten(progress.reason, 300).rstrip(".")
            return sentence("Installation failed: ", reason, ". ", code("dependencies/"), " is as it was.")


def not_started(error: Exception) -> str:
    """Why no installation began: the reason of the installer, or what the system did not allow."""
    if isinstance(error, OSError) and error.strerror:
        why = f"{error.filename or 'a file'} cannot be written: {error.strerror}."
    else:
        why = str(error)
    return f"The requirements could not be installed: {why}"
