"""``docs/events.md`` has the docstring of every event; ``make docs`` writes its tables."""

from dataclasses import fields

from docs.generate import DOCS, MESSAGES


def test_the_page_has_every_event_and_command() -> None:
    page = (DOCS / "events.md").read_text(encoding="utf-8")
    for kinds in MESSAGES.values():
        for kind in kinds:
            assert f"| `{kind.__name__}` |" in page


def test_every_event_says_what_it_means_and_when_it_was() -> None:
    for kind in MESSAGES["events"]:
        assert kind.__doc__
        assert not kind.__doc__.startswith(f"{kind.__name__}("), kind
        assert fields(kind)[0].name == "at"
