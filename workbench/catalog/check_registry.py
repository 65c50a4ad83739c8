"""Findings out of the one table of checks, and the page about them (docs/checks.md)."""

from collections.abc import Mapping

from workbench.catalog.folder_codes import CODE_CHECKS, CONTRACT_CHECKS, FILE_CHECKS, LOAD_CHECKS, REQUIREMENTS_CHECKS
from workbench.domain import Finding, Severity
from workbench.schema import CHECKS, Check

GROUPS: Mapping[str, tuple[Check, ...]] = {
    "Files": FILE_CHECKS,
    "config.json": CHECKS,
    "requirements.txt": REQUIREMENTS_CHECKS,
    "Code": CODE_CHECKS,
    "The SDK's release": CONTRACT_CHECKS,
    "Importing": LOAD_CHECKS,
}
"""All checks by what they look at, in the order of the page."""

ALL_CHECKS: Mapping[str, Check] = {check.code: check for checks in GROUPS.values() for check in checks}
"""Every check by its code."""


def finding(
    code: str,
    path: str = "config.json",
    line: int | None = None,
    column: int | None = None,
    /,
    *,
    pointer: str | None = None,
    **words: object,
) -> Finding:
    """The finding of that code, its templates filled in. Raises :class:`KeyError` for an unknown code or a gap."""
    check = ALL_CHECKS[code]
    message, remedy = check.message.format(**words), check.remedy.format(**words)
    return Finding(code, Severity(check.severity), message, remedy, path, line, column, pointer)


def page() -> str:
    """docs/checks.md: all checks as a Markdown page."""
    return "\n".join((*_HEAD, *(line for title, checks in GROUPS.items() for line in _section(title, checks)), ""))


def plain(template: str) -> str:
    """A template as text for people: the gaps as words in italics (Markdown)."""
    return template.replace("{", "*").replace("}", "*")


def _section(title: str, checks: tuple[Check, ...]) -> list[str]:
    rows = [f"| `{one.code}` | {one.severity} | {_cell(one.about)} | {_cell(plain(one.remedy))} |" for one in checks]
    return ["", f"## {title}", "", "| code | severity | what it is | what to do |", "|---|---|---|---|", *rows]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


_HEAD = (
    "# What `workbench check` finds",
    "",
    "This page is made from the table that holds the messages; do not edit it by hand.",
    "",
    "    workbench check [--no-import] [--timeout SECONDS] [--format text|json|sarif] PATH...",
    "",
    "A PATH is an integration's folder, or a folder of them. First the files are read and nothing is run; then the",
    "code is imported, in a process of its own that is ended after the timeout, and no handler is called. The pages of",
    "the catalog show the same findings, without those that need an import.",
    "",
    "An error means that something cannot work, a warning that something is probably not meant, a note that something",
    "could be better. Each finding comes with its file, line and column. The command exits with 0 where there are no",
    "errors, with 1 where there are, and with 2 where something could not be checked: no such path, no integration.",
)
