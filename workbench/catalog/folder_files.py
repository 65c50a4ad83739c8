"""What lies in an integration's folder beside its ``config.json``: the entry point and the icon."""

from dataclasses import dataclass
from pathlib import Path

from workbench.catalog.files.file_reader import inside
from workbench.catalog.findings.check_registry import finding
from workbench.domain import JSON, Finding

ICON_TYPES = (".svg", ".png", ".webp", ".jpg", ".jpeg", ".gif", ".ico")

_ICON_NAMES = tuple(f"{stem}{suffix}" for stem in ("icon", "logo") for suffix in ICON_TYPES)


@dataclass(frozen=True, slots=True)
class Part:
    """A path that a folder was found to have, relative to it and empty where there is none, and what is wrong."""

    path: str = ""
    findings: tuple[Finding, ...] = ()


def entry_point(root: Path, name: str) -> Part:
    """The module that registers the handlers. It keeps its name where the file is merely missing."""
    if not name:
        return Part()
    place = inside(root, name)
    if place is None:
        return Part("", _entry_finding("outside", name))
    try:
        found, directory = place.is_file(), place.is_dir()
    except (OSError, ValueError):
        found = directory = False
    if found and place.suffix == ".py":
        return Part(name)
    if found:
        return Part(name, _entry_finding("not-python", name))
    if directory:
        return Part(name, _entry_finding("not-a-file", name))
    return Part(name, _entry_finding("missing", name))


def icon(root: Path, names: tuple[str, ...], declared: JSON) -> Part:
    """The picture that ``config.json`` names, or a file called icon or logo. ``names`` are the folder's own."""
    candidates = [name for name in _ICON_NAMES if name in names]
    if isinstance(declared, str) and declared:
        candidates = [declared]
    findings: list[Finding] = []
    for name in candidates:
        place = inside(root, name)
        if place is None:
            findings.append(_icon_finding("outside", name))
        elif place.suffix.lower() not in ICON_TYPES:
            findings.append(_icon_finding("type", name))
        elif not _is_file(place):
            findings.append(_icon_finding("missing", name))
        else:
            return Part(name, tuple(findings))
    return Part("", tuple(findings))


def _is_file(place: Path) -> bool:
    try:
        return place.is_file()
    except (OSError, ValueError):
        return False


def _entry_finding(code: str, name: str) -> tuple[Finding, ...]:
    return (finding(f"entry-point-{code}", pointer="/entry_point", name=repr(name)),)


def _icon_finding(code: str, name: str) -> Finding:
    return finding(f"icon-{code}", pointer="/icon", name=repr(name), types=", ".join(ICON_TYPES))
