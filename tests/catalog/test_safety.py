"""Nothing outside an integration's folder is ever read, whatever its files say. Row 15 of the security page."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.catalog import Catalog, check
from workbench.catalog.files.file_reader import UnreadableError, inside, is_hidden, read_bytes
from workbench.domain import Integration

type Make = Callable[..., Path]

CANARY = "canary-8d1f"


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A folder beside the integrations, with files that nobody may read."""
    folder = tmp_path / "outside"
    folder.mkdir()
    for name in ("icon.svg", "main.py", "requirements.txt", "config.json", "notes.png"):
        (folder / name).write_text(f'{{"name": "{CANARY}"}} # {CANARY}')
    return folder


def look(root: Path) -> Integration:
    (found,) = Catalog([root]).integrations()
    return found


ESCAPES = [
    "../outside/main.py", "..", ".", "/etc/passwd", "a/../../outside/main.py", "..\\outside\\main.py", "main.py\0",
    "~/main.py", "..%2foutside%2fmain.py", "%2e%2e/outside/main.py", "file:///etc/passwd", "\n", "link/main.py",
]  # fmt: skip


@pytest.mark.parametrize("path", ESCAPES)
def test_an_entry_point_that_leads_out(make: Make, canary: Path, path: str) -> None:
    root = make(entry_point=path, files={"requirements.txt": None})
    (root / "link").symlink_to(canary)
    found = look(root)
    finding = next(finding for finding in found.findings if finding.code.startswith("entry-point"))
    assert finding.line and finding.fix
    assert CANARY not in repr(found) + repr(check(found))
    if ("outside" in path and "%" not in path) or path == "link/main.py":
        assert (found.entry_point, finding.code) == ("", "entry-point-outside")


@pytest.mark.parametrize("path", [escape.replace("main.py", "icon.svg") for escape in ESCAPES])
def test_an_icon_that_leads_out(make: Make, canary: Path, path: str) -> None:
    root = make(icon=path)
    (root / "link").symlink_to(canary)
    found = look(root)
    assert found.icon is None
    assert any(finding.code.startswith("icon-") for finding in found.findings)


def test_an_icon_that_is_a_link_out(make: Make, canary: Path) -> None:
    root = make()
    (root / "icon.svg").symlink_to(canary / "icon.svg")
    found = look(root)
    assert found.icon is None
    assert [finding.code for finding in found.findings] == ["icon-outside"]


def test_an_icon_that_is_no_picture(make: Make) -> None:
    found = look(make(icon="weather.py"))
    assert (found.icon, [finding.code for finding in found.findings]) == (None, ["icon-type"])


@pytest.mark.parametrize("name", ["icon.svg", "icon.png", "logo.webp", "icon.jpeg"])
def test_an_icon_inside(make: Make, name: str) -> None:
    root = make(files={name: b"x"})
    assert look(root).icon == root / name
    assert look(make("declared", icon="art/my.png", files={"art/my.png": b"x"})).icon


@pytest.mark.parametrize("name", ["config.json", "requirements.txt"])
def test_a_file_that_is_a_link_out_is_not_read(make: Make, canary: Path, name: str) -> None:
    root = make(files={name: None}) if name != "config.json" else make(config=None)
    (root / name).symlink_to(canary / name)
    found = look(root)
    assert CANARY not in repr(found) + repr(check(found))
    assert any(finding.code.endswith("-outside") for finding in found.findings)


def test_a_module_that_is_a_link_out_is_not_read(make: Make, canary: Path) -> None:
    root = make(
        files={"weather.py": "import helper\n@weather.action('today')\nclass Today: ...", "requirements.txt": None}
    )
    (canary / "helper.py").write_text("from autohive_integrations_sdk import ActionResult")
    (root / "helper.py").symlink_to(canary / "helper.py")
    assert look(root).contract.version == "0.1"


def test_a_link_inside_the_folder_is_read(make: Make) -> None:
    root = make(config=None, files={"real.json": '{"name": "linked", "entry_point": "weather.py"}'})
    (root / "config.json").symlink_to("real.json")
    assert look(root).name == "linked"


def test_links_in_a_circle_are_findings(make: Make) -> None:
    root = make(config=None)
    (root / "config.json").symlink_to("config.json")
    (root / "icon.svg").symlink_to("icon.svg")
    assert not look(root).readable


@pytest.mark.parametrize(("name", "ok"), [("a.py", True), ("b/c.py", True), ("b/../a.py", True), ("b/../../x", False)])
def test_inside(tmp_path: Path, name: str, ok: bool) -> None:
    (tmp_path / "b").mkdir()
    assert (inside(tmp_path, name) is not None) is ok


def test_nothing_is_ever_imported_or_run(make: Make, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    code = f"open({str(mark)!r}, 'w')\nimport helper"
    root = make(files={"weather.py": code, "helper.py": code, "requirements.txt": None, "sitecustomize.py": code})
    check(look(root))
    assert not mark.exists()
    assert not (root / "__pycache__").exists()


@pytest.mark.parametrize("name", ["pipe.png", "large.png", "link.png", "folder.png"])
def test_an_icon_is_read_like_every_other_file_of_the_folder(tmp_path: Path, name: str) -> None:
    root = tmp_path / "odd"
    root.mkdir()
    (tmp_path / "outside.png").write_bytes(b"secret")
    os.mkfifo(root / "pipe.png")
    (root / "large.png").write_bytes(b"x" * 9_000_000)
    (root / "link.png").symlink_to(tmp_path / "outside.png")
    (root / "folder.png").mkdir()
    with pytest.raises(UnreadableError):
        read_bytes(root, name, most=8_000_000)


def test_hidden_files_are_known_through_symlinks(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("x")
    (tmp_path / "plain.txt").symlink_to(tmp_path / ".env")
    assert is_hidden(tmp_path, "plain.txt")
    assert is_hidden(tmp_path, "a/.git/b")
    assert not is_hidden(tmp_path, "a/b.txt")
