"""How the requests of a run ended: which calls failed for good, and which went through after a retry."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.domain import JSON, Exchange, Outcome
from workbench.explain.outcome_cache import once_an_outcome

_LATER = (408, 425, 429)
_ANSWERS = (404, 409, 410, 412)
"""Error statuses that may be the answer that a handler wanted: not found, exists already, gone, changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of a run that ended: how many, the last exchange of each that failed, and the retries that helped.

    ``attempts`` counts those of a call that failed, by its group.
    """

    count: int
    failed: tuple[Exchange, ...]
    attempts: dict[int, int]
    retries: int

    @property
    def all_failed(self) -> bool:
        """Whether there were calls, and each of them failed."""
        return bool(self.failed) and len(self.failed) == self.count


@once_an_outcome
def of_outcome(outcome: Outcome) -> Calls:
    """The calls of a run. One that was cancelled counts as none: the handler no longer wanted its response."""
    last = {exchange.group: exchange for exchange in outcome.exchanges}
    ended = {group: one for group, one in last.items() if one.ended_at is not None and not _is_cancelled(one)}
    failed = {group: one for group, one in ended.items() if _has_failed(one, outcome.result)}
    broken = failed.keys() | {one.group for one in outcome.exchanges if _asks_to_try_again(one)}
    groups: dict[int, list[Exchange]] = {}
    for exchange in outcome.exchanges if broken else ():  # of a thousand that passed there is nothing to count
        if exchange.group in broken:
            groups.setdefault(exchange.group, []).append(exchange)
    return Calls(
        len(ended),
        tuple(failed.values()),
        {group: _attempts(groups[group]) for group in failed},
        sum(_retries(attempts) for group, attempts in groups.items() if group in ended and group not in failed),
    )


def _has_failed(exchange: Exchange, result: JSON) -> bool:
    """Whether a call's last attempt broke, or brought an error status that the result does not pass on."""
    if exchange.error is not None:
        return True
    status = exchange.response.status if exchange.response else 0
    return status >= 400 and status not in _ANSWERS and status not in _scalars(result)


def _scalars(result: JSON) -> Iterator[JSON]:
    """The values at the top of a result, and those one level below."""
    for value in result.values() if isinstance(result, dict) else (result,):
        yield value
        if isinstance(value, dict):
            yield from value.values()


def _is_cancelled(exchange: Exchange) -> bool:
    return exchange.error is not None and exchange.error.is_cancelled


def _attempts(group: Iterable[Exchange]) -> int:
    return sum(not is_redirect(exchange) for exchange in group)


def _retries(group: list[Exchange]) -> int:
    """The attempts of a call after one that failed on the wire, or that the server asked to make later."""
    if all(exchange.error is None for exchange in group):
        return sum(_asks_to_try_again(before) for before in group[:-1])
    return sum(not is_redirect(before) for before in group[:-1])


def _asks_to_try_again(exchange: Exchange) -> bool:
    """Whether it failed on the wire, or the server was too busy or broken."""
    status = exchange.response.status if exchange.response else 0
    return exchange.error is not None or status in _LATER or status >= 500


def is_redirect(exchange: Exchange) -> bool:
    """Whether the response led to another request."""
    return exchange.response is not None and 300 <= exchange.response.status < 400
