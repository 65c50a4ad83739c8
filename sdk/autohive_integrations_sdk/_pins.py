"""Releases of the SDK as an integration's folder names them: what pip installed, and the pin in requirements.txt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.version import Version

_RELEASES = ("2.0.1", "2.0.0", "1.1.1", "1.0.2", "0.1.2")
"""The releases that exist, newest first: pip installs the newest that a range allows."""

_VERSION = r"v?\d+(?:\.\d+)*(?:\.\*|(?:a|b|rc|\.post|\.dev)\d+)?"
_CLAUSE = rf"(?:===|==|~=|!=|<=|>=|<|>)\s*{_VERSION}"
# Not anchored: real files glue two requirements together where a line's end is missing ("requestsautohive-…").
_REQUIREMENT = re.compile(
    r"(?<![-_.])autohive[-_.]+integrations[-_.]+sdk(?![-_.]*[a-z0-9])\s*(?:\[[^\]]*\])?\s*"
    rf"\(?\s*(?P<specifier>{_CLAUSE}(?:\s*,\s*{_CLAUSE})*)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"(^|\s)#.*$")
_DIST_INFO = re.compile(r"autohive[-_.]+integrations[-_.]+sdk-(?P<version>\d[^-]*)\.dist-info", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pin:
    """A requirement on the SDK.

    ``specifier`` is as written, without blanks; ``release`` is the newest that it allows, ``exact`` whether all that it
    allows is of one release line; ``line`` counts from 1.
    """

    specifier: str
    release: str
    exact: bool
    line: int


def installed_releases(names: Iterable[str]) -> list[str]:
    """The releases of the SDK whose ``.dist-info`` is among the names of a folder's entries, the newest last."""
    found = [version for match in map(_DIST_INFO.fullmatch, names) if match for version in _versions(match["version"])]
    return [str(version) for version in sorted(found)]


def pin_in(text: str) -> Pin | None:
    """The first pin on the SDK in the text of a requirements file that holds on this machine; None without one."""
    return next((pin for number, line in _lines(text) if (pin := _pin_in_line(line, number))), None)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Line numbers and logical lines (a backslash at the end joins a line to the next), comments and options aside."""
    start, joined = 1, ""
    for number, line in enumerate(text.splitlines(), 1):
        joined += line
        if joined.endswith("\\"):
            joined = joined[:-1] + " "
            continue
        if not joined.lstrip().startswith("-"):
            yield start, _COMMENT.sub("", joined)
        start, joined = number + 1, ""
    if not joined.lstrip().startswith("-"):
        yield start, _COMMENT.sub("", joined)


def _pin_in_line(line: str, number: int) -> Pin | None:
    match = _REQUIREMENT.search(line)
    if match is None or not _marker_holds(line[match.end() :]):
        return None
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    specifier = re.sub(r"\s+", "", match["specifier"])
    try:
        allowed = [release for release in _RELEASES if SpecifierSet(specifier).contains(release)]
    except InvalidSpecifier:
        allowed = []
    if allowed:
        lines = {release.partition(".")[0] for release in allowed}
        return Pin(specifier, allowed[0], len(lines) == 1, number)
    # Of releases that are not known, the one that is named: a lower bound, else any.
    clauses = re.findall(rf"([=~!<>]+)({_VERSION})", specifier, re.IGNORECASE)
    lower = [text for operator, text in clauses if operator in ("==", "===", "~=", ">=", ">")]
    named = [version for text in (*lower, *(text for _, text in clauses)) for version in _versions(text)]
    return Pin(specifier, str(named[0]), True, number) if named else None


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
