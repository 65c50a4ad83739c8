"""Names that stand for secrets in a recording, and the values that a replay puts in their place."""

import re
from collections.abc import Callable
from dataclasses import replace

from workbench.domain import Exchange, Headers, Request, Response

MASK = re.compile("‹([^‹›\r\n]{1,200})›")
"""A secret that is masked, and its name."""
_MASK_BYTES = re.compile("‹".encode() + rb"((?:(?!\xe2\x80[\xb9\xba])[^\r\n]){1,200})" + "›".encode())
_NOT_PLAIN = re.compile("[^A-Za-z0-9_.-]+")


class SecretFill:
    """Puts values in the place of masks: the run's own by their name, else made-up ones, always the same for a name.

    :attr:`made_up` has those that were put in so far, by name.
    """

    def __init__(self, value_of: Callable[[str], str | None] = lambda name: None) -> None:
        self._value_of = value_of
        self.made_up: dict[str, str] = {}

    def text(self, text: str) -> str:
        """A text with values in place of its masks."""
        return MASK.sub(lambda match: self._value(match[1]), text) if "‹" in text else text

    def data(self, data: bytes) -> bytes:
        """The same for bytes in UTF-8."""
        return _MASK_BYTES.sub(lambda match: self._value(match[1].decode("utf-8", "replace")).encode(), bytes(data))

    def request(self, request: Request) -> Request:
        """A recorded request with values."""
        return replace(
            request,
            url=self.text(request.url),
            headers=self._headers(request.headers),
            body=self.data(request.body),
        )

    def response(self, response: Response) -> Response:
        """A recorded response with values."""
        headers, trailers = self._headers(response.headers), self._headers(response.trailers)
        body = self.data(response.body)
        return replace(response, reason=self.text(response.reason), headers=headers, body=body, trailers=trailers)

    def exchange(self, exchange: Exchange) -> Exchange:
        """A recorded exchange with values in its request and response."""
        response = None if exchange.response is None else self.response(exchange.response)
        return replace(exchange, request=self.request(exchange.request), response=response)

    def _headers(self, headers: Headers) -> Headers:
        return tuple((name, self.text(value)) for name, value in headers)

    def _value(self, name: str) -> str:
        value = self._value_of(name) or self.made_up.get(name)
        if value is None:
            value = self.made_up[name] = f"made-up-{_NOT_PLAIN.sub('-', name)}"
        return value
