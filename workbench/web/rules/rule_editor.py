"""What the editor of a rule prints: the actions to choose from, and the fields of the chosen one."""

from dataclasses import dataclass
from typing import Final

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
_ALWAYS = ("action", "name", "method", "host", "path", "query", "nth", "after")
FAILURE_TITLES: Final = {
    "dns": "Name of the host not found",
    "refused": "Connection not accepted",
    "reset": "Connection lost before the response",
    "tls": "TLS failure",
    "timeout": "No answer until the timeout",
}
_REPLACEMENTS = {
    Replacement.NULL: "null",
    Replacement.NOTHING: "nothing: the property or item is left out",
    Replacement.OTHER_TYPE: "a value of another type",
    Replacement.EMPTY_ARRAY: "an empty array",
    Replacement.LONG_TEXT: "a long text",
    Replacement.VALUE: "this value",
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
    error: str = ""
    error_key: str = ""
    number: int | None = None
    digest: str = ""

    @property
    def title(self) -> str:
        """The heading."""
        return f"Rule {self.number}" if self.number else "Rule of this run" if self.origin.rule else "New rule"


def rule_editor(
    fields: RuleFields,
    *,
    origin: Origin = Origin(),
    error: str = "",
    key: str = "",
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
        fields.others((*_ALWAYS, *shown)),
        origin,
        error,
        key,
        number,
        digest,
    )
