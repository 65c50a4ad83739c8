"""A file of this machine for a field that asks for a public URL: picked, served by the echo server, fetched, gone."""

import re
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PICTURE = {"name": "a picture.png", "mimeType": "image/png", "buffer": bytes(range(256)) * 400}


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        return bytes(answer.read())


def pick(form: Any, label: str) -> None:
    """Choose the picture beside a field, and have it served."""
    picker = form.page.get_by_label(f"Choose a file for {label}", exact=True)
    if form.scripts:
        form.edit(lambda: picker.set_input_files(PICTURE))
    else:
        picker.set_input_files(PICTURE)
        form.press(f"Use this file for {label}")


def test_a_file_is_served_at_the_url_that_its_field_gets(ready: Any) -> None:
    pick(ready, "Picture")
    expect(ready.field("Picture")).to_have_value(
        re.compile(r"^http://127\.0\.0\.1:\d+/files/[\w-]{32}/a%20picture\.png$")
    )
    url = ready.sent()["picture"]
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == PICTURE["buffer"]
        assert answer.headers["Content-Type"] == "image/png"
        assert "a%20picture.png" in answer.headers["Content-Disposition"]
    ready.field("note").fill("again")
    assert ready.sent()["picture"] == url, "it is not served anew with every run"


@pytest.mark.exhaustive
def test_rows_of_such_fields_have_a_picker_each(ready: Any) -> None:
    for number in (1, 2):
        ready.press("Add item to Pictures")
        pick(ready, f"Item {number}")
    urls = ready.sent()["pictures"]
    assert len(set(urls)) == 2
    assert [fetched(url) for url in urls] == [PICTURE["buffer"]] * 2


@pytest.mark.exhaustive
@pytest.mark.parametrize("scripts", [False], indirect=True)  # a script has it served as soon as it is chosen
def test_a_file_is_taken_by_run_itself(ready: Any) -> None:
    ready.page.get_by_label("Choose a file for Picture", exact=True).set_input_files(PICTURE)
    assert fetched(ready.sent()["picture"]) == PICTURE["buffer"]


@pytest.mark.exhaustive
def test_a_file_that_is_too_large_is_refused_in_words_and_nothing_is_lost(
    ready: Any, scripts: bool, tmp_path: Path
) -> None:
    ready.field("note").fill("kept")
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(41 * 1024 * 1024)
    picker = ready.page.get_by_label("Choose a file for Picture", exact=True)
    if scripts:
        ready.edit(lambda: picker.set_input_files(large))
    else:
        picker.set_input_files(large)
        ready.press("Use this file for Picture")
    expect(ready.page.get_by_role("alert")).to_contain_text("large.bin is larger than 40 MiB")
    expect(ready.field("note")).to_have_value("kept")
    expect(ready.field("Picture")).to_have_value("")


@pytest.mark.parametrize("crash", [pytest.param(False, marks=pytest.mark.exhaustive), True], ids=["ended", "killed"])
def test_the_files_are_gone_when_the_session_ends(
    serve: Callable[..., Any], integration: Path, open_page: Callable[..., Any], crash: bool, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serve(integration, echo=True) as served:
        page = open_page(served, "/integrations/every-kind/actions/secretive?new=1")
        page.get_by_label("Choose a file for Picture", exact=True).set_input_files(PICTURE)
        expect(page.get_by_label("Picture", exact=True)).to_have_value(re.compile("http"))
        url = page.get_by_label("Picture", exact=True).input_value()
        (folder,) = tmp_path.glob("workbench-files-*")
        assert len(list(folder.iterdir())) == 2
        assert folder.stat().st_mode & 0o077 == 0, "nobody else may look into it"
        page.close()
        if crash:
            served.kill()
    deadline = time.monotonic() + 60
    while list(tmp_path.glob("workbench-files-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list(tmp_path.glob("workbench-files-*"))
    with pytest.raises(OSError, match="refused"):
        fetched(url)
