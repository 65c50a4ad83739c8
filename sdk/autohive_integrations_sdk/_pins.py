"""What a folder says about the SDK's version: its ``dependencies/``, and the pin in its ``requirements.txt``."""

import re
from dataclasses import dataclass
from pathlib import Path

_RELEASES = ("2.0.1", "2.0.0", "1.1.1", "1.0.2", "0.1.2")
"""Releases known to exist, newest first: a range is answered by the newest one it allows."""

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
    """A requirement on the SDK: as written, and the newest release that it allows. ``exact`` where that is one line."""

    specifier: str
    release: str
    exact: bool


def installed_version(dependencies: Path) -> str | None:
    """The version of the SDK that pip installed into that folder (the newest, where an upgrade left two), or None."""
    try:
        names = [path.name for path in dependencies.iterdir()]
    except OSError:
        return None
    found = [match["version"] for match in map(_DIST_INFO.fullmatch, names) if match]
    return max(found, key=_release_key, default=None)


def pin_of(requirements: Path) -> Pin | None:
    """The pin on the SDK in a requirements file; None where there is no file, no pin, or a marker rules it out."""
    try:
        text = requirements.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return None
    pins = map(pin_in_line, text.replace("\\\r\n", " ").replace("\\\n", " ").splitlines())
    return next((pin for pin in pins if pin is not None), None)


def pin_in_line(line: str) -> Pin | None:
    """The pin on the SDK in one line of a requirements file, or None."""
    line = _COMMENT.sub("", line)
    match = _REQUIREMENT.search(line)
    if match is None or not _marker_holds(line[match.end() :]):
        return None
    clauses = [_clause(text) for text in match["specifier"].split(",")]
    specifier = ",".join(operator + version for operator, version in clauses)
    allowed = [release for release in _RELEASES if all(_allows(*clause, release) for clause in clauses)]
    lower = next((version for operator, version in clauses if operator in ("==", "===", "~=", ">=", ">")), None)
    release = allowed[0] if allowed else lower
    if release is None:
        return None
    exact = len({_key(text)[0] for text in allowed} or {0}) == 1
    return Pin(specifier, release, exact)


def _clause(text: str) -> tuple[str, str]:
    operator = re.match(r"\s*([=~!<>]+)\s*", text)
    assert operator is not None  # noqa: S101 - _CLAUSE matched it
    return operator[1], text[operator.end() :].strip().lstrip("vV")


def _allows(operator: str, version: str, release: str) -> bool:
    """Whether a release meets one clause (PEP 440, as far as the releases of the SDK need it)."""
    wanted, have = _key(version), _key(release)
    width = max(len(wanted), len(have))
    same, order = _padded(have, width) == _padded(wanted, width), _padded(have, width) >= _padded(wanted, width)
    prefix = have[: len(wanted)] == wanted
    match operator:
        case "==" | "===":
            return prefix if version.endswith(".*") else same
        case "!=":
            return not (prefix if version.endswith(".*") else same)
        case "~=":
            return order and have[: max(len(wanted) - 1, 1)] == wanted[:-1] if len(wanted) > 1 else order
        case ">=":
            return order
        case ">":
            return order and not same
        case "<=":
            return same or not order
        case _:
            return not order


def _key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", re.split(r"a|b|rc|\.post|\.dev|\.\*", version)[0]))


def _release_key(version: str) -> tuple[int, ...]:
    return _key(version) or (0,)


def _padded(key: tuple[int, ...], width: int) -> tuple[int, ...]:
    return key + (0,) * (width - len(key))


def _marker_holds(rest: str) -> bool:
    """Whether the environment marker after a requirement holds here; one that cannot be read counts as holding."""
    _, semicolon, marker = rest.partition(";")
    if not semicolon or not marker.strip():
        return True
    from packaging.markers import InvalidMarker, Marker

    try:
        return Marker(marker).evaluate()
    except InvalidMarker:
        return True
