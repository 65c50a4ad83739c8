"""The values within a rule, each read by its own function, which says what is wrong with it."""

import math
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from workbench.domain import JSON, Headers
from workbench.domain.exchange import is_http_token
from workbench.jsondoc import strict

MOST_HEADERS = 200
_HOST = re.compile(r"[^\s/@?#\\]+")
_LINE = re.compile(r"[^\r\n\0]*")


class RuleError(Exception):
    """A rule that cannot be read: ``key`` is the one that is wrong, the message says why and what to write."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key} {why}{'' if why.endswith(('.', '?')) else '.'}")
        self.key = key


def text(key: str, given: object, *, most: int = 2000) -> str:
    """One line of text. Raises :class:`RuleError`, as all functions here do."""
    if not isinstance(given, str):
        raise RuleError(key, f"must be text, but is {given!r}")
    if len(given) > most or not _LINE.fullmatch(given):
        raise RuleError(key, f"must be one line of at most {most} characters")
    return given


def method(key: str, given: object) -> str:
    """A request method in upper case; empty for any."""
    found = text(key, given).strip().upper()
    if found and found != "*" and not is_http_token(found):
        raise RuleError(key, f"must be a method such as GET, but is {found!r}")
    return "" if found == "*" else found


def host(key: str, given: object) -> str:
    """A host with a port or without, which may hold ``*``; empty for any."""
    found = text(key, given).strip().lower()
    if found and not _HOST.fullmatch(found):
        raise RuleError(key, f"must be a host such as api.example.com or *.example.com:8443, but is {found!r}")
    return "" if found == "*" else found


def path(key: str, given: object) -> str:
    """A path, which may hold ``*``; empty for any."""
    found = text(key, given).strip()
    if found and not found.startswith(("/", "*")):
        raise RuleError(key, f"must begin with / or *, but is {found!r}")
    if "?" in found:
        raise RuleError(key, "must be without the query. Write what follows ? as query")
    return "" if found in ("*", "/*") else found


def query(key: str, given: object) -> str:
    """Parameters of a query, whose values may hold ``*``; empty for any."""
    found = text(key, given).strip().removeprefix("?")
    if found and not all(name.partition("=")[0] and "=" in name for name in found.split("&")):
        raise RuleError(key, f"must be parameters such as page=2&sort=*, but is {found!r}")
    return found


def base_url(key: str, given: object) -> str:
    """An address of http or https that requests are forwarded to."""
    found = text(key, given if given is not None else "").strip()
    try:
        parts = urlsplit(found)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid or parts.username or parts.query or parts.fragment:
        raise RuleError(key, f"must be an address such as http://127.0.0.1:8812, but is {found!r}")
    return found


def number(key: str, given: object, most: float) -> float:
    """Seconds from 0 to ``most``."""
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise RuleError(key, f"must be a number of seconds, but is {_named(given)}")
    if not 0 <= given <= most:
        raise RuleError(key, f"must be from 0 to {most:g} seconds, but is {given:g}")
    return float(given)


def whole(key: str, given: object, least: int, most: int) -> int:
    """A whole number within the bounds."""
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise RuleError(key, f"must be a whole number from {least} to {most}, but is {_named(given)}")
    return given


def json_pointer(key: str, given: object) -> str:
    """A JSON Pointer; empty is the whole body."""
    found = text(key, given if given is not None else "")
    if found and not found.startswith("/"):
        raise RuleError(key, f"must be a JSON Pointer such as /items/0/name, but is {found!r}")
    return found


def headers(key: str, given: object) -> Headers:
    """Names and values; an array of values makes several headers of a name."""
    if not isinstance(given, Mapping):
        raise RuleError(key, f'must be a table such as {{ Retry-After = "5" }}, but is {_named(given)}')
    pairs = [(name, each) for name, value in given.items() for each in (value if isinstance(value, list) else [value])]
    if len(pairs) > MOST_HEADERS:
        raise RuleError(key, f"has {len(pairs)} values. The limit is {MOST_HEADERS}")
    for name, value in pairs:
        if not is_http_token(name) or not isinstance(value, str) or not _LINE.fullmatch(value):
            raise RuleError(key, f"must have names of headers with texts of one line, but has {name!r} = {value!r}")
    return tuple(pairs)


def _named(given: object) -> str:
    return "missing" if given is None else repr(given)


def json_value(key: str, given: str) -> JSON:
    """The value of JSON text. Raises :class:`RuleError`."""
    try:
        return strict.loads(given)
    except strict.JsonError as error:
        raise RuleError(key, f"must be JSON, but is {given[:80]!r}: {error.message.rstrip('.')}") from None
