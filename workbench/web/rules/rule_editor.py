"""What the editor of a rule prints: the actions to choose from, and the fields of the chosen one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workbench.answer_rules import RuleError
from workbench.answer_rules.rule_table import FAILURES
from workbench.domain import Replacement, RuleAction
from workbench.web.rules.rule_fields import RuleFields
from workbench.web.ui.widgets import Option

TITLES: Final = {
    RuleAction.RESPOND: "Answer with",
    RuleAction.FAIL: "Fail",
    RuleAction.FORWARD: "Forward to",
    RuleAction.DELAY: "Delay",
    RuleAction.TRUNCATE: "Cut off",
    RuleAction.REPLACE: "Change a value",
    RuleAction.RATE_LIMIT: "Rate-limit",
}
_SHOWN = {
    RuleAction.RESPOND: ("status", "headers", "body"),
    RuleAction.FAIL: ("failure",),
    RuleAction.FORWARD: ("base_url",),
    RuleAction.DELAY: ("seconds",),
    RuleAction.TRUNCATE: ("length",),
    RuleAction.REPLACE: ("pointer", "replacement", "value"),
    RuleAction.RATE_LIMIT: ("seconds", "as_date"),
}
_ALWAYS = ("name", "method", "host", "path", "query", "nth", "after")
LABELS: Final = {
    "method": "Method",
    "host": "Host",
    "path": "Path",
    "query": "Query",
    "nth": "Nth request",
    "after": "Requests to skip",
    "name": "Name of the rule",
    "status": "Status",
    "headers": "Headers",
    "body": "Body",
    "base_url": "Base URL",
    "failure": "Failure",
    "seconds": "Time in seconds",
    "as_date": "Send Retry-After as a date",
    "length": "Length in bytes",
    "pointer": "JSON Pointer",
    "replacement": "New value",
    "value": "Value",
}
"""The labels of the fields by their names, which are the keys of a rule."""

FAILURE_TITLES: Final = {
    "dns": "Host name not found",
    "refused": "Connection refused",
    "reset": "Connection lost before the response",
    "tls": "TLS failure",
    "timeout": "No response before the timeout",
}
_REPLACEMENTS = {
    Replacement.NULL: "null",
    Replacement.NOTHING: "None: remove the property or item",
    Replacement.OTHER_TYPE: "A value of another type",
    Replacement.EMPTY_ARRAY: "An empty array",
    Replacement.LONG_TEXT: "A long string",
    Replacement.VALUE: "The value below",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """The exchange that a rule began from; ``rule`` is the place from 0 of the rule of that run which it replaces."""

    run_id: str = ""
    exchange: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class RuleEditor:
    """The page. ``shown`` are the names of the action's own fields, ``hidden`` the values of the other actions.

    ``number`` is that of the rule in ``workbench.toml``, 0 for one to be added, None for one that begins from an
    exchange; ``digest`` is that of the file.
    """

    fields: RuleFields
    actions: tuple[Option, ...]
    failures: tuple[Option, ...]
    replacements: tuple[Option, ...]
    shown: tuple[str, ...]
    hidden: dict[str, str]
    origin: Origin = Origin()
    error: RuleError | None = None
    number: int | None = None
    digest: str = ""

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of the fields by their names."""
        return LABELS

    @property
    def error_key(self) -> str:
        """The name of the field that is wrong; empty where none is, or where the page has no such field."""
        return self.error.key if self.error and self.error.key in (*_ALWAYS, *self.shown) else ""

    @property
    def error_text(self) -> str:
        """Why the rule is not valid, with the label of its field, or the key of the file where there is none."""
        if self.error is None:
            return ""
        return f"{LABELS[self.error_key]} {self.error.why}" if self.error_key else f"In workbench.toml, {self.error}"

    @property
    def title(self) -> str:
        """The heading."""
        return f"Rule {self.number}" if self.number else "Rule of this run" if self.origin.rule else "New rule"


def rule_editor(
    fields: RuleFields,
    *,
    origin: Origin = Origin(),
    error: RuleError | None = None,
    number: int | None = None,
    digest: str = "",
) -> RuleEditor:
    """The page of a rule with these fields, which began from an exchange of a run where there is one."""
    action = RuleAction(fields.action) if fields.action in {*RuleAction} else RuleAction.RESPOND
    shown = _SHOWN[action]
    return RuleEditor(
        fields,
        tuple(Option(each.value, title, each is action) for each, title in TITLES.items()),
        tuple(Option(name, FAILURE_TITLES[name], name == fields.failure) for name in FAILURES),
        tuple(Option(each.value, text, each.value == fields.replacement) for each, text in _REPLACEMENTS.items()),
        shown,
        fields.others(("action", *_ALWAYS, *shown)),
        origin,
        error,
        number,
        digest,
    )
