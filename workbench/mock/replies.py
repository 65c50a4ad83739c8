"""The recorded exchange that answers a request to the mock server, whichever host it was recorded from."""

from collections.abc import Hashable, Iterable
from dataclasses import replace
from urllib.parse import urlunsplit

from workbench.answers.masked_noise import masked_noise
from workbench.answers.masks import SecretFill
from workbench.answers.recording import Recording, stored_in_part
from workbench.answers.request_parts import host_of, parts_of
from workbench.domain import Answers, Exchange, Headers, Noise, Request, Unmatched
from workbench.domain.split_url import split_url

ORIGIN = "http://mock"
"""In place of every recorded host: callers have one address only."""


class Replies:
    """Answers requests from a recording. Equal requests get their answers in order, then the last one again.

    Masked secrets match any value; in answers made-up values stand in their place.
    """

    def __init__(self, answers: Answers) -> None:
        served = [each for each in answers.recorded if each.library != "grpc" and each.request.method != "CONNECT"]
        self.left_out = len(answers.recorded) - len(served)
        self.hosts = frozenset(host_of(each.request.url) for each in served)
        self.exchanges = tuple(map(_moved, served))
        self._noise: tuple[Noise, ...] = (
            *answers.noise,
            *(one for each in self.exchanges for one in masked_noise(each)),
        )
        self._recording = Recording(self.exchanges, self._noise)
        self._last: dict[Hashable, Exchange] = {}
        self._fill = SecretFill()

    def reply(self, request: Request) -> Exchange | Unmatched:
        """The exchange for a request whose URL begins with :data:`ORIGIN`, or what comes closest.

        A HEAD that was not recorded has that of the GET, which answers the next GET all the same.
        """
        found = self._reply(request)
        if request.method == "HEAD" and isinstance(found, Unmatched):
            asked = replace(request, method="GET")
            of_get = self._recording.next(asked) or self._last.get(parts_of(asked).key)
            return found if of_get is None else self._fill.exchange(of_get)
        return found

    def _reply(self, request: Request) -> Exchange | Unmatched:
        key = parts_of(request).key
        found = self._recording.take(request)
        if isinstance(found, Exchange):
            self._last[key] = found
        elif key in self._last:
            found = self._last[key]
        elif found.used and not found.differences:  # the same but for values that match any
            found = next(each for each in self.exchanges if each.id == found.closest)
        if isinstance(found, Exchange):
            return stored_in_part(found) or self._fill.exchange(found)
        return found

    def local(self, headers: Headers, base_url: str) -> Headers:
        """The headers of an answer; a redirect to a recorded host leads to ``base_url`` instead."""
        return tuple((name, self._moved_to(value, base_url) if name.lower() == "location" else value)
                     for name, value in headers)  # fmt: skip

    def _moved_to(self, location: str, base_url: str) -> str:
        parts = split_url(location)
        if not parts.netloc or host_of(location if parts.scheme else f"http:{location}") not in self.hosts:
            return location
        return base_url + urlunsplit(("", "", parts.path, parts.query, parts.fragment))


def recorded_requests(exchanges: Iterable[Exchange]) -> list[str]:
    """``GET /v1/items?page=1`` for each, without those that are equal."""
    return list(dict.fromkeys(f"{each.request.method} {local_part(each.request.url)}" for each in exchanges))


def local_part(url: str) -> str:
    """Path and query."""
    parts = split_url(url)
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))


def _moved(exchange: Exchange) -> Exchange:
    request = exchange.request
    return replace(exchange, request=replace(request, url=ORIGIN + local_part(request.url)))
