"""Opening, listing, looking again: discovery, ids, and what a change on disk does."""

import json
import os
import re
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.catalog import Catalog, CatalogError, check
from workbench.catalog.integration_reader import slug
from workbench.domain import Severity

type Make = Callable[..., Path]


def ids(catalog: Catalog) -> list[str]:
    return [found.id for found in catalog.integrations()]


def test_an_integration_itself_or_a_folder_of_them(make: Make, tmp_path: Path) -> None:
    one, two = make("all/one"), make("all/two")
    assert [found.root for found in Catalog([one]).integrations()] == [one]
    assert [found.root for found in Catalog([tmp_path / "all"]).integrations()] == [one, two]
    assert [found.root for found in Catalog([one / "config.json"]).integrations()] == [one]
    assert Catalog([tmp_path / "all"]).roots == (tmp_path / "all",)
    assert Catalog().integrations() == ()


def test_one_level_deep_and_hidden_folders_left_out(make: Make, tmp_path: Path) -> None:
    make("all/b")
    make("all/A")
    make("all/.hidden")
    make("all/deep/er")
    (tmp_path / "all" / "empty").mkdir()
    (tmp_path / "all" / "file").write_text("{}")
    assert ids(Catalog([tmp_path / "all"])) == ["a", "b"]


def test_a_broken_one_stops_no_other(make: Make, tmp_path: Path) -> None:
    make("all/good")
    make("all/broken", config="{")
    make("all/odd", config="[1]")
    found = {item.id: item for item in Catalog([tmp_path / "all"]).integrations()}
    assert {name: item.readable for name, item in found.items()} == {"broken": False, "good": True, "odd": False}
    assert found["broken"].title == "broken"
    assert found["broken"].findings[0].place == "config.json:1:2"


@pytest.mark.parametrize("path", ["missing", "file", "empty", "bad\0path", "~nobody-of-that-name/x"])
def test_what_cannot_be_opened_is_said_in_words(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    catalog = Catalog()
    with pytest.raises(CatalogError) as caught:
        catalog.open(Path(path) if path.startswith("~") else tmp_path / path)
    assert str(caught.value).endswith(("Check the path.", "Check the spelling.", "that contains config.json."))
    assert ". " in str(caught.value)
    assert catalog.roots == ()


def test_the_home_folder_may_be_written_as_a_tilde(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make("mine")
    monkeypatch.setenv("HOME", str(root.parent))
    assert Catalog().open(Path("~/mine"))[0].integration.root == root


def test_opening_adds_once_and_tells_what_is_there(make: Make, tmp_path: Path) -> None:
    one, two = make("all/one"), make("other/two")
    catalog = Catalog([one.parent])
    assert [found.integration.id for found in catalog.open(two)] == ["two"]
    assert [found.integration.id for found in catalog.open(two)] == ["two"]
    assert [found.integration.id for found in catalog.open(one)] == ["one"]
    assert ids(catalog) == ["one", "two"]


def test_ids_of_folders_with_the_same_name_differ_and_stay(make: Make, tmp_path: Path) -> None:
    first, second = make("a/weather"), make("b/weather")
    catalog = Catalog([first, second])
    plain, hashed = ids(catalog)
    assert plain == "weather"
    assert re.fullmatch(r"weather-[0-9a-f]{6}", hashed)
    assert ids(Catalog([first, second])) == [plain, hashed]
    found = catalog.get(hashed)
    assert found and found.root == second
    make("c/Weather")
    assert next(item.integration.id for item in catalog.open(tmp_path / "c")) not in (plain, hashed)
    shutil.rmtree(first)
    assert ids(catalog)[0] == hashed


@given(st.text(min_size=1, max_size=40))
def test_an_id_is_safe_in_a_url(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9_][a-z0-9_-]*", slug(name))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("api-fetch", "api-fetch"),
        ("Café Ops", "cafe-ops"),
        ("..", "integration"),
        ("日本", "integration"),
        ("a.b", "a-b"),
    ],
)
def test_an_id_is_readable(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize("integration_id", ["", "..", "../weather", "weather/..", "%2e%2e", "weather\0", "Weather"])
def test_an_unknown_id_is_none(make: Make, integration_id: str) -> None:
    assert Catalog([make()]).get(integration_id) is None


def edit(path: Path, **members: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **members}))


def test_edits_show_at_the_next_look(make: Make) -> None:
    root = make()
    catalog = Catalog([root])
    for number in range(20):
        edit(root / "config.json", version=f"1.0.{number:02}")
        found = catalog.get("weather")
        assert found and found.version == f"1.0.{number:02}" == catalog.integrations()[0].version


def test_an_edit_that_keeps_size_and_time_shows_once_it_was_read_before_it_settled(make: Make) -> None:
    root = make()
    config = root / "config.json"
    catalog = Catalog([root])
    seen = config.stat()
    config.write_text(config.read_text().replace("1.0.0", "9.9.9"))
    os.utime(config, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert catalog.integrations()[0].version == "9.9.9"


def test_edits_of_every_file_show(make: Make) -> None:
    root = make(files={"requirements.txt": None, "weather.py": None})
    catalog = Catalog([root])

    def contract() -> str:
        return catalog.integrations()[0].contract.reason

    assert "no handler is registered" in contract()
    (root / "weather.py").write_text("from actions import x\n@weather.action('today')\nclass Today: ...")
    assert "imports neither" in contract()
    (root / "actions.py").write_text("from autohive_integrations_sdk import ActionResult")
    assert contract() == "actions.py imports ActionResult"
    (root / "requirements.txt").write_text("autohive-integrations-sdk~=1.0.2")
    assert contract() == "requirements.txt pins ~=1.0.2"
    (root / "dependencies" / "autohive_integrations_sdk-2.0.0.dist-info").mkdir(parents=True)
    assert contract() == "dependencies/ holds version 2.0.0"
    assert catalog.integrations()[0].icon is None
    (root / "icon.png").write_bytes(b"x")
    assert catalog.integrations()[0].icon == root / "icon.png"
    (root / "icon.png").unlink()
    assert catalog.integrations()[0].icon is None


def test_what_did_not_change_is_not_read_again(make: Make) -> None:
    root = make()
    for path in (*root.iterdir(), root):
        os.utime(path, (1, 1))
    catalog = Catalog([root])
    while (first := catalog.integrations()[0]) is not catalog.integrations()[0]:
        pass  # until the files are old enough to be trusted
    assert catalog.get("weather") is first
    edit(root / "config.json", version="2.0.0")
    assert catalog.get("weather") is not first


def test_a_file_that_may_still_change_within_one_tick_of_the_clock_is_read_again(make: Make) -> None:
    root = make()
    ahead = time.time() + 3600
    os.utime(root / "config.json", (ahead, ahead))
    catalog = Catalog([root])
    assert catalog.integrations()[0] is not catalog.integrations()[0]


def test_folders_that_come_and_go(make: Make, tmp_path: Path) -> None:
    make("all/one")
    catalog = Catalog([tmp_path / "all"])
    two = make("all/two")
    assert ids(catalog) == ["one", "two"]
    assert catalog.get("two")
    shutil.rmtree(two)
    assert catalog.get("two") is None
    assert ids(catalog) == ["one"]
    make("all/two")
    assert ids(catalog) == ["one", "two"]
    shutil.rmtree(tmp_path / "all")
    assert ids(catalog) == []


def test_a_new_one_is_found_by_its_id_without_a_listing(make: Make, tmp_path: Path) -> None:
    make("all/one")
    catalog = Catalog([tmp_path / "all"])
    make("all/late")
    assert catalog.get("late")


def test_many_threads_may_look_at_once(make: Make, tmp_path: Path) -> None:
    for number in range(8):
        make(f"all/n{number}")
    catalog = Catalog([tmp_path / "all"])
    lists: list[list[str]] = []

    def look() -> None:
        for number in range(20):
            assert catalog.get(f"n{number % 8}")
            lists.append(ids(catalog))

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lists) == 120
    assert all(found == [f"n{number}" for number in range(8)] for found in lists)


def test_a_link_out_of_the_opened_folder_is_listed_and_not_read(make: Make, tmp_path: Path) -> None:
    secret = make("outside/secret", name="canary")
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "link").symlink_to(secret)
    (found,) = Catalog([tmp_path / "all"]).integrations()
    assert "canary" not in repr(found)
    assert [(finding.code, finding.severity) for finding in found.findings] == [("folder-outside", Severity.ERROR)]
    assert check(found) == found.findings


def test_a_link_within_the_opened_folder_is_read(make: Make, tmp_path: Path) -> None:
    real = make("all/.store/real")
    (tmp_path / "all" / "link").symlink_to(real)
    (found,) = Catalog([tmp_path / "all"]).integrations()
    assert (found.id, found.name) == ("link", "weather")


def test_outlines_read_no_code(make: Make, tmp_path: Path) -> None:
    """Where only the code tells the contract, an outline leaves it open; the rest is as in the whole integration."""
    make("pinned")
    free = make("free", files={"requirements.txt": "aiohttp\n"})
    catalog = Catalog([tmp_path])
    (free / "weather.py").chmod(0)
    found = {each.integration.id: each for each in catalog.outlines()}
    assert [found[name].whole for name in ("pinned", "free")] == [True, False]
    assert found["pinned"].integration == catalog.get("pinned")
    (free / "weather.py").chmod(0o644)
    time.sleep(0.1)  # a file that has just changed is looked at again
    whole = catalog.get("free")
    assert whole is not None
    assert whole.contract.file == "weather.py"
    assert found["free"].integration.actions == whole.actions
    assert [each.whole for each in catalog.outlines()] == [True, True]


def test_a_check_is_known_until_a_file_changes(make: Make) -> None:
    """Whether a check would answer at once."""
    root = make()
    for path in root.iterdir():
        os.utime(path, (1, 1))
    catalog = Catalog([root])
    (integration,) = catalog.integrations()
    assert not catalog.is_checked(integration)
    time.sleep(0.1)  # a file that has just changed is looked at again
    catalog.check(integration)
    assert catalog.is_checked(integration)
    (root / "weather.py").write_text("")
    assert not catalog.is_checked(integration)
