"""One run in the store: its events added up, its masked view, its size."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from threading import Condition, Lock
from typing import Any

from workbench.domain import Exchange, Outcome, Run, RunRequest, RunState, SecretName
from workbench.events import (
    CaptureNoted,
    Event,
    ExchangeStarted,
    HandlerReturned,
    LogRecorded,
    OutcomeFold,
    OutputWritten,
    RequestBodySent,
    ResponseBodyReceived,
)
from workbench.events.obtained_secrets import ObtainedSecret, named, obtained_secrets
from workbench.events.redactor import Redactor
from workbench.events.token_times import token_times

_OVERHEAD = 160
"""Bytes that an object costs beside its text, roughly."""

_SMALL = frozenset({int, float, bool, type(None)})


_ROWS = 4
"""What part of a run's limit exchanges without their bodies have besides."""
_NO_MORE_BODIES = "The run reached its memory limit. Later bodies and output were dropped."
_NO_MORE_REQUESTS = "The run sent more requests than can be shown. Later ones are missing."


@dataclass(slots=True)
class StoreTotals:
    """The totals of a store, shared by its runs and subscriptions."""

    bytes: int = 0
    subscribers: int = 0
    closed: bool = False


class StoredRun:
    """One run: its request, the outcome so far, and the masked view of it. The store's lock guards every call."""

    def __init__(
        self, request: RunRequest, created_at: float, max_bytes: int, changed: Condition, environ: Mapping[str, str]
    ) -> None:
        self.id = ""
        self.changed = changed
        self.request = request
        self.created_at = created_at
        self.version = 0
        self.dropped = False
        self.size = size_of(request)
        self._limit = self.size + max_bytes
        self._row_limit = self._limit + max_bytes // _ROWS
        self._notes: set[str] = set()
        self._fold = OutcomeFold()
        self._outcome: Outcome | None = None
        self._mask = MaskedView(request, environ)

    @property
    def finished(self) -> bool:
        """Whether the run is over."""
        return self._fold.state is RunState.FINISHED

    def add(self, event: Event, size: int) -> int:
        """Add an event; returns the bytes by which the run grew. What is over the limit is dropped, with a note.

        Exchanges without their bodies have some room beyond it, so that each request of a run is shown.
        """
        added: Event | None = event
        if self.size + size > self._limit:
            added = _without_bulk(event)
            if isinstance(event, ExchangeStarted) and self.size + size > self._row_limit:
                added = None
                self._note_full(event.at, _NO_MORE_REQUESTS)
            if added is not event:
                size = 0
                self._note_full(event.at, _NO_MORE_BODIES)
        if added is not None:
            self._fold.add(added)
        self.size += size
        self.version += 1
        self._outcome = None
        return size

    def _note_full(self, at: float, note: str) -> None:
        if note not in self._notes:
            self._notes.add(note)
            self._fold.add(CaptureNoted(at, note))

    @property
    def value_size(self) -> int:
        """About how many bytes the return value takes that :meth:`drop_value` would free."""
        returned = self._fold.returned
        return 0 if returned is None else returned.memory

    def drop_value(self) -> int:
        """Keep the run without its return value, which says why it is gone; returns the bytes that this frees."""
        freed = self.value_size
        self._fold.drop_value()
        self._mask.forget()
        self.size -= freed
        self.version += 1
        self._outcome = None
        return freed

    def raw(self) -> Run:
        """The run without masks."""
        if self._outcome is None:
            self._outcome = self._fold.outcome
        return Run(self.id, self.request, self.created_at, self._outcome)

    @property
    def mask(self) -> "MaskedView":
        """The masked view."""
        return self._mask


class MaskedView:
    """The masked view of one run, made once for each version; exchanges that did not change are not searched again."""

    def __init__(self, request: RunRequest, environ: Mapping[str, str]) -> None:
        self._declared = self._redactor = Redactor.for_request(request, environ)
        self._given = request
        self._request = self._redactor.request(request)
        self._obtained: dict[int, tuple[Exchange, tuple[ObtainedSecret, ...]]] = {}
        self._secrets: dict[str, ObtainedSecret] = {}
        self._exchanges: dict[int, tuple[Exchange, Exchange]] = {}
        self._last: tuple[Outcome, Run] | None = None
        self._lock = Lock()
        self._given_names = tuple(
            SecretName(name, None, False, *token_times(value)) for name, value in self._declared.values.items()
        )
        self._names = self._given_names

    def view(self, run: Run) -> Run:
        """``run`` without its secrets."""
        with self._lock:
            if self._last is None or self._last[0] is not run.outcome:
                self._learn(run.outcome.exchanges)
                exchanges = [self._exchange(exchange) for exchange in run.outcome.exchanges]
                outcome = replace(self._redactor.outcome(run.outcome, exchanges), secrets=self._names)
                self._last = run.outcome, replace(run, request=self._request, outcome=outcome)
            return self._last[1]

    def secret(self, name: str) -> str | None:
        """The value for which ``name`` stands in the view; None where it stands for none."""
        with self._lock:
            return self._redactor.value_of(name)

    def _learn(self, exchanges: Iterable[Exchange]) -> None:
        """Take in the secrets that the run has obtained; what was masked before is masked again with them."""
        for exchange in exchanges:
            known = self._obtained.get(exchange.id)
            if known is None or known[0] is not exchange:
                self._obtained[exchange.id] = exchange, obtained_secrets(exchange)
        found = (secret for _, secrets in self._obtained.values() for secret in secrets)
        secrets = named(secret for secret in found if not self._declared.knows(secret.value))
        if secrets != self._secrets:
            self._secrets = secrets
            obtained = (
                SecretName(name, one.exchange, one.in_response, *token_times(one.value))
                for name, one in secrets.items()
            )
            self._names = (*self._given_names, *obtained)
            self._redactor = self._declared.knowing({name: secret.value for name, secret in secrets.items()})
            self._request = self._redactor.request(self._given)
            self._exchanges.clear()

    def forget(self) -> None:
        """Hold no value of the run any more; takes no lock, which a view may hold for a while."""
        self._last = None
        self._redactor.forget()

    def _exchange(self, exchange: Exchange) -> Exchange:
        known = self._exchanges.get(exchange.id)
        if known is None or known[0] is not exchange:
            known = exchange, self._redactor.exchange(exchange)
            self._exchanges[exchange.id] = known
        return known[1]


def size_of(value: Any) -> int:
    """About how many bytes a value of :mod:`workbench.domain` or an event takes."""
    if isinstance(value, HandlerReturned) and value.returned.memory:
        return size_of(replace(value.returned, value=None)) + value.returned.memory
    total, stack = 0, [value]
    while stack:
        item = stack.pop()
        kind: Any = type(item)
        if kind in _SMALL:
            total += 32
        elif isinstance(item, str | bytes):
            total += len(item) + 50
        elif isinstance(item, dict):
            stack += item.keys()
            stack += item.values()
            total += _OVERHEAD
        elif isinstance(item, list | tuple):
            stack += item
            total += 60
        elif names := _field_names(kind):
            stack += [getattr(item, name) for name in names]
            total += _OVERHEAD
        else:
            total += 32
    return total


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def _without_bulk(event: Event) -> Event | None:
    """The event without what makes it large, or None where nothing else is in it."""
    if isinstance(event, RequestBodySent | ResponseBodyReceived):
        return replace(event, data=b"")
    return None if isinstance(event, OutputWritten | LogRecorded) else event
