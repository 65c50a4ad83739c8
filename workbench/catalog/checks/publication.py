"""Notes on what the platform's own validator asks for: an icon of the right size, a README, tests."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from workbench.catalog.files.file_reader import UnreadableError, inside, read_bytes
from workbench.catalog.files.image_size import drawing_size, pixels
from workbench.catalog.findings.check_registry import finding
from workbench.catalog.workbench_toml import NAME as TOML
from workbench.domain import Finding, Integration

_TESTS = ("tests", "test")
_README = "readme.md"
_SIDE = 512
_MAX_NAMES = 10_000
_MAX_ICON = 4 * 1024 * 1024


def check_publication(integration: Integration) -> Iterator[Finding]:
    """A note for each thing that is missing or has another size."""
    root = integration.root
    names = _names(root)
    yield from _icon(integration)
    if not any(name.lower() == _README for name in names):
        yield finding("readme-missing")
    if not any(_is_test(name) for name in (*names, *_names_below(root))):
        yield finding("tests-missing")


def publication_paths(integration: Integration) -> tuple[Path, ...]:
    """The paths, beside the folder itself, whose change would make these notes others."""
    icon = (integration.icon,) if integration.icon else ()
    return (*icon, *(integration.root / name for name in _TESTS), integration.root / TOML)


def _icon(integration: Integration) -> Iterator[Finding]:
    root = integration.root
    if integration.icon is None:
        if not any(one.code.startswith("icon-") for one in integration.findings):
            yield finding("icon-absent", pointer="/icon")
        return
    name = integration.icon.relative_to(root).as_posix()
    try:
        data = read_bytes(root, name, most=_MAX_ICON)
    except UnreadableError:
        return
    if (size := pixels(data)) is not None and size != (_SIDE, _SIDE):
        yield finding("icon-size", name, 1, 1, name=name, width=size[0], height=size[1])
    elif size is None and (drawn := drawing_size(data)) is not None and drawn[0] != drawn[1]:
        yield finding("icon-not-square", name, 1, 1, name=name, width=f"{drawn[0]:g}", height=f"{drawn[1]:g}")


def _names_below(root: Path) -> Iterator[str]:
    for folder in _TESTS:
        place = inside(root, folder)
        if place is not None:
            yield from _names(place)


def _names(folder: Path) -> tuple[str, ...]:
    try:
        with os.scandir(folder) as entries:
            return tuple(entry.name for entry in islice(entries, _MAX_NAMES))
    except OSError:
        return ()


def _is_test(name: str) -> bool:
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))
