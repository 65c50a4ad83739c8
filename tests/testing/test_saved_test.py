"""A recording that is edited while the outcome of its replay is accepted."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.recordings.conftest import exchange, folder, masked_run
from workbench.domain import Noise, NoiseKind, NoisePlace, Run
from workbench.recordings.files import delete_recording, read_recording, recording_file, write_recording
from workbench.recordings.from_run import recording_of
from workbench.recordings.recording import Recording, RecordingError
from workbench.testing import saved_test
from workbench.testing.replays import ReplayResult, Replays, ReplayState

__all__ = ["folder"]


@pytest.mark.parametrize("is_deleted", [False, True])
def test_an_edit_while_an_outcome_is_accepted_stays(folder: Path, monkeypatch, is_deleted: bool) -> None:
    run = masked_run(folder, exchange())
    file = recording_file(folder, run.request.name, "first")
    write_recording(file, recording_of(run))
    recording = read_recording(file)
    edited = replace(recording, noise=(Noise(NoisePlace.RESULT, "/a", NoiseKind.ANY),))

    def settle(given: Recording, root: Path, replays: Replays | None) -> tuple[Recording, Run, int]:
        if is_deleted:
            delete_recording(file)
        else:
            write_recording(file, edited)
        return given, run, 1

    monkeypatch.setattr(saved_test, "settle", settle)
    with pytest.raises(RecordingError):
        saved_test.accept_outcome(ReplayResult(file, ReplayState.FAILED, run=run, recording=recording), None)
    assert not file.path.exists() if is_deleted else read_recording(file) == edited
