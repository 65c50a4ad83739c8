"""``make docs``: writes the pages and tables that come from the code, so that they cannot differ from it."""

import json
import re
from collections.abc import Collection
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import click

from benchmarks.measure import Figure
from tests.releases.releases import table as releases_table
from workbench.catalog.findings.check_registry import page as checks_page
from workbench.cli import main as group
from workbench.cli.group import COMMANDS
from workbench.events import Command, Event
from workbench.schema import config_schema

DOCS = Path(__file__).parent
SAMPLES = DOCS.parent / "samples"
FIGURES = DOCS / "figures.json"
IN_README = {
    "run accepted to the handler's first line, warm spare",
    "validated `execute_action`, corpus inputs, speed-up",
    "list 41 integrations, cold",
    "forms: form of 51 fields",
    "workbench --version, processor time",
}
"""The figures that the README shows."""

MESSAGES = {"events": get_args(Event.__value__), "commands": get_args(Command.__value__)}
"""The classes of each table in docs/events.md."""

_START, _END = "<!-- figures: made by make docs -->\n", "<!-- end -->\n"
_HEAD = """# The commands

This page is made from the help texts by `make docs`; do not edit it by hand.

`workbench COMMAND`, or `python -m workbench COMMAND`. Each option can also be set by the environment variable that
stands beside it; an argument on the command line comes first. A flag is set by `1` and unset by `0`.
"""


def pages() -> dict[Path, str]:
    """The text of every page that is generated, or has a generated table."""
    events, performance, readme = DOCS / "events.md", DOCS / "performance.md", DOCS.parent / "README.md"
    capture = DOCS / "capture.md"
    return {
        capture: with_releases(capture.read_text(encoding="utf-8")),
        DOCS / "checks.md": checks_page(),
        DOCS / "commands.md": commands_page(),
        SAMPLES / "config.schema.json": json.dumps(config_schema(), indent=2) + "\n",
        events: with_messages(events.read_text(encoding="utf-8")),
        performance: with_figures(performance.read_text(encoding="utf-8")),
        readme: with_figures(readme.read_text(encoding="utf-8"), IN_README),
    }


def commands_page() -> str:
    """docs/commands.md: the help of every command."""
    return "\n".join([_HEAD, *(_section(name) for name in ("", *COMMANDS))])


def with_messages(page: str) -> str:
    """docs/events.md with the fields and the docstring of every event and command."""
    for name, kinds in MESSAGES.items():
        table = "\n".join(["| name | fields | meaning |", "|---|---|---|", *(_message_row(kind) for kind in kinds)])
        between_marks = rf"(<!-- {name} -->\n).*?(\n<!-- end -->)"
        page = re.sub(between_marks, lambda found, table=table: found[1] + table + found[2], page, flags=re.DOTALL)
    return page


def _message_row(kind: type[Any]) -> str:
    names = ", ".join(f"`{field.name}`" for field in fields(kind)) or "none"
    words = re.sub(r":\w+:`(?:[\w.]*\.)?(\w+)`", r"`\1`", " ".join((kind.__doc__ or "").split()))
    return f"| `{kind.__name__}` | {names} | {words.replace('``', '`')} |"


def with_releases(page: str) -> str:
    """docs/capture.md with the table of the releases that ``make test-releases`` tries."""
    between_marks = r"(<!-- releases: made by make docs -->\n).*?(\n<!-- end -->)"
    return re.sub(between_marks, lambda found: found[1] + releases_table() + found[2], page, flags=re.DOTALL)


def with_figures(text: str, names: Collection[str] = ()) -> str:
    """The page with the figures that ``make bench`` wrote, or those of ``names``, as a table between its two marks."""
    before, _, rest = text.partition(_START)
    after = rest.partition(_END)[2]
    figures = [Figure(**row) for row in json.loads(FIGURES.read_text(encoding="utf-8"))]
    rows = [f"| {one.name} | {one.value} | {one.target} |" for one in figures if not names or one.name in names]
    table = "\n".join(["| figure | measured | target |", "|---|---|---|", *rows])
    return f"{before}{_START}\n{table}\n\n{_END}{after}"


def _section(name: str) -> str:
    options: dict[str, Any] = {"terminal_width": 100, "max_content_width": 100}
    context = click.Context(group, info_name="workbench", help_option_names=["-h", "--help"], **options)
    command = group.get_command(context, name) if name else group
    if name:
        context = click.Context(command, info_name=name, parent=context, **options)
    return f"## {context.command_path}\n\n```\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
