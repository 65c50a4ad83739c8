"""Recordings that someone has edited: read, or an error that names the file; never anything else."""

import contextlib
import json
import random
from pathlib import Path

from tests.odd_documents import spoiled
from tests.recordings.conftest import exchange, masked_run
from workbench.domain import ExchangeError, FailureKind, Request, Response
from workbench.recordings.files import read_recording, recording_file, write_recording
from workbench.recordings.from_run import recording_of
from workbench.recordings.recording import Recording, RecordingError


def written(folder: Path) -> Path:
    """A recording with bodies of each kind, beside it and in it, and a failure."""
    failed = ExchangeError("ClientConnectorError", "Connection refused", "connect", FailureKind.REFUSED)
    large = json.dumps({"text": "é" * 70_000}).encode()
    run = masked_run(
        folder,
        exchange(1, request=Request("POST", "https://api.example.com/", body=b"\x00\xff", size=2)),
        exchange(2, response=Response(200, body=large, size=len(large))),
        exchange(3, response=None, body_state="pending", error=failed),
    )
    file = recording_file(folder, "read", "first")
    write_recording(file, recording_of(run))
    return file.path


def test_a_recording_with_an_odd_part_is_read_or_told(folder: Path, step) -> None:  # type: ignore[no-untyped-def]
    path = written(folder)
    file = recording_file(folder, "read", "first")
    for document in spoiled(json.loads(path.read_text()), 2000 // step(5)):
        path.write_text(json.dumps(document))
        try:
            assert isinstance(read_recording(file), Recording)
        except RecordingError as error:
            assert str(error).startswith("tests/recordings/read/first.json")


def test_other_bytes_are_read_or_told(folder: Path, step) -> None:  # type: ignore[no-untyped-def]
    path = written(folder)
    file, content, chance = recording_file(folder, "read", "first"), path.read_bytes(), random.Random(4)
    for _ in range(1000 // step(5)):
        data = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        with contextlib.suppress(RecordingError):
            assert isinstance(read_recording(file), Recording)
