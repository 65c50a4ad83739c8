"""Secrets that a run obtains or sends by itself: tokens, cookies and keys in the headers, URLs and bodies of exchanges.

A value is masked in its own place whatever it is. Where it is long enough to differ from ordinary text, it is masked
wherever it occurs in the run, before and after.
"""

from base64 import b64decode
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.domain import Exchange, Headers
from workbench.events.secret_forms import basic_credentials
from workbench.events.secret_places import authorization_secrets, header_places, is_authorization, text_secrets
from workbench.events.secret_spans import encoding_of
from workbench.events.secret_values import is_searchable

MOST = 50
"""Values that a run sent, and as many that it only got, that are masked outside of their own place.

Each costs time for every text. A list of tokens that came leaves room for the one that is sent.
"""

_HEAD = 16
"""Bytes of a body that tell UTF-16: those of a document begin with ASCII."""


@dataclass(frozen=True, slots=True)
class ObtainedSecret:
    """A value, the header, cookie, parameter or member that held it, and the exchange where it occurred first."""

    name: str
    value: str
    exchange: int
    in_response: bool = False


def obtained_secrets(exchange: Exchange) -> tuple[ObtainedSecret, ...]:
    """The secrets of one exchange that are masked wherever they occur."""
    found: dict[str, ObtainedSecret] = {}
    for name, value, in_response in _values(exchange):
        if is_searchable(value):
            found.setdefault(value, ObtainedSecret(name, value, exchange.id, in_response))
    return tuple(found.values())


def _values(exchange: Exchange) -> Iterator[tuple[str, str, bool]]:
    request, response = exchange.request, exchange.response
    for name, value in text_secrets(request.url):
        yield name, value, False
    for name, value in _of_message(request.headers, request.body):
        yield name, value, False
    if response is not None:
        for name, value in _of_message(response.all_headers, response.body):
            yield name, value, True


def _of_message(headers: Headers, body: bytes) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        for start, end, label in header_places(name, value):
            yield label, _as_sent(name, value[start:end])
        if is_authorization(name):
            read: set[int] = set()
            for start, _, pair in basic_credentials(value):
                if start not in read and "\ufffd" not in pair:  # in the first encoding that it is text in
                    read.add(start)
                    yield f"{name} password", pair.partition(":")[2]
            yield from authorization_secrets(name, value)
    if body:
        is_marked = body.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
        yield from text_secrets(body.decode("utf-16" if is_marked else encoding_of(body[:_HEAD]), "replace"))


def _as_sent(name: str, value: str) -> str:
    """The value of a header as code has it: that of ``-bin`` in metadata of gRPC is captured in base64."""
    if not name.lower().endswith("-bin"):
        return value
    try:
        return b64decode(value).decode()
    except ValueError:
        return value


def named(secrets: Iterable[ObtainedSecret]) -> dict[str, ObtainedSecret]:
    """The first :data:`MOST` values of each side by their names; further values of one name have a number."""
    found: dict[str, ObtainedSecret] = {}
    values: set[str] = set()
    room = {True: MOST, False: MOST}
    for secret in secrets:
        if secret.value in values or not room[secret.in_response]:
            continue
        room[secret.in_response] -= 1
        values.add(secret.value)
        name, number = secret.name, 2
        while name in found:
            name, number = f"{secret.name} {number}", number + 1
        found[name] = secret
    return found
