"""Completing a path while it is typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.catalog import complete_folder

type Make = Callable[..., Path]


@pytest.fixture
def home(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make("code/weather")
    for name in ("code/Websites", "code/.git", "code/notes", "music"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "code" / "web.txt").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_folders_that_begin_so_integrations_without_a_slash(home: Path) -> None:
    assert complete_folder(f"{home}/code/we") == (f"{home}/code/weather", f"{home}/code/Websites/")
    assert complete_folder(f"{home}/code/") == (
        f"{home}/code/notes/", f"{home}/code/weather", f"{home}/code/Websites/",
    )  # fmt: skip
    assert complete_folder(f"{home}/co") == (f"{home}/code/",)


def test_hidden_folders_only_where_their_dot_was_typed(home: Path) -> None:
    assert complete_folder(f"{home}/code/.") == (f"{home}/code/.git/",)


def test_what_was_typed_stays_as_it_is(home: Path) -> None:
    assert complete_folder("~/co") == ("~/code/",)
    assert complete_folder("co") == ("code/",)
    assert complete_folder("code/wea") == ("code/weather",)
    assert complete_folder("") == ("~/code/", "~/music/")
    assert complete_folder("code/../mu") == ("code/../music/",)


@pytest.mark.parametrize(
    "typed", ["/no/such/folder/x", "~nobody-of-that-name/", "a\0b/", "code/web.txt/", "x" * 10_000]
)
def test_what_cannot_be_read_completes_to_nothing(home: Path, typed: str) -> None:
    assert complete_folder(typed) == ()


def test_there_is_an_end_to_it(home: Path) -> None:
    for number in range(80):
        (home / "many" / f"n{number:02}").mkdir(parents=True)
    assert complete_folder("~/many/") == tuple(f"~/many/n{number:02}/" for number in range(50))


@given(st.text(max_size=30) | st.text("/.~ab\0\\", max_size=12))
def test_any_text_completes_without_an_exception(typed: str) -> None:
    for path in complete_folder(typed):
        assert Path(path).expanduser().is_dir()
