"""``requirements.txt``: what it requires, and the pin on the SDK."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from autohive_integrations_sdk.contracts import (
    MAX_BYTES,
    LineKind,
    Pin,
    RequirementError,
    RequirementErrorKind,
    RequirementLine,
    RequirementsText,
    pin_of,
)
from autohive_integrations_sdk.contracts import REQUIREMENTS as NAME
from autohive_integrations_sdk.contracts import read_requirements as read_lines
from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from workbench.catalog.files.file_reader import UnreadableError, read_bytes
from workbench.catalog.findings.check_registry import finding
from workbench.domain import Finding

SDK = "autohive-integrations-sdk"

_SDK_ANYWHERE = re.compile(r"autohive[-_.]integrations[-_.]sdk", re.IGNORECASE)
_EGG = re.compile(r"[#&]egg=(?P<name>[A-Za-z0-9][\w.-]*)")
_INCLUDE_REASONS = {
    RequirementErrorKind.CYCLE: "it includes itself",
    RequirementErrorKind.TOO_MANY: "there are too many files",
}


@dataclass(frozen=True, slots=True)
class Requirements:
    """The requirements in pip's order, joined ones separated; ``pin`` is the one on the SDK.

    ``files`` are the paths of ``requirements.txt`` and of what it includes.
    """

    lines: tuple[RequirementLine, ...] = ()
    pin: Pin | None = None
    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = (NAME,)

    @property
    def entries(self) -> tuple[str, ...]:
        """The requirements as they are written."""
        return tuple(line.text for line in self.lines)


def read_requirements(root: Path) -> Requirements:
    """Read the file and what it includes; whatever is wrong with them is a finding."""
    unread: list[Finding] = []

    def read(name: str, file: str, line: int) -> bytes | None:
        try:
            return read_bytes(root, name, most=MAX_BYTES)
        except UnreadableError as error:
            unread.append(_unread(name, file, line, error))
            return None

    text = read_lines(read)
    if any(one.path == NAME and one.code != "requirements-include" for one in unread):
        return Requirements(findings=tuple(unread), files=text.files)
    found = parse_requirements(text)
    return replace(found, findings=(*unread, *found.findings))


def _unread(name: str, file: str, line: int, error: UnreadableError) -> Finding:
    if name != NAME:
        return finding("requirements-include", file, line, 1, file=file, name=name, reason=str(error).rstrip("."))
    code = "requirements-missing" if error.code == "missing" else f"file-{error.code}"
    return finding(code, NAME, error.line, 1, message=error)


def parse_requirements(text: RequirementsText) -> Requirements:
    """The requirements among the lines of a folder's files."""
    lines: list[RequirementLine] = []
    findings = [_error(one) for one in text.errors]
    for line in text.lines:
        parts, error = _parse(line)
        findings += [error] if error else []
        lines += [replace(line, text=part) for part in parts if line.kind is not LineKind.CONSTRAINT]
    if not any(_names_sdk(line.text) for line in lines):
        findings.append(finding("requirements-no-sdk", NAME, 1, 1))
    return Requirements(tuple(lines), pin_of(text.lines), tuple(findings), text.files)


def _error(one: RequirementError) -> Finding:
    if one.kind is RequirementErrorKind.ENCODING:
        return finding("requirements-encoding", one.file, one.line, 1, file=one.file, encoding=one.name)
    if one.kind is RequirementErrorKind.URL:
        return finding("requirements-url", one.file, one.line, 1, file=one.file)
    reason = _INCLUDE_REASONS[one.kind]
    return finding("requirements-include", one.file, one.line, 1, file=one.file, name=one.name, reason=reason)


def _parse(line: RequirementLine) -> tuple[list[str], Finding | None]:
    text = line.text
    if line.kind is LineKind.EDITABLE or _valid(text):
        return [text], None
    parts = _separated(text)
    if parts:
        return parts, finding("requirements-joined", line.file, line.line, 1, first=parts[0], second=parts[1])
    if text.startswith((".", "/")) or "://" in text:
        return [text], None
    return [text], finding("requirements-invalid", line.file, line.line, 1, text=repr(text[:80]))


def parse_requirement(entry: str) -> Requirement | None:
    """The requirement (PEP 508) that an entry is; None where it is not one, as a path or a URL."""
    try:
        return Requirement(entry)
    except InvalidRequirement:
        return None


def required_name(entry: str) -> str:
    """The canonical name of the package that an entry asks for; empty where the entry names none."""
    requirement = parse_requirement(entry)
    if requirement is not None:
        return canonicalize_name(requirement.name)
    egg = _EGG.search(entry)
    return canonicalize_name(egg["name"]) if egg else ""


def _names_sdk(text: str) -> bool:
    """Whether a requirement is one on the SDK, for this Python and system; an invalid one that names it counts."""
    requirement = parse_requirement(text)
    if requirement is None:
        return _SDK_ANYWHERE.search(text) is not None
    return canonicalize_name(requirement.name) == SDK and applies(requirement)


def applies(requirement: Requirement, extra: str | None = None) -> bool:
    """Whether a requirement is for this Python and system; one whose marker cannot be evaluated is.

    ``extra`` is the one that is asked for of the package whose requirement it is.
    """
    try:
        given = None if extra is None else {"extra": extra}
        return requirement.marker is None or requirement.marker.evaluate(given)
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
