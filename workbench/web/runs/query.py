"""What an outcome page shows of a run, read from its URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from workbench.web.runs.exchanges.query import ExchangeQuery

_LONGEST_POINTER = 4_000
_LONGEST_NAME = 20
_LONGEST_FIND = 200
_ALL = ExchangeQuery()


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected on the Validation tab: an error or a warning by its number, or a place of the value ``where``.

    ``at`` is a JSON Pointer into the value, ``rule`` one into its schema. Without any of them it is the first error.
    """

    error: int | None = None
    warning: int | None = None
    where: str = ""
    at: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomeQuery:
    """A tab, an exchange, an error, a raw body, a source of output; an empty ``tab`` means the run's default tab.

    ``here`` is the path of the page without these, for its links. ``at`` (in the data) and ``rule`` (in the schema) are
    places of the value ``where``: JSON Pointers behind ``#``, or empty. ``exchanges`` is the list of the HTTP tab,
    ``find`` what is searched for in the bodies of the opened exchange.
    """

    here: str = ""
    tab: str = ""
    exchange: int | None = None
    error: int | None = None
    raw: str = ""
    source: str = ""
    warning: int | None = None
    where: str = ""
    at: str = ""
    rule: str = ""
    exchanges: ExchangeQuery = _ALL
    find: str = ""

    @classmethod
    def parse(cls, args: Mapping[str, str], here: str) -> Self:
        """The query of a URL's parameters, for the page at ``here``; a parameter with a bad value is left out."""
        return cls(
            here=here,
            tab=args.get("tab", "")[:_LONGEST_NAME],
            exchange=_number(args.get("exchange", "")),
            error=_number(args.get("error", args.get("fault", ""))),  # links of earlier releases say "fault"
            raw=args.get("raw", "")[:_LONGEST_NAME],
            source=args.get("source", "")[:_LONGEST_NAME],
            warning=_number(args.get("warning", "")),
            where=args.get("where", "")[:_LONGEST_NAME],
            at=_pointer(args.get("at", "")),
            rule=_pointer(args.get("rule", "")),
            exchanges=ExchangeQuery.parse(args),
            find=args.get("find", "")[:_LONGEST_FIND].strip(),
        )

    def parameters(self) -> dict[str, str]:
        """The URL parameters that :meth:`parse` reads back; empty ones are left out, and ``here`` is no parameter."""
        given = {
            "tab": self.tab,
            "exchange": self.exchange,
            "error": self.error,
            "raw": self.raw,
            "source": self.source,
            "warning": self.warning,
            "where": self.where,
            "at": self.at,
            "rule": self.rule,
            "find": self.find,
            **self.exchanges.parameters(),
        }
        return {name: str(value) for name, value in given.items() if value not in ("", None)}

    @property
    def page(self) -> str:
        """The URL of the page ``here`` that shows it."""
        return with_parameters(self.here, self.parameters())

    @property
    def selection(self) -> Selection:
        """What is selected on the Validation tab."""
        at = self.at[1:] if self.at.startswith("#") else None
        rule = self.rule[1:] if self.rule.startswith("#") else None
        return Selection(self.error, self.warning, self.where, at, rule)


def with_parameters(path: str, parameters: Mapping[str, str]) -> str:
    """``path`` with more URL parameters."""
    if not parameters:
        return path
    return f"{path}{'&' if '?' in path else '?'}{urlencode(parameters, errors='replace')}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _pointer(text: str) -> str:
    return text if len(text) < _LONGEST_POINTER and (text == "#" or text.startswith("#/")) else ""
