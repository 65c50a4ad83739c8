"""``--report``: the file is written whole or not at all, and what is no file is written to."""

import os
import resource
from pathlib import Path

import pytest

from workbench.cli.failure import CannotRun
from workbench.cli.output.report_file import write_report_file


@pytest.mark.parametrize("before", [b"old", None])
def test_where_there_is_no_room_everything_is_as_it_was(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "report.html"
    if before:
        path.write_bytes(before)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))  # a full disk fails in the same place
    try:
        with pytest.raises(CannotRun, match="cannot be written: File too large"):
            write_report_file(path, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == ([before] if before else [])


def test_a_symlink_stays_one_and_a_file_keeps_its_mode(tmp_path: Path) -> None:
    path, link = tmp_path / "report.html", tmp_path / "latest.html"
    path.touch(0o640)
    link.symlink_to(path)
    write_report_file(link, b"page")
    assert (link.is_symlink(), path.read_bytes(), path.stat().st_mode & 0o777) == (True, b"page", 0o640)


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDWR)
    write_report_file(path, b"page")
    assert os.read(reader, 10) == b"page"
    os.close(reader)
