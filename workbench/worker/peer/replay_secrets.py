"""The secrets of a replay: masked where requests are compared, put in where a recorded response has their names."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from workbench.answers.masks import MASK, SecretFill
from workbench.domain import Exchange, Request, Response, RunRequest
from workbench.events.obtained_secrets import ObtainedSecret, named, obtained_secrets
from workbench.events.redactor import Redactor
from workbench.worker.capture.bodies.counted_body import BODY_LIMIT

_MOST = 64 * 1024
"""Bytes of the longest body in which values that are not masked are looked for: what brings a token is shorter."""
_NAMED = re.compile("‹([^‹›]*?)(?: [0-9]+)?›")
"""A mask. The number is that of the second and further values of one name: which is which depends on their order."""


def _stored_secrets(exchange: Exchange) -> Iterator[ObtainedSecret]:
    """Values that stand in a recorded exchange as they were: it may be older than the rule that masks them today."""
    request, response = exchange.request, exchange.response
    if len(request.body) > _MOST:
        request = replace(request, body=b"")
    if response is not None and len(response.body) > _MOST:
        response = replace(response, body=b"")
    found = obtained_secrets(replace(exchange, request=request, response=response))
    return (one for one in found if MASK.search(one.value) is None)


def _same_name(mask: re.Match[str]) -> str:
    """The mask for all values of the name, in any letter case: made-up values of such names differ in nothing else."""
    return f"‹{mask[1].lower()}›"


class ReplaySecrets:
    """Knows the run's credentials, the values that it sends by itself, and made-up ones for all other names."""

    def __init__(self, request: RunRequest) -> None:
        self._own = Redactor.for_request(request, os.environ)
        self._seen: dict[str, ObtainedSecret] = {}
        self._named: dict[str, str] = {}
        self._fill = SecretFill(self._value_of)
        self._recorded = [self._fill.exchange(exchange).request for exchange in request.answers.recorded]
        self._redactor = self._own.knowing(self._fill.made_up)
        self._stored: tuple[Exchange, ...] = request.answers.recorded

    def recorded(self, exchanges: tuple[Exchange, ...]) -> list[Exchange]:
        """The recorded exchanges, whose requests have values in place of masks."""
        pairs = zip(exchanges, self._recorded, strict=True)
        return [replace(exchange, request=request) for exchange, request in pairs]

    def sent(self, request: Request) -> None:
        """A request is sent: what it holds of secrets, as far as its body is stored, is known from here on."""
        self._learn(Exchange(0, 0, 0, "", replace(request, body=request.body[:BODY_LIMIT]), 0.0))

    def filled(self, exchange: Exchange) -> Exchange:
        """A recorded exchange whose response has values in place of masks."""
        if exchange.response is None:
            return exchange
        made = replace(exchange, response=self._fill.response(exchange.response))
        self._learn(replace(made, request=Request("", "")))
        return made

    def answered(self, response: Response) -> Response:
        """The response of a rule, which may have begun from a masked one, with values in place of masks."""
        made = self.filled(Exchange(0, 0, 0, "", Request("", ""), 0.0, response=response)).response
        return made or response

    def masked(self, request: Request) -> Request:
        """A request with names in place of its secrets, without their numbers."""
        masked = self._redactor.exchange(Exchange(0, 0, 0, "", request, 0.0)).request
        if "‹" not in masked.url and "‹".encode() not in masked.body:
            return masked
        body = _NAMED.sub(_same_name, bytes(masked.body).decode("utf-8", "surrogateescape"))
        return replace(masked, url=_NAMED.sub(_same_name, masked.url), body=body.encode("utf-8", "surrogateescape"))

    def know_stored(self) -> bool:
        """Look for values that the recording holds as they were; whether there are any. The second time there are none.

        Done where a request has no answer: hardly any recording has one, and to look takes longer than to begin.
        """
        found = [one for exchange in self._stored for one in _stored_secrets(exchange)]
        self._stored = ()
        self._know(found)
        return bool(found)

    def _learn(self, exchange: Exchange) -> None:
        self._know(obtained_secrets(exchange))

    def _know(self, secrets: Iterable[ObtainedSecret]) -> None:
        if new := [one for one in secrets if one.value not in self._seen]:
            self._seen |= {one.value: one for one in new}
            self._named = {name: one.value for name, one in named(self._seen.values()).items()}
            self._redactor = self._own.knowing(self._named).knowing(self._fill.made_up)

    def _value_of(self, name: str) -> str | None:
        return self._own.value_of(name) or self._named.get(name)
