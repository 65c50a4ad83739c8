"""One rule of each action, written for a host that the handler sends requests to."""

from dataclasses import dataclass
from typing import Final

from workbench.answer_rules.rule_table import FAILURES

_HOST: Final = "api.example.com"
_LINES: Final = (
    ("forward {} http://127.0.0.1:8812", "sends requests to another server"),
    ('respond GET {}/* 429 \'{{"error": "slow down"}}\' header=Retry-After:5', "answers with this status and body"),
    ("fail {} timeout", f"fails with one of {', '.join(FAILURES)}"),
    ("delay {} 2", "waits this many seconds before the response"),
    ("truncate {} 100", "ends the body after this many bytes"),
    (
        "replace {} /items/0 null",
        "puts null, nothing, other-type, empty-array, long-text or value=JSON at a JSON Pointer of the body",
    ),
    ("rate-limit {} 30", "answers 429 with Retry-After, as a date with “date” at the end"),
)


@dataclass(frozen=True, slots=True)
class RuleExample:
    """A line that can be added as it is, and what it does."""

    line: str
    text: str


def rule_examples(host: str) -> tuple[RuleExample, ...]:
    """The examples for requests to ``host``; for a made-up one where that is empty."""
    return tuple(RuleExample(line.format(host or _HOST), text) for line, text in _LINES)
