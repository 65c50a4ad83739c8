"""Secrets that a run obtains or sends by itself: tokens, cookies and keys in the headers, URLs and bodies of exchanges.

A value is masked in its own place whatever it is. Where it is long enough to differ from ordinary text, it is masked
wherever it occurs in the run, before and after.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

from workbench.domain import Exchange, Headers
from workbench.events.secret_forms import basic_credentials
from workbench.events.secret_names import is_trivial

SHORTEST = 8
"""Characters of the shortest value that is masked outside of its own place."""

MOST = 50
"""Values of a run that are masked outside of their own place: each costs time for every text."""

_HEADER = re.compile(r"(?:proxy-)?authorization|(?:set-)?cookie|(?:x-)?api-?key|.*-token", re.IGNORECASE)
_MEMBER = (
    r"(?:access|refresh|id|auth|session|bearer|api|secret|security|csrf)[_-]?token|client[_-]?secret|client[_-]?assertion"
    r"|(?:x[_-])?api[_-]?key|(?:secret|private)[_-]?(?:access[_-]?)?key|password|passwd|passphrase"
)
_IN_JSON = re.compile(rf'"({_MEMBER})"\s*:\s*"([^"\\]*+(?:\\.[^"\\]*+)*+)', re.IGNORECASE)
_IN_FORM = re.compile(
    rf"""(?:\A|[?&;])({_MEMBER})=((?:[^&\s#"\\<]|\\(?!")|"(?![\s,:>/\]}}]|\Z)|<(?!/))*+)""", re.IGNORECASE
)
"""A parameter of a form or of a URL, which may stand in a string of JSON or in an element."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9_-]*) +(?=\S)")
_ORDINARY = re.compile(
    r"true|false|null|none|undefined|bearer|basic|token|anonymous|public|default|deleted|[*xX•.]+"
    r"|v?[0-9]+(?:[.-][0-9]+)*|[0-9-]+T[0-9:.]+(?:Z|[+-][0-9:]+)?",
    re.IGNORECASE,
)


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


def is_searchable(value: str) -> bool:
    """Whether a value can be masked in any text without a loss of ordinary words."""
    return len(value) >= SHORTEST and not is_trivial(value) and _ORDINARY.fullmatch(value) is None


def header_places(name: str, value: str) -> Iterator[tuple[int, int, str]]:
    """The places of secrets in a header, each with what it is called. A scheme of Authorization is none."""
    lower = name.lower()
    if _HEADER.fullmatch(name) is None or not value:
        return
    if lower == "cookie":
        yield from _cookies(value, 0)
    elif lower == "set-cookie":
        yield from _cookies(value.partition(";")[0], 0)
    else:
        scheme = _SCHEME.match(value) if lower.endswith("authorization") else None
        yield scheme.end() if scheme else 0, len(value), name


def text_places(text: str) -> Iterator[tuple[int, int, str]]:
    """The places of secrets in a URL or a body (JSON or a form, also one that is cut), each with its name."""
    for pattern in (_IN_JSON, _IN_FORM):
        for match in pattern.finditer(text):
            if match[2]:
                yield *match.span(2), match[1]


def _values(exchange: Exchange) -> Iterator[tuple[str, str, bool]]:
    request, response = exchange.request, exchange.response
    for name, value in _of_text(request.url):
        yield name, value, False
    for name, value in _of_message(request.headers, request.body):
        yield name, value, False
    if response is not None:
        for name, value in _of_message(response.headers, response.body):
            yield name, value, True


def _of_message(headers: Headers, body: bytes) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        for start, end, label in header_places(name, value):
            yield label, value[start:end]
        if name.lower().endswith("authorization"):
            read: set[int] = set()
            for start, _, pair in basic_credentials(value):
                if start not in read and "\ufffd" not in pair:  # in the first encoding that it is text in
                    read.add(start)
                    yield f"{name} password", pair.partition(":")[2]
    if body:
        yield from _of_text(body.decode("utf-8", "replace"))


def _of_text(text: str) -> Iterator[tuple[str, str]]:
    for start, end, name in text_places(text):
        value = text[start:end]
        yield name, value.replace("\\/", "/")
        if "%" in value or "+" in value:
            yield name, unquote_plus(value)


def _cookies(text: str, start: int) -> Iterator[tuple[int, int, str]]:
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals and (bare := value.strip()):
            at = start + len(name) + 1 + len(value) - len(value.lstrip())
            yield at, at + len(bare), f"cookie {name.strip()}"
        start += len(part) + 1


def named(secrets: Iterable[ObtainedSecret]) -> dict[str, ObtainedSecret]:
    """The first :data:`MOST` values by their names; of several values with one name each has its number."""
    found: dict[str, ObtainedSecret] = {}
    values: set[str] = set()
    for secret in secrets:
        if secret.value in values or len(found) == MOST:
            continue
        values.add(secret.value)
        name, number = secret.name, 2
        while name in found:
            name, number = f"{secret.name} {number}", number + 1
        found[name] = secret
    return found
