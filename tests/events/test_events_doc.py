"""``docs/events.md`` has the docstring of every event. Run this file to write its tables again."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

from workbench.events import Command, Event

PAGE = Path(__file__).parents[2] / "docs" / "events.md"
KINDS = {"events": get_args(Event.__value__), "commands": get_args(Command.__value__)}


def table(kinds: tuple[type[Any], ...]) -> str:
    rows = ["| name | fields | meaning |", "|---|---|---|"]
    for kind in kinds:
        names = ", ".join(f"`{field.name}`" for field in fields(kind)) or "none"
        words = re.sub(r":\w+:`(?:[\w.]*\.)?(\w+)`", r"`\1`", " ".join((kind.__doc__ or "").split()))
        rows.append(f"| `{kind.__name__}` | {names} | {words.replace('``', '`')} |")
    return "\n".join(rows)


def page_with_tables(page: str) -> str:
    for name, kinds in KINDS.items():
        page = re.sub(rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", rf"\g<1>{table(kinds)}\g<2>", page, flags=re.DOTALL)
    return page


def test_the_page_says_what_the_classes_say() -> None:
    page = PAGE.read_text()
    assert page == page_with_tables(page), "docs/events.md is out of date: python tests/events/test_events_doc.py"
    for kinds in KINDS.values():
        for kind in kinds:
            assert f"| `{kind.__name__}` |" in page


def test_every_event_says_what_it_means_and_when_it_was() -> None:
    for kind in KINDS["events"]:
        assert kind.__doc__
        assert not kind.__doc__.startswith(f"{kind.__name__}("), kind
        assert fields(kind)[0].name == "at"


if __name__ == "__main__":
    PAGE.write_text(page_with_tables(PAGE.read_text()))
