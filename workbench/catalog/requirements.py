"""``requirements.txt``: what it requires, and the pin on the SDK."""

import re
from dataclasses import dataclass
from pathlib import Path

from autohive_integrations_sdk.contracts import Pin, pin_in
from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from workbench.catalog.check_registry import finding
from workbench.catalog.file_reader import MAX_SOURCE, UnreadableError, read_text
from workbench.domain import Finding

NAME = "requirements.txt"
SDK = "autohive-integrations-sdk"

_COMMENT = re.compile(r"(^|\s)#.*$")
_SDK_ANYWHERE = re.compile(r"autohive[-_.]integrations[-_.]sdk", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Requirements:
    """The requirements in the file's order, joined ones separated, and the line of each.

    ``pin`` is the one on the SDK.
    """

    entries: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    pin: Pin | None = None
    findings: tuple[Finding, ...] = ()


def read_requirements(root: Path) -> Requirements:
    """Read the file; whatever is wrong with it is a finding."""
    try:
        text = read_text(root, NAME, most=MAX_SOURCE).text
    except UnreadableError as error:
        code = "requirements-missing" if error.code == "missing" else f"file-{error.code}"
        return Requirements(findings=(finding(code, NAME, error.line, 1, message=error),))
    return parse_requirements(text)


def parse_requirements(text: str) -> Requirements:
    """The requirements of a ``requirements.txt``, comments, continuations and options read as pip reads them."""
    entries: list[str] = []
    lines: list[int] = []
    findings: list[Finding] = []
    named = False
    for number, line in _lines(text):
        if line.startswith("-"):
            continue
        parts, problem = _parse(line, number)
        entries += parts
        lines += [number] * len(parts)
        findings += [problem] if problem else []
        named = named or any(map(_names_sdk, parts))
    if not named:
        findings.append(finding("requirements-no-sdk", NAME, 1, 1))
    return Requirements(tuple(entries), tuple(lines), pin_in(text), tuple(findings))


def _lines(text: str) -> list[tuple[int, str]]:
    """Line numbers and logical lines; a backslash at the end joins a line to the next."""
    lines: list[tuple[int, str]] = []
    start, joined = 1, ""
    for number, line in enumerate(text.splitlines(), 1):
        joined += line
        if joined.endswith("\\"):
            joined = joined[:-1]
            continue
        lines.append((start, joined))
        start, joined = number + 1, ""
    lines.append((start, joined))
    stripped = ((number, _COMMENT.sub("", line).strip()) for number, line in lines)
    return [(number, line) for number, line in stripped if line]


def _parse(line: str, number: int) -> tuple[list[str], Finding | None]:
    text = line.partition(" --")[0].strip()
    if _valid(text):
        return [text], None
    parts = _separated(text)
    if parts:
        return parts, finding("requirements-joined", NAME, number, 1, first=parts[0], second=parts[1])
    if text.startswith((".", "/")) or "://" in text:
        return [text], None
    return [text], finding("requirements-invalid", NAME, number, 1, text=repr(text[:80]))


def parse_requirement(entry: str) -> Requirement | None:
    """The requirement (PEP 508) that an entry is; None where it is not one, as a path or a URL."""
    try:
        return Requirement(entry)
    except InvalidRequirement:
        return None


def _names_sdk(text: str) -> bool:
    """Whether a requirement is one on the SDK, for this Python and system; an invalid one that names it counts."""
    requirement = parse_requirement(text)
    if requirement is None:
        return _SDK_ANYWHERE.search(text) is not None
    return canonicalize_name(requirement.name) == SDK and applies(requirement)


def applies(requirement: Requirement) -> bool:
    """Whether a requirement is for this Python and system; one whose marker cannot be evaluated is."""
    try:
        return requirement.marker is None or requirement.marker.evaluate()
    except (UndefinedComparison, UndefinedEnvironmentName):
        return True


def _valid(text: str) -> bool:
    requirement = parse_requirement(text)
    if requirement is None:
        return False
    name = canonicalize_name(requirement.name)
    return name == SDK or not name.endswith(SDK)  # "aiohttpautohive-integrations-sdk" is two names


def _separated(text: str) -> list[str]:
    """The two requirements that a missing newline joined, or nothing where no place divides the line into two."""
    named = _SDK_ANYWHERE.search(text)
    places = [named.start()] if named and named.start() else []
    places += [match.end() for match in re.finditer(r"[0-9*](?=[A-Za-z])", text[:400])]
    for place in places:
        parts = [text[:place].strip(), text[place:].strip()]
        if all(_valid(part) for part in parts):
            return parts
    return []
