"""What one process has found is used by the next one, while nothing has changed, never where it may be another's."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.catalog import Catalog, CodeReads, SavedChecks, catalog, read_code
from workbench.catalog.files.cache_folder import CacheFolder
from workbench.domain import Contract, Finding

CODE = """\
import os
import helper
import sunshine
from autohive_integrations_sdk import ActionHandler, Integration

weather = Integration.load()

@weather.action("today")
class Today(ActionHandler):
    async def execute(self, inputs, context):
        return {"key": context.auth["credentials"]["api_key"], "zone": os.environ["ZONE"]}
"""


HELPER = 'import os\nVALUE = os.environ["HELPER"]\n'


@pytest.fixture
def root(make: Callable[..., Path]) -> Path:
    """An integration that was last edited a moment ago; its contract is told by its code alone."""
    root = make(files={"weather.py": CODE, "helper.py": HELPER, "requirements.txt": "autohive-integrations-sdk\n"})
    time.sleep(0.08)
    return root


@pytest.fixture
def saved(tmp_path: Path) -> SavedChecks:
    return SavedChecks(tmp_path / "cache" / "checks")


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose code was looked at."""
    folders, original = [], catalog.examine

    def examine(integration, *arguments):
        folders.append(integration.root)
        return original(integration, *arguments)

    monkeypatch.setattr(catalog, "examine", examine)
    return folders


def checked(root: Path, saved: SavedChecks) -> tuple[tuple[Finding, ...], CodeReads, Contract]:
    """What a new process would say."""
    opened = Catalog([root], saved)
    (integration,) = opened.integrations()
    return opened.check(integration), opened.reads(integration), integration.contract


def files(saved: SavedChecks) -> list[Path]:
    return [path for path in saved._folder.rglob("*") if path.is_file()]


def test_the_next_process_says_the_same_without_a_look(root: Path, saved: SavedChecks, examined: list[Path]) -> None:
    first = checked(root, saved)
    assert {"requirements-import", "auth-read-envelope"} & {one.code for one in first[0]}
    assert first[1] == read_code(Catalog([root]).integrations()[0])
    assert checked(root, SavedChecks(saved._folder)) == first == checked(root, SavedChecks(saved._folder))
    assert examined == [root]
    (path,) = files(saved)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("weather.py", CODE + "import rain\n"),
        ("helper.py", "import rain\n"),
        ("config.json", "{"),
        ("requirements.txt", "aiohttp\n"),
        ("sunshine.py", ""),
    ],
)
def test_a_change_is_seen_by_the_next_process(
    root: Path, saved: SavedChecks, examined: list[Path], path: str, text: str
) -> None:
    before = checked(root, saved)
    (root / path).write_text(text)
    assert checked(root, saved)[0] != before[0]
    assert checked(root, saved) == checked(root, saved)


def test_the_same_text_at_another_time_needs_no_look(root: Path, saved: SavedChecks, examined: list[Path]) -> None:
    before = checked(root, saved)
    for path in root.iterdir():
        os.utime(path, (1, 1))
        path.write_bytes(path.read_bytes())
    assert checked(root, saved) == before
    assert examined == [root]


def test_a_file_that_is_being_edited_is_not_saved(root: Path, saved: SavedChecks) -> None:
    (root / "helper.py").write_text("VALUE = 2\n")
    soon = time.time() + 60  # on a busy machine a check may begin long after the file was written
    os.utime(root / "helper.py", (soon, soon))
    checked(root, saved)
    assert files(saved) == []


def test_a_link_to_the_same_text_elsewhere_is_another_file(root: Path, saved: SavedChecks, tmp_path: Path) -> None:
    before = checked(root, saved)
    (root / "helper.py").rename(tmp_path / "outside.py")
    (root / "helper.py").symlink_to(tmp_path / "outside.py")
    assert {read.name for read in before[1].names} - {read.name for read in checked(root, saved)[1].names} == {"HELPER"}


@pytest.mark.parametrize("damage", [b"", b"{}", b"\0" * 600])
def test_damage_is_made_good(root: Path, saved: SavedChecks, examined: list[Path], damage: bytes) -> None:
    before = checked(root, saved)
    (path,) = files(saved)
    path.write_bytes(path.read_bytes()[:40] + damage)
    assert checked(root, saved) == before
    assert checked(root, saved) == before
    assert examined == [root, root]


def test_a_folder_that_others_can_write_to_is_not_used(root: Path, saved: SavedChecks, examined: list[Path]) -> None:
    checked(root, saved)
    files(saved)[0].parent.chmod(0o777)
    checked(root, SavedChecks(saved._folder))
    assert examined == [root, root]


def test_a_cache_that_cannot_be_written_is_no_error(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    saved = SavedChecks(tmp_path / "file" / "checks")
    assert checked(root, saved) == checked(root, saved)


def test_another_program_finds_nothing_and_old_ones_are_deleted(
    root: Path, saved: SavedChecks, examined: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        monkeypatch.setattr("sys.version", f"3.14.{number}")
        checked(root, SavedChecks(saved._folder))
    assert len(examined) == 6
    assert len(list(saved._folder.iterdir())) == 4


def test_the_oldest_files_go_first(tmp_path: Path) -> None:
    folder = CacheFolder(tmp_path / "cache", most=2)
    for number in range(4):
        folder.write(str(number), b"x")
        os.utime(tmp_path / "cache" / str(number), (number, number))
    folder.prune()
    assert [folder.read(str(number)) for number in range(4)] == [None, None, b"x", b"x"]
    folder.write("large", b"x" * 1024 * 1024)
    assert folder.read("large") is None
