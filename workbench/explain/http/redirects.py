"""Redirects: which of a chain an exchange is, and what the library changed about the request on the way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.domain import Exchange
from workbench.domain.exchange import header_value
from workbench.explain.http import urls

_CREDENTIALS = ("Authorization", "Proxy-Authorization", "Cookie")
"""Headers that libraries leave out where a redirect leads to another origin."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """The exchange follows a redirect, the ``number``-th of ``count``. ``changes`` are short phrases."""

    number: int
    count: int
    changes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """``redirect 2 of 3``, and what changed."""
        return ", ".join((f"redirect {self.number} of {self.count}", *self.changes))


def find_redirects(exchanges: Iterable[Exchange]) -> dict[int, Redirect]:
    """The redirect that an exchange follows, by the exchange's id; those that follow none are not in it."""
    calls: dict[int, list[Exchange]] = {}
    for exchange in exchanges:
        calls.setdefault(exchange.group, []).append(exchange)
    found: dict[int, Redirect] = {}
    for call in calls.values():
        for chain in _chains(call):
            for number, (before, after) in enumerate(pairwise(chain), 1):
                found[after.id] = Redirect(number, len(chain) - 1, _changes(before, after))
    return found


def _chains(call: Sequence[Exchange]) -> Iterator[list[Exchange]]:
    """The exchanges of a call, cut after each one that is no redirect."""
    chain: list[Exchange] = []
    for exchange in call:
        chain.append(exchange)
        if not _is_redirect(exchange):
            yield chain
            chain = []
    yield chain


def _is_redirect(exchange: Exchange) -> bool:
    """Whether its response leads on: a 304 does not, nor one without an address."""
    response = exchange.response
    return response is not None and 300 <= response.status < 400 and bool(header_value(response.headers, "location"))


def _changes(before: Exchange, after: Exchange) -> tuple[str, ...]:
    had, has = before.request, after.request
    changes = [f"{had.method} became {has.method}"] if had.method != has.method else []
    if has.headers:
        host = urls.host_and_path(has.url)[0]
        changes += [
            f"{name} was not sent to {host}"
            for name in _CREDENTIALS
            if header_value(had.headers, name.lower()) and not header_value(has.headers, name.lower())
        ]
    return tuple(changes)
