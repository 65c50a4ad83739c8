"""All checks, the findings made from them, and the page about them (docs/checks.md)."""

from collections.abc import Mapping

from workbench.catalog.findings.folder_codes import FILE_CHECKS, IGNORE_CHECKS, LOAD_CHECKS, REQUIREMENTS_CHECKS
from workbench.catalog.findings.publication_codes import PUBLICATION_CHECKS
from workbench.catalog.findings.source_codes import CODE_CHECKS, CONTRACT_CHECKS
from workbench.domain import Finding, Severity
from workbench.schema import CHECKS, Check

GROUPS: Mapping[str, tuple[Check, ...]] = {
    "Files": FILE_CHECKS,
    "config.json": CHECKS,
    "requirements.txt": REQUIREMENTS_CHECKS,
    "Code": CODE_CHECKS,
    "The SDK's release": CONTRACT_CHECKS,
    "Importing": LOAD_CHECKS,
    "Publishing": PUBLICATION_CHECKS,
    "Ignored findings": IGNORE_CHECKS,
}
"""All checks by what they look at, in the order of the page."""

ALL_CHECKS: Mapping[str, Check] = {check.code: check for checks in GROUPS.values() for check in checks}
"""Every check by its code."""

ALIASES: Mapping[str, str] = {former: check.code for check in ALL_CHECKS.values() for former in check.former}
"""The code of today for each former code."""


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
    """The finding of that code, its templates filled in. Raises :class:`KeyError` for an unknown code or word."""
    check = ALL_CHECKS[code]
    message, fix = check.message.format(**words), check.fix.format(**words)
    return Finding(code, Severity(check.severity), message, fix, path, line, column, pointer)


def page() -> str:
    """The text of docs/checks.md: all checks as a Markdown page."""
    sections = (line for title, checks in GROUPS.items() for line in _section(title, checks))
    former = (f"| `{old}` | `{new}` |" for old, new in sorted(ALIASES.items()))
    return "\n".join((*_HEAD, *sections, *_FORMER, *former, ""))


def plain(template: str) -> str:
    """A template as Markdown, its placeholders in italics."""
    return template.replace("{", "*").replace("}", "*")


def _section(title: str, checks: tuple[Check, ...]) -> list[str]:
    rows = [f"| `{one.code}` | {one.severity} | {_cell(one.about)} | {_cell(plain(one.fix))} |" for one in checks]
    return ["", f"## {title}", "", "| code | severity | description | fix |", "|---|---|---|---|", *rows]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


_HEAD = (
    "# What `workbench check` finds",
    "",
    "This page is generated from the table of checks by `make docs`; do not edit it by hand.",
    "",
    "    workbench check [--no-import] [--timeout SECONDS] [--format text|json|sarif|github|junit] PATH...",
    "",
    "A PATH is the folder of an integration, or a folder of integrations. First the files are read and no code runs.",
    "Then the code is imported in a separate process, which stops after the timeout. No handler is called. The pages",
    "of the catalog show the same findings, except those that need an import.",
    "",
    "An error is something that cannot work, a warning a probable mistake, a note a possible improvement. Each finding",
    "has a file, line and column. The command exits with 0 if there are no errors, with 1 if there are errors, and",
    "with 2 if something could not be checked, such as a path that does not exist or is not an integration.",
    "",
    "A finding is ignored, and shown as such, by a comment beside its line or above it, in Python and in",
    "requirements.txt, or by `workbench.toml` beside `config.json`. A reason is needed:",
    "",
    "    response = await context.fetch(url)  # workbench: ignore contract-fetch The proxy returns the body.",
    "",
    "    [check.ignore]",
    '    readme-missing = "The wiki has it."',
    '    "output-unchecked /actions/create" = "The service returns what it was sent."',
    "",
    "After a code, name a file or the start of a JSON Pointer; without one, the code is ignored everywhere.",
    "",
    "In GitHub Actions the format is `github` unless another is chosen. The hook `workbench-check` in",
    "`.pre-commit-hooks.yaml` is for pre-commit; give it the folders of the integrations as `args`.",
)

_FORMER = (
    "",
    "## Former codes",
    "",
    "SARIF reports list them as `deprecatedIds` of the rule, so that suppressed findings stay suppressed.",
    "",
    "| former code | code |",
    "|---|---|",
)
