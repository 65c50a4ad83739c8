"""What the machine remembers: recent folders and the layout, in one file that may be missing or damaged."""

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.local_state import MOST, Layout, LocalState


def test_folders_and_layout_are_there_for_the_next_workbench(tmp_path: Path) -> None:
    state = LocalState(tmp_path / "state")
    assert (state.folders, state.layout) == ((), None)
    state.remember([Path("/a"), Path("/b")])
    state.choose(Layout.LIST)
    state.remember([Path("/b")])
    later = LocalState(tmp_path / "state")
    assert ([each.path for each in later.folders], later.layout) == (["/b", "/a"], Layout.LIST)
    later.forget("/b")
    assert [each.path for each in state.folders] == ["/a"]


def test_only_the_last_folders_are_remembered_and_nobody_else_can_read_them(tmp_path: Path) -> None:
    state = LocalState(tmp_path / "state")
    state.remember(Path(f"/{number}") for number in range(MOST + 3))
    assert len(state.folders) == MOST
    file = tmp_path / "state" / "pages.json"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"folders": 1}', '{"folders": [1]}', '{"folders": [{"path": "/a"}]}', "\xff",
     '{"folders": [], "layout": ["x"]}', '{"folders": [{"path": 1, "opened_at": 2}]}',
     '{"folders": [{"path": "\\u0000", "opened_at": 2}]}'],
)  # fmt: skip
def test_a_damaged_file_is_as_none_and_is_written_again(tmp_path: Path, text: str) -> None:
    (tmp_path / "pages.json").write_text(text, "latin-1")
    state = LocalState(tmp_path)
    assert (state.folders, state.layout) == ((), None)
    state.remember([Path("/a")])
    assert json.loads((tmp_path / "pages.json").read_text("utf-8"))["folders"][0]["path"] == "/a"


def test_a_folder_that_cannot_be_written_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    state = LocalState(tmp_path / "file" / "state")
    state.remember([Path("/a")])
    assert [each.path for each in state.folders] in ([], ["/a"])


def test_without_a_folder_it_is_in_memory(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    state = LocalState()
    state.remember([Path("/a")])
    assert [each.path for each in state.folders] == ["/a"]
    assert list(tmp_path.iterdir()) == []
