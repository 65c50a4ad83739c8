"""Releases of the SDK as an integration's folder names them: what pip installed, and the pin in requirements.txt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autohive_integrations_sdk._requirements import REQUIREMENTS, LineKind, RequirementLine

if TYPE_CHECKING:
    from packaging.version import Version

RELEASES = ("2.0.1", "2.0.0", "1.1.1", "1.0.2", "0.1.2")
"""The releases that exist, newest first: pip installs the newest that a range allows."""

_VERSION = r"v?\d+(?:\.\d+)*(?:\.\*|(?:a|b|rc|\.post|\.dev)\d+)?"
_CLAUSE = rf"(?:===|==|~=|!=|<=|>=|<|>)\s*{_VERSION}"
# Not anchored: real files glue two requirements together where a line's end is missing ("requestsautohive-…").
_REQUIREMENT = re.compile(
    r"(?<![-_./])autohive[-_.]+integrations[-_.]+sdk(?![-_.]*[a-z0-9])\s*(?:\[[^\]]*\])?\s*"
    rf"(?:\(?\s*(?P<specifier>{_CLAUSE}(?:\s*,\s*{_CLAUSE})*))?",
    re.IGNORECASE,
)
_WHEEL = re.compile(r"/autohive_integrations_sdk-(?P<version>\d[^-/]*)-[^/]*\.whl", re.IGNORECASE)
_DIST_INFO = re.compile(r"autohive[-_.]+integrations[-_.]+sdk-(?P<version>\d[^-]*)\.dist-info", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pin:
    """A requirement on the SDK.

    ``specifier`` is as written, without blanks; ``release`` is the newest that it allows, ``exact`` whether all that it
    allows is of one release line; ``line`` of ``file`` counts from 1.
    """

    specifier: str
    release: str
    exact: bool
    line: int
    file: str = REQUIREMENTS


def installed_releases(names: Iterable[str]) -> list[str]:
    """The releases of the SDK whose ``.dist-info`` is among the names of a folder's entries, the newest last."""
    found = [version for match in map(_DIST_INFO.fullmatch, names) if match for version in _versions(match["version"])]
    return [str(version) for version in sorted(found)]


def pin_of(lines: Iterable[RequirementLine]) -> Pin | None:
    """The first pin on the SDK that holds on this machine, with the constraint on it; None without one.

    A constraint counts where a line requires the SDK.
    """
    required = constrained = None
    for line in lines:
        named = _named(line)
        if line.kind is LineKind.CONSTRAINT:
            constrained = constrained or (named if named and named.specifier else None)
        else:
            required = required or named
    if required is None:
        return None
    pin = constrained if constrained and not required.specifier else required
    limits = {one.specifier: None for one in (required, constrained) if one and one.specifier}
    return _pin(",".join(limits), pin.line) if limits else None


@dataclass(frozen=True, slots=True)
class _Named:
    """A line that names the SDK, and the releases that it allows; empty for any."""

    specifier: str
    line: RequirementLine


def _named(line: RequirementLine) -> _Named | None:
    match = _REQUIREMENT.search(line.text)
    if match is None or not _marker_holds(line.text[match.end() :]):
        return None
    if match["specifier"]:
        return _Named(re.sub(r"\s+", "", match["specifier"]), line)
    wheel = _WHEEL.search(line.text, match.end())
    return _Named(f"=={wheel['version']}" if wheel else "", line)


def _pin(specifier: str, line: RequirementLine) -> Pin | None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        allowed = [release for release in RELEASES if SpecifierSet(specifier).contains(release)]
    except InvalidSpecifier:
        allowed = []
    if allowed:
        lines = {release.partition(".")[0] for release in allowed}
        return Pin(specifier, allowed[0], len(lines) == 1, line.line, line.file)
    # Of releases that are not known, the one that is named: a lower bound, else any.
    clauses = re.findall(rf"([=~!<>]+)({_VERSION})", specifier, re.IGNORECASE)
    lower = [text for operator, text in clauses if operator in ("==", "===", "~=", ">=", ">")]
    named = [version for text in (*lower, *(text for _, text in clauses)) for version in _versions(text)]
    return Pin(specifier, str(named[0]), True, line.line, line.file) if named else None


def _versions(text: str) -> list[Version]:
    """The version that a text is, as a list of one, or of none."""
    from packaging.version import InvalidVersion, Version

    try:
        return [Version(text.removesuffix(".*"))]
    except InvalidVersion:
        return []


def _marker_holds(rest: str) -> bool:
    """Whether the environment marker after a requirement holds here; one that cannot be evaluated counts as holding."""
    _, semicolon, marker = rest.partition(";")
    if not semicolon or not marker.strip():
        return True
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

    try:
        return Marker(marker).evaluate()
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName):
        return True
