"""Files of the history that someone or something else has changed: told as such, and nothing else is raised."""

import contextlib
import json
import random
import struct
import zlib
from pathlib import Path

from tests.history.conftest import made_run, summary
from tests.odd_documents import spoiled
from workbench.domain import Run
from workbench.explain import headline
from workbench.explain.documents.report import report
from workbench.history import EntryFilter, History, HistoryArchive, HistoryUnavailable
from workbench.history.run_document import UnreadableRun, read_run, write_run

HEAD = struct.Struct(">BI")


def test_a_document_with_an_odd_part_is_read_or_told(step) -> None:
    whole = write_run(made_run(1))
    version, length = HEAD.unpack_from(whole)
    plain = zlib.decompress(whole[HEAD.size :])
    for document in spoiled(json.loads(plain[:length]), 2000 // step(5)):
        text = json.dumps(document).encode()
        data = HEAD.pack(version, len(text)) + zlib.compress(text + plain[length:])
        with contextlib.suppress(UnreadableRun):
            assert isinstance(read_run(data), Run)


def test_bytes_of_a_document_that_are_others_are_read_or_told(step) -> None:
    whole, chance = write_run(made_run(1)), random.Random(2)
    for _ in range(1000 // step(5)):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(UnreadableRun):
            assert isinstance(read_run(bytes(data)), Run)


def test_a_database_with_other_bytes_is_opened_set_aside_or_told(tmp_path: Path, step) -> None:
    whole = tmp_path / "whole.sqlite"
    with History.open(f"sqlite:///{whole}") as opened:
        for number in range(1, 4):
            opened.save(made_run(number), summary())
    content, chance = whole.read_bytes(), random.Random(3)
    for number in range(40 // step(4)):
        data = bytearray(content)
        for _ in range(chance.choice((1, 20, 500))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        file = tmp_path / f"{number}.sqlite"
        file.write_bytes(data[: chance.choice((len(data), len(data), len(data) // 2))])
        with contextlib.suppress(HistoryUnavailable), History.open(f"sqlite:///{file}") as opened:
            archive = HistoryArchive(opened, lambda run: summary())
            entries = archive.recent(EntryFilter(), 100)
            archive.latest()
            assert len(entries) <= 3
            for run_id in (1, 2, 3):
                run = archive.get(str(run_id))
                assert run is None or (headline.tell(run) and report(run))
