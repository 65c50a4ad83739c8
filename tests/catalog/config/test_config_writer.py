"""Writing ``config.json``: the patched lines and nothing else, or not at all."""

import ctypes
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.catalog import WriteError, config_digest, plan_change, write_change

TEXT = """{
\t"name": "caf\\u00e9",
\t"actions": {"get": {
\t\t"output_schema": {"type": "object",   "properties": {
\t\t\t"title": {"type": "string"},
\t\t\t"link": { "type" : "string" }
\t\t}}
\t}}
}
"""
PLACE = "/actions/get/output_schema/properties/title/type"
PATCH = ({"op": "replace", "path": PLACE, "value": ["string", "null"]},)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(TEXT, "utf-8")
    return tmp_path


def test_only_the_mended_line_differs(root: Path) -> None:
    change = write_change(root, config_digest(root), PATCH)
    old, new = TEXT.splitlines(keepends=True), (root / "config.json").read_text("utf-8").splitlines(keepends=True)
    assert [(a, b) for a, b in zip(old, new, strict=True) if a != b] == [
        ('\t\t\t"title": {"type": "string"},\n', '\t\t\t"title": {"type": ["string", "null"]},\n')
    ]
    assert (change.before, change.after) == (TEXT, "".join(new))


@pytest.mark.parametrize("text", [TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT, TEXT.rstrip("\n")])
def test_line_ends_a_byte_order_mark_and_the_end_of_the_file_stay(root: Path, text: str) -> None:
    (root / "config.json").write_bytes(text.encode())
    write_change(root, config_digest(root), PATCH)
    mended = text.replace('title": {"type": "string"', 'title": {"type": ["string", "null"]')
    assert (root / "config.json").read_bytes() == mended.encode()


def test_a_file_that_changed_since_the_run_is_left_alone(root: Path) -> None:
    digest = config_digest(root)
    (root / "config.json").write_text(TEXT + " ", "utf-8")
    with pytest.raises(WriteError, match="changed since this run"):
        write_change(root, digest, PATCH)
    assert (root / "config.json").read_text("utf-8") == TEXT + " "
    with pytest.raises(WriteError, match="Run it again"):
        plan_change(root, "", PATCH)


def test_a_plan_writes_nothing(root: Path) -> None:
    assert plan_change(root, config_digest(root), PATCH).after != TEXT
    assert (root / "config.json").read_text("utf-8") == TEXT


def test_permissions_stay_and_nothing_is_left_behind(root: Path) -> None:
    (root / "config.json").chmod(0o640)
    write_change(root, config_digest(root), PATCH)
    assert stat.S_IMODE((root / "config.json").stat().st_mode) == 0o640
    assert [path.name for path in root.iterdir()] == ["config.json"]


def test_a_symlink_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside.json", tmp_path / "root"
    outside.write_text(TEXT, "utf-8")
    root.mkdir()
    (root / "config.json").symlink_to(outside)
    assert config_digest(root) == ""
    with pytest.raises(WriteError, match="is outside"):
        write_change(root, "0" * 64, PATCH)
    assert outside.read_text("utf-8") == TEXT


def test_a_symlink_within_the_folder_keeps_leading_there(root: Path) -> None:
    (root / "config.json").rename(root / "real.json")
    (root / "config.json").symlink_to("real.json")
    write_change(root, config_digest(root), PATCH)
    assert (root / "config.json").is_symlink()
    assert '["string", "null"]' in (root / "real.json").read_text("utf-8")


def test_what_does_not_fit_is_refused_in_words(root: Path) -> None:
    with pytest.raises(WriteError, match="This change cannot be made"):
        write_change(root, config_digest(root), ({"op": "remove", "path": "/actions/put"},))
    (root / "config.json").write_text('{"actions": ', "utf-8")
    with pytest.raises(WriteError, match="This change cannot be made"):
        write_change(root, config_digest(root), PATCH)
    (root / "config.json").unlink()
    with pytest.raises(WriteError, match="no config"):
        write_change(root, "0" * 64, PATCH)


@contextmanager
def bound_by_modes() -> Iterator[None]:
    """Root may write anywhere: put that capability of Linux away for a while (CAP_DAC_OVERRIDE, the second bit)."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    if os.geteuid() != 0:
        yield
        return
    assert libc.capget(header, sets) == 0
    before = sets[0]
    sets[0] = before & ~2
    assert libc.capset(header, sets) == 0
    try:
        yield
    finally:
        sets[0] = before
        assert libc.capset(header, sets) == 0


def test_a_folder_that_cannot_be_written_says_so(root: Path) -> None:
    digest = config_digest(root)
    root.chmod(0o500)
    try:
        with bound_by_modes(), pytest.raises(WriteError, match="cannot be written"):
            write_change(root, digest, PATCH)
    finally:
        root.chmod(0o700)


@given(st.text(max_size=20), st.sampled_from(["  ", "\t", "    "]))
def test_any_text_put_in_is_read_back(tmp_path_factory: pytest.TempPathFactory, text: str, margin: str) -> None:
    root = tmp_path_factory.mktemp("any")
    value = {"actions": {"get": {"input_schema": {"type": "object"}}}, "name": "x"}
    (root / "config.json").write_text(json.dumps(value, indent=margin), "utf-8")
    path = "/actions/get/input_schema/title"
    change = write_change(root, config_digest(root), ({"op": "add", "path": path, "value": text},))
    assert json.loads(change.after)["actions"]["get"]["input_schema"]["title"] == text
    kept = [line.rstrip(",") for line in change.after.splitlines() if line.strip() not in ("{", "}")]
    assert {line.rstrip(",") for line in change.before.splitlines()} >= {k for k in kept if '"title"' not in k}
