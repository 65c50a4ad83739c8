"""The fields of the editor of one rule: as typed, as they begin from an exchange, and the rule that they make."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from workbench.answer_rules import RuleError, read_rule
from workbench.answer_rules.rule_values import json_value
from workbench.domain import Exchange, Response, Rule, RuleAction
from workbench.explain.http import http_body, urls
from workbench.schema.words import quote

_LEFT_OUT = frozenset({
    "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive", "date", "server", "trailer",
})  # fmt: skip
"""Headers of a captured response that the workbench writes by itself, or that mean nothing in another answer."""


@dataclass(frozen=True, slots=True)
class RuleFields:
    """What was typed. ``headers`` is a line for each; ``action`` decides which of the others count."""

    action: str = RuleAction.RESPOND
    name: str = ""
    method: str = ""
    host: str = ""
    path: str = ""
    query: str = ""
    nth: str = ""
    after: str = ""
    base_url: str = ""
    status: str = "200"
    headers: str = ""
    body: str = ""
    failure: str = "refused"
    seconds: str = "1"
    as_date: str = ""
    length: str = "0"
    pointer: str = ""
    replacement: str = "null"
    value: str = ""

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Self:
        """The fields among posted values; ``to`` is the action whose button was pressed, in place of the one before."""
        texts = {each.name: form.get(each.name, "").replace("\r\n", "\n") for each in fields(cls)}
        return cls(**texts | ({"action": form["to"]} if "to" in form else {}))

    @classmethod
    def of_exchange(cls, exchange: Exchange, action: str) -> Self:
        """The fields for a rule about requests such as this one, which answers as this one was answered."""
        host, path = urls.host_and_path(exchange.request.url)
        known = action if action in {*RuleAction} else RuleAction.RESPOND
        place = (
            {"host": str(host), "path": str(path).partition("?")[0]}
            if known != RuleAction.FORWARD
            else {"host": str(host)}
        )
        method = {"method": str(exchange.request.method)} if known != RuleAction.FORWARD else {}
        return cls(action=known, **place, **method, **_answer(exchange.response))

    @classmethod
    def of_table(cls, table: Mapping[str, Any]) -> Self:
        """The fields of a rule of the file, as far as its values can stand in them."""
        match = table.get("match")
        given = {key: value for key, value in table.items() if key != "match"} | (
            match if isinstance(match, dict) else {}
        )
        texts = {each.name: _typed(each.name, given[each.name]) for each in fields(cls) if each.name in given}
        if "value" in given:
            texts["replacement"] = "value"
        return cls(**texts)

    def rule(self) -> Rule:
        """The rule. Raises :class:`RuleError`, whose key is the name of a field."""
        match: dict[str, Any] = {"method": self.method, "host": self.host, "path": self.path, "query": self.query}
        match |= {key: _whole(key, getattr(self, key)) for key in ("nth", "after") if getattr(self, key).strip()}
        table = {"name": self.name, "match": match, "action": self.action}
        return read_rule(table | self._values())

    def others(self, shown: tuple[str, ...]) -> dict[str, str]:
        """The fields that are not ``shown``, so that what was typed for another action stays."""
        return {name: value for name, value in asdict(self).items() if name not in shown}

    def _values(self) -> dict[str, Any]:
        match self.action:
            case RuleAction.FORWARD:
                return {"base_url": self.base_url}
            case RuleAction.RESPOND:
                return {"status": _whole("status", self.status), "headers": _headers(self.headers), "body": self.body}
            case RuleAction.FAIL:
                return {"failure": self.failure}
            case RuleAction.DELAY:
                return {"seconds": _number(self.seconds)}
            case RuleAction.TRUNCATE:
                return {"length": _whole("length", self.length)}
            case RuleAction.REPLACE:
                value = {"value": json_value("value", self.value)} if self.replacement == "value" else {}
                return {"pointer": self.pointer, "replacement": self.replacement} | value
            case RuleAction.RATE_LIMIT:
                return {"seconds": _number(self.seconds), "as_date": bool(self.as_date)}
        return {}


def _typed(name: str, value: Any) -> str:
    """A value of a table as it would be typed."""
    if name == "headers" and isinstance(value, dict):
        pairs = [
            (key, each) for key, given in value.items() for each in (given if isinstance(given, list) else [given])
        ]
        return "\n".join(f"{key}: {each}" for key, each in pairs)
    if name == "as_date":
        return "1" if value is True else ""
    if isinstance(value, str) and name != "value":
        return value
    return f"{value:g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False, default=str)


def _answer(response: Response | None) -> dict[str, str]:
    """The fields that answer as ``response`` did; a body that is no text, or was not recorded whole, is left out."""
    if response is None or not response.status:
        return {}
    text = None if response.cut else http_body.decode(response.body, http_body.content_type(response.headers)[1])
    headers = [f"{name}: {value}" for name, value in response.headers if name.lower() not in _LEFT_OUT]
    status = str(response.status) if 200 <= response.status <= 599 else "200"
    return {
        "status": status,
        "headers": "\n".join(headers),
        "body": _indented(str(text or "")),
        "length": str(response.size // 2),
    }


def _indented(text: str) -> str:
    """JSON in one line over several lines, so that it can be edited; any other text as it is."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    forms = (json.dumps(value, ensure_ascii=False, separators=separators) for separators in ((",", ":"), (", ", ": ")))
    return json.dumps(value, ensure_ascii=False, indent=2) if text.strip() in forms else text


def _headers(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if line.strip() and not colon:
            raise RuleError("headers", f"must be lines of NAME: VALUE, but one is {quote(line)}")
        if line.strip():
            found.setdefault(name.strip(), []).append(value.strip())
    return found


def _whole(key: str, text: str) -> int | None:
    digits = text.strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise RuleError(key, f"must be a whole number, but is {quote(digits)}")
    return int(digits)


def _number(text: str) -> float | None:
    try:
        return float(text) if text.strip() else None
    except ValueError:
        raise RuleError("seconds", f"must be a number, but is {quote(text)}") from None
