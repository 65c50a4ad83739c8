"""Findings that the integration's authors ignore: by a comment beside the line, or in ``workbench.toml``."""

import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.catalog.files.file_reader import UnreadableError, read_bytes
from workbench.catalog.findings.check_registry import ALIASES, ALL_CHECKS, finding
from workbench.catalog.workbench_toml import NAME, WorkbenchToml, read_workbench_toml
from workbench.domain import Finding
from workbench.schema.similarity import similar

_MARK = "workbench:"
_COMMENT = re.compile(r"#\s*workbench:\s*ignore\b[ \t]*(?P<code>[\w-]*)[ \t]*[:,-]?[ \t]*(?P<reason>.*)")
_TABLE = "check"
_MEMBER = "ignore"
_UNTIMELY = ("load-", "handler-")
"""Findings that a check without an import may not make, so that nothing can be said of what ignores them."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """What says that a finding does not count: its code, the reason, and where this stands.

    ``lines`` are those of ``file`` that a comment is for; without lines it is of ``workbench.toml``, and ``place`` is
    the file or the start of the pointer that it is for, empty for every place.
    """

    code: str
    reason: str
    file: str
    line: int
    lines: tuple[int, ...] = ()
    place: str = ""

    def covers(self, one: Finding) -> bool:
        """Whether it is for this finding."""
        if one.code != ALIASES.get(self.code, self.code):
            return False
        if self.lines:
            return one.path == self.file and one.line in self.lines
        pointer = one.pointer or ""
        return self.place in ("", one.path, pointer) or pointer.startswith(f"{self.place}/")


def comments_of_source(path: str, text: str) -> tuple[Ignore, ...]:
    """The comments of a Python module, which is valid."""
    if _MARK not in text:
        return ()
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [(token.start[0], token.string, token.line) for token in tokens if token.type == tokenize.COMMENT]
    return tuple(_comments(path, comments, text))


def read_ignores(root: Path, requirement_files: Iterable[str]) -> tuple[Ignore, ...]:
    """The comments of the requirement files and the table of ``workbench.toml``."""
    found: list[Ignore] = []
    for name in requirement_files:
        try:
            text = read_bytes(root, name, most=1 << 20).decode("utf-8", "replace")
        except UnreadableError:
            continue
        if _MARK in text:
            lines = enumerate(text.splitlines(), 1)
            found += _comments(name, [(at, line[line.index("#") :], line) for at, line in lines if "#" in line], text)
    return (*found, *_of_toml(read_workbench_toml(root)))


def apply_ignores(findings: Sequence[Finding], ignores: Sequence[Ignore]) -> tuple[Finding, ...]:
    """The findings, those that are ignored with the reason."""
    usable = [one for one in ignores if not _error(one)]
    return tuple(_applied(each, usable) for each in findings)


def check_ignores(root: Path, findings: Sequence[Finding], ignores: Sequence[Ignore]) -> Iterator[Finding]:
    """What is wrong with ``workbench.toml`` and with what is to be ignored; ``findings`` are all that were made."""
    for error in read_workbench_toml(root).errors:
        yield finding("toml-invalid", NAME, error.line, 1, message=error.message)
    for one in ignores:
        if error_text := _error(one):
            yield finding("ignore-invalid", one.file, one.line, 1, message=error_text)
        elif not one.code.startswith(_UNTIMELY) and not any(one.covers(each) for each in findings):
            yield finding("ignore-unused", one.file, one.line, 1, name=one.code)


def _applied(one: Finding, ignores: Sequence[Ignore]) -> Finding:
    by = next((each for each in ignores if each.covers(one)), None)
    return replace(one, ignored=by.reason, ignored_at=f"{by.file}:{by.line}") if by else one


def _error(one: Ignore) -> str:
    """Why it ignores nothing; empty where it is as it should be."""
    if not one.code:
        return "The comment names no code."
    if ALIASES.get(one.code, one.code) not in ALL_CHECKS:
        hint = similar(one.code, [*ALL_CHECKS])
        return f"There is no check {one.code}." + (f" Did you mean {hint}?" if hint else "")
    return "" if one.reason else f"{one.code} is not ignored, because no reason is given."


def _comments(path: str, comments: Iterable[tuple[int, str, str]], text: str) -> Iterator[Ignore]:
    """Comments: line, text from its ``#`` on, the whole line. One on a line of its own is for the next line of code."""
    lines = text.splitlines()
    for at, comment, whole in comments:
        match = _COMMENT.match(comment)
        if match is None:
            continue
        target = at
        while whole.lstrip().startswith("#") and target < len(lines) and lines[target].lstrip()[:1] in ("", "#"):
            target += 1
        target += whole.lstrip().startswith("#")
        yield Ignore(match["code"], match["reason"].strip(), path, at, (at, target))


def _of_toml(document: WorkbenchToml) -> Iterator[Ignore]:
    """The entries of ``[check.ignore]``: ``code = "reason"`` or ``"code place" = "reason"``."""
    table = document.table(_TABLE).get(_MEMBER, {})
    for key, reason in table.items() if isinstance(table, dict) else ():
        code, _, place = key.partition(" ")
        line = next((at for at, text in enumerate(document.text.splitlines(), 1) if key in text), 1)
        yield Ignore(code, reason.strip() if isinstance(reason, str) else "", NAME, line, place=place.strip())
