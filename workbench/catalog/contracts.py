"""Which of the SDK's contracts an integration was written for, and the rule that says so."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from workbench.catalog.source import Module, imports_results, modules
from workbench.domain import Contract, ContractVersion

DEPENDENCIES = "dependencies"

_DIST_INFO = re.compile(r"autohive[-_.]+integrations[-_.]+sdk-(.+)\.dist-info", re.IGNORECASE)

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*(?:(?:a|b|rc|\.post|\.dev)[0-9]+)?")
_NEWEST = (Version("0.999"), Version("1.999"), Version("2.999"))
"""A release of each line that is newer than any, for asking whether a range lets the line in."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The contract, and the files besides ``requirements.txt`` and ``dependencies/`` that it was read from."""

    contract: Contract
    read: tuple[str, ...] = ()


def decide(root: Path, entry_point: str, pin: str, chosen: ContractVersion | None = None) -> Decision:
    """The first rule that answers: said outright, installed, pinned, imported."""
    if chosen is not None:
        return Decision(Contract(chosen, "chosen by hand"))
    contract = _installed(root) or _pinned(pin)
    return Decision(contract) if contract else _imported(root, entry_point)


def line_of(version: Version) -> ContractVersion:
    """The release line that a version of the SDK belongs to; what is newer than we know counts as the newest."""
    return {0: ContractVersion.V0_1, 1: ContractVersion.V1}.get(version.major, ContractVersion.V2)


def installed_versions(root: Path) -> list[Version]:
    """The versions of the SDK that lie in ``dependencies/``, the newest last."""
    try:
        names = [entry.name for entry in (root / DEPENDENCIES).iterdir()]
    except OSError:
        return []
    return _versions(match[1] for name in names if (match := _DIST_INFO.fullmatch(name)))


def _installed(root: Path) -> Contract | None:
    found = installed_versions(root)
    if not found:
        return None
    also = f" (and, left over, {', '.join(map(str, found[:-1]))})" if found[:-1] else ""
    return Contract(line_of(found[-1]), f"{DEPENDENCIES}/ holds version {found[-1]}{also}")


def _versions(texts: Iterable[str]) -> list[Version]:
    versions = []
    for text in texts:
        try:
            versions.append(Version(text))
        except InvalidVersion:
            continue
    return sorted(versions)


def _pinned(pin: str) -> Contract | None:
    """A range counts as the newest line that it allows, since that is what pip installs."""
    mentioned = _versions(_NUMBER.findall(pin))
    if not mentioned:
        return None
    try:
        allowed = SpecifierSet(pin)
    except InvalidSpecifier:
        return Contract(line_of(mentioned[0]), f"requirements.txt pins {pin}")
    lines = [line_of(version) for version in sorted((*mentioned, *_NEWEST)) if allowed.contains(version, True)]
    chosen = lines[-1] if lines else line_of(mentioned[0])
    ranges = "" if len(set(lines)) < 2 else f", so release line {chosen} at the newest"
    return Contract(chosen, f"requirements.txt pins {pin}{ranges}")


def _imported(root: Path, entry_point: str) -> Decision:
    if not entry_point or not (root / entry_point).is_file():
        return Decision(Contract(ContractVersion.V0_1, "nothing says otherwise: there is no entry point to look into"))
    paths: list[str] = []
    for module in modules(root, entry_point):
        paths.append(module.path)
        name = imports_results(module) if isinstance(module, Module) else None
        if name:
            return Decision(Contract(ContractVersion.V2, f"{module.path} imports {name}"), tuple(paths))
    reason = f"{entry_point} imports neither ActionResult, ActionError nor FetchResponse"
    return Decision(Contract(ContractVersion.V0_1, reason), tuple(paths))
