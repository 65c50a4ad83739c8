"""Values of a test that are compared by their kind: what a failed replay suggests, and changes of the file."""

from dataclasses import replace

from workbench.domain import Noise
from workbench.recordings.files import RecordingFile, read_recording, write_recording
from workbench.recordings.messages import noise_text
from workbench.recordings.noise import find_noise, with_noise
from workbench.recordings.recording import RecordingError
from workbench.testing.replays import ReplayResult, ReplayState

_MOST = 20
"""Suggestions that a page lists."""


def changing_values(result: ReplayResult | None) -> tuple[str, ...]:
    """The values that differed in a failed replay and can be compared by kind, each in words; at most :data:`_MOST`."""
    return tuple(noise_text(one) for one in _found(result)[:_MOST])


def change_noise(file: RecordingFile, result: ReplayResult | None, text: str) -> None:
    """Compare the value that ``text`` names exactly, where it is noise; by its kind, where the replay suggests that.

    Raises :class:`RecordingError`.
    """
    recording = read_recording(file)
    rest = tuple(one for one in recording.noise if noise_text(one) != text)
    if len(rest) == len(recording.noise):
        added = [one for one in _found(result) if noise_text(one) == text]
        if not added:
            raise RecordingError("This value is no longer among those of the test. Reload the page.")
        rest = with_noise(recording, added)
    write_recording(file, replace(recording, noise=rest))


def _found(result: ReplayResult | None) -> tuple[Noise, ...]:
    if result is None or result.state is not ReplayState.FAILED or result.run is None or result.recording is None:
        return ()
    return find_noise(result.recording, result.run)
