"""A run saved as a test, and what the terminal says of it."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from workbench.cli.failure import CannotRun
from workbench.domain import Run
from workbench.explain.terminal_text import visible
from workbench.explain.text import count
from workbench.recordings.messages import difference_text, noise_text
from workbench.recordings.recording import RecordingError
from workbench.testing.saved_test import SavedTest, new_file, save_test


def save_run(run: Run, root: Path, name: str, *, replace_existing: bool, form: str) -> int:
    """Save a masked run and print what was written; returns the exit code. Raises :class:`CannotRun`."""
    try:
        saved = save_test(run, root, name, replace_existing=replace_existing)
    except RecordingError as error:
        raise CannotRun(str(error)) from error
    console = Console(stderr=form != "text", highlight=False)
    for line in _lines(saved):
        console.print(Text(visible(line)), soft_wrap=True)
    return int(bool(saved.result.differences))


def check_test_name(root: Path, handler: str, name: str, *, replace_existing: bool) -> None:
    """Raises :class:`CannotRun` where a run of the handler could not be saved under this name."""
    try:
        new_file(root, handler, name, replace_existing=replace_existing)
    except RecordingError as error:
        raise CannotRun(str(error)) from error


def _lines(saved: SavedTest) -> list[str]:
    recording = saved.recording
    lines = ["", f"Saved as {saved.file.relative}: {count(len(recording.exchanges), 'exchange')}."]
    if saved.bodies:
        lines.append(f"Large bodies are beside it: {', '.join(saved.bodies)}.")
    if recording.secrets:
        lines.append(f"Masked: {', '.join(recording.secrets)}.")
    if recording.noise:
        lines += [
            "Changes from run to run, and is compared by its kind:",
            *(f"  {noise_text(one)}" for one in recording.noise),
        ]
    if recording.has_clock:
        lines.append("What it does depends on the time, so replays run at the time of the recording.")
    if saved.result.differences:
        lines += [
            "A replay still differs, so the test fails:",
            *(f"  {difference_text(one)}" for one in saved.result.differences),
        ]
    else:
        lines.append(f"It passed the last of {count(saved.rounds, 'replay')}.")
    return lines
