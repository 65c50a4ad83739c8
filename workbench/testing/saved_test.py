"""A run saved as a test: recorded, replayed to find its noise, written."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from workbench.domain import Run, RunRequest
from workbench.recordings.files import RecordingFile, recording_file, write_recording
from workbench.recordings.from_run import recording_of
from workbench.recordings.noise import find_noise, with_noise
from workbench.recordings.recording import Recording, RecordingError
from workbench.testing.replays import ReplayResult, Replays, judge

_CLOCKS: Final = (37 * 86_400 + 19_387.25, -400 * 86_400 - 7_411.5)
"""Seconds by which the clocks of the replays differ from ours: another month, weekday, hour and year."""

_MOST_ROUNDS: Final = 16


@dataclass(frozen=True, slots=True)
class SavedTest:
    """What was written; ``result`` is that of the last replay.

    ``rounds`` counts the replays.
    """

    file: RecordingFile
    recording: Recording
    result: ReplayResult
    bodies: tuple[str, ...] = ()
    rounds: int = 0


def save_test(run: Run, root: Path, name: str, *, replace_existing: bool = False) -> SavedTest:
    """Save a finished run, which must be its masked view, as the test ``name``. Raises :class:`RecordingError`."""
    file = recording_file(root, run.request.name, name)
    if file.path.exists() and not replace_existing:
        raise RecordingError(f"{file.relative} exists. Choose another name, or delete it first.")
    recording = recording_of(run)
    with Replays(1, forks=False) as replays:
        settled, replay, rounds = settle(recording, root, replays)
    written = write_recording(file, settled)
    return SavedTest(file, settled, judge(file, settled, replay), tuple(written.bodies), rounds)


def settle(recording: Recording, root: Path, replays: Replays) -> tuple[Recording, Run, int]:
    """The recording with its noise, the last replay, and the count of all.

    Replayed with other clocks until two replays in a row show nothing new, then once with ours.
    """
    quiet, rounds = 0, 0
    while quiet < len(_CLOCKS) and rounds < _MOST_ROUNDS:
        found = find_noise(recording, replays.run(_request(recording, root, replays, _CLOCKS[rounds % len(_CLOCKS)])))
        quiet = 0 if found else quiet + 1
        rounds += 1
        recording = replace(recording, noise=with_noise(recording, found))
    run = replays.run(_request(recording, root, replays, 0.0))
    return recording, run, rounds + 1


def _request(recording: Recording, root: Path, replays: Replays, shift: float) -> RunRequest:
    return replace(replays.request(recording, root), clock_shift=shift)
