"""A run saved as a test: recorded, replayed to find its noise, written."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from workbench.domain import Run
from workbench.recordings.differences import DifferencePart, find_differences
from workbench.recordings.document import write_document
from workbench.recordings.files import RecordingFile, read_recording, recording_file, write_recording
from workbench.recordings.from_run import expected_of, recording_of
from workbench.recordings.noise import find_noise, with_noise
from workbench.recordings.recording import Recording, RecordingError
from workbench.testing.replays import ReplayResult, Replays, ReplayState, compare_replay

CANNOT_ACCEPT: Final = "The outcome of this replay cannot be accepted. Run the test again."

_REQUESTS: Final = (DifferencePart.NEW_REQUEST, DifferencePart.LOST_REQUEST)
_CLOCKS: Final = (37 * 86_400 + 19_387.25, -400 * 86_400 - 7_411.5)
"""Seconds by which the clocks of the replays differ from ours: another month, weekday, hour and year."""

_NEAR_CLOCKS: Final = (0.0, 2.75)
"""The same around the time of the recording."""

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
    file, recording = new_test(run, root, name, replace_existing=replace_existing)
    with Replays(1, forks=False) as replays:
        return write_test(file, recording, replays)


def new_test(run: Run, root: Path, name: str, *, replace_existing: bool = False) -> tuple[RecordingFile, Recording]:
    """The file that a run gets, and its recording as it is before any replay. Raises :class:`RecordingError`."""
    return new_file(root, run.request.name, name, replace_existing=replace_existing), recording_of(run)


def new_file(root: Path, handler: str, name: str, *, replace_existing: bool = False) -> RecordingFile:
    """Where the test ``name`` of a handler is written. Raises :class:`RecordingError`, also where it exists."""
    file = recording_file(root, handler, name)
    if file.path.exists() and not replace_existing:
        raise RecordingError(f"{file.relative} exists. Choose another name, or delete it first.")
    return file


def write_test(file: RecordingFile, recording: Recording, replays: Replays) -> SavedTest:
    """Replay a new recording to find its noise, and write it. Raises :class:`RecordingError`."""
    settled, replay, rounds = settle(recording, file.root, replays)
    written = write_recording(file, settled)
    return SavedTest(file, settled, compare_replay(file, settled, replay), tuple(written.bodies), rounds)


def can_accept(result: ReplayResult) -> bool:
    """Whether a failed replay ended in another way with the same requests, so that its outcome may be the right one."""
    is_failed = result.state is ReplayState.FAILED and result.run is not None and result.recording is not None
    return is_failed and not any(one.part in _REQUESTS for one in result.differences)


def accept_outcome(result: ReplayResult, replays: Replays) -> ReplayResult:
    """The result once the recording expects what its replay gave; the file is written.

    Raises :class:`RecordingError` where nothing can be accepted.
    """
    file, run, recording = result.file, result.run, result.recording
    if not can_accept(result) or run is None or recording is None:
        raise RecordingError(CANNOT_ACCEPT)
    _require_unchanged(file, recording)
    accepted, _, _ = settle(replace(recording, expected=expected_of(run.outcome)), file.root, replays)
    _require_unchanged(file, recording)  # that took some replays
    write_recording(file, accepted)
    again = replays.run(replays.request(accepted, file.root, file.label))
    return replace(compare_replay(file, accepted, again), seconds=result.seconds)


def _require_unchanged(file: RecordingFile, recording: Recording) -> None:
    if write_document(read_recording(file), file.name) != write_document(recording, file.name):
        raise RecordingError(f"{file.relative} was changed after this replay. Nothing was written. Run the test again.")


def settle(recording: Recording, root: Path, replays: Replays) -> tuple[Recording, Run, int]:
    """The recording with its noise, the last replay, and the count of all.

    Where other clocks change more than values, and the time of the recording does not, replays run at that time.
    """
    settled, run, rounds = _with_noise(recording, root, replays, _CLOCKS)
    if find_differences(settled, run):
        fixed, fixed_run, more = _with_noise(replace(recording, has_clock=True), root, replays, _NEAR_CLOCKS)
        rounds += more
        if not find_differences(fixed, fixed_run):
            settled = fixed
    return settled, replays.run(replays.request(settled, root)), rounds + 1


def _with_noise(
    recording: Recording, root: Path, replays: Replays, clocks: tuple[float, ...]
) -> tuple[Recording, Run, int]:
    """The recording with the noise that replays with these clocks show, until each shows nothing new."""
    quiet, rounds = 0, 0
    while True:
        request = replays.request(recording, root)
        shift = request.clock_shift + clocks[rounds % len(clocks)]
        run = replays.run(replace(request, clock_shift=shift))
        noise = with_noise(recording, find_noise(recording, run))
        quiet, rounds = quiet + 1 if noise == recording.noise else 0, rounds + 1
        recording = replace(recording, noise=noise)
        if quiet == len(clocks) or rounds == _MOST_ROUNDS:
            return recording, run, rounds
