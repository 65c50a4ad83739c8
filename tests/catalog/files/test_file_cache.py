"""The check is remembered while nothing that it looked at changes, and not a moment longer."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.catalog import Catalog

type Make = Callable[..., Path]

CODE = """\
from autohive_integrations_sdk import ActionHandler, Integration
import helper
import sunshine

weather = Integration.load()

@weather.action("today")
class Today(ActionHandler):
    pass
"""


def settle() -> None:
    """Wait until a file that was just written counts as settled."""
    time.sleep(0.08)


@pytest.fixture
def opened(make: Make) -> tuple[Catalog, Path]:
    """A catalog with one integration that has been checked, and its folder."""
    root = make(files={"weather.py": CODE, "helper.py": "VALUE = 1\n", "dependencies/README": ""})
    catalog = Catalog([root])
    settle()
    return catalog, root


def codes(catalog: Catalog) -> set[str]:
    (integration,) = catalog.integrations()
    return {finding.code for finding in catalog.check(integration)}


def test_an_unchanged_folder_is_not_checked_again(opened: tuple[Catalog, Path]) -> None:
    catalog, _ = opened
    (integration,) = catalog.integrations()
    first = catalog.check(integration)
    assert {finding.code for finding in first} >= {"requirements-import", "output-unchecked"}
    assert catalog.check(integration) is first


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("config.json", "{", "config-syntax"),
        ("weather.py", CODE + "def (", "source-invalid"),
        ("helper.py", "def (", "source-invalid"),
        ("requirements.txt", "aiohttp\n", "requirements-no-sdk"),
    ],
)
def test_an_edit_is_seen(opened: tuple[Catalog, Path], path: str, text: str, code: str) -> None:
    catalog, root = opened
    assert code not in codes(catalog)
    (root / path).write_text(text)
    assert code in codes(catalog)
    settle()
    assert code in codes(catalog)


@pytest.mark.parametrize("path", ["sunshine.py", "dependencies/sunshine/__init__.py"])
def test_a_file_that_comes_and_goes_is_seen(opened: tuple[Catalog, Path], path: str) -> None:
    catalog, root = opened
    assert "requirements-import" in codes(catalog)
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_text("")
    assert "requirements-import" not in codes(catalog)
    settle()
    (root / path).unlink()
    if path.startswith("dependencies"):
        (root / path).parent.rmdir()
    assert "requirements-import" in codes(catalog)


def test_a_file_beside_a_module_further_down_is_seen(make: Make) -> None:
    files = {"weather.py": "import parts.deep\n" + CODE, "parts/deep.py": "import cloud\n", "helper.py": ""}
    root = make(files={**files, "sunshine.py": ""})
    catalog = Catalog([root])
    settle()
    assert "requirements-import" in codes(catalog)
    (root / "parts" / "cloud.py").write_text("")
    assert "requirements-import" not in codes(catalog)


def test_a_file_of_the_same_size_and_time_is_seen(opened: tuple[Catalog, Path]) -> None:
    catalog, root = opened
    codes(catalog)
    seen = (root / "helper.py").stat()
    (root / "helper.py").write_text("VALUE = (\n")
    (root / "helper.py").write_text("VALUE 1 =\n")
    os.utime(root / "helper.py", ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert "source-invalid" in codes(catalog)


def test_what_is_gone_keeps_its_findings(opened: tuple[Catalog, Path]) -> None:
    catalog, root = opened
    (integration,) = catalog.integrations()
    catalog.check(integration)
    root.rename(root.parent / "elsewhere")
    assert catalog.check(integration) == integration.findings
