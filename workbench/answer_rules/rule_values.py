"""The values within a rule, each read by its own function, which says what is wrong with it."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from workbench.answer_rules.toml_words import quote_toml
from workbench.domain import JSON, Headers
from workbench.domain.exchange import is_http_token
from workbench.jsondoc import strict

MOST_HEADERS = 200
LARGEST = 2**53
"""A bound that no person reaches, so that no sentence names it."""

_HOST = re.compile(r"[^\s/@?#\\]+")
_LINE = re.compile(r"[^\r\n\0]*")


class RuleError(Exception):
    """A rule that cannot be read: ``key`` is the one that is wrong, ``why`` the sentence about it without its subject.

    The message names it by its key, as lines and files do; a page by the label of its field.
    """

    def __init__(self, key: str, why: str) -> None:
        self.key, self.why = key, why if why.endswith((".", "?")) else f"{why}."
        super().__init__(f"{key} {self.why}")


def text(key: str, given: object, *, most: int = 2000) -> str:
    """One line of text. Raises :class:`RuleError`, as all functions here do."""
    if not isinstance(given, str):
        raise RuleError(key, f"must be text, but is {quote_toml(given)}")
    if len(given) > most or not _LINE.fullmatch(given):
        raise RuleError(key, f"must be one line of at most {most:,} characters")
    return given


def method(key: str, given: object) -> str:
    """A request method in upper case; empty for any."""
    found = text(key, given).strip().upper()
    if found and found != "*" and not is_http_token(found):
        raise RuleError(key, f"must be one word such as GET, but is {quote_toml(found)}")
    return "" if found == "*" else found


def host(key: str, given: object) -> str:
    """A host with a port or without, which may hold ``*``; empty for any."""
    found = text(key, given).strip().lower()
    if found and not _HOST.fullmatch(found):
        raise RuleError(
            key, f"must be a name such as api.example.com or *.example.com:8443, but is {quote_toml(found)}"
        )
    return "" if found == "*" else found


def path(key: str, given: object) -> str:
    """A path, which may hold ``*``; empty for any."""
    found = text(key, given).strip()
    if found and not found.startswith(("/", "*")):
        raise RuleError(key, f"must begin with / or *, but is {quote_toml(found)}")
    if "?" in found:
        raise RuleError(key, "must end before the question mark. Write the rest as the query")
    return "" if found in ("*", "/*") else found


def query(key: str, given: object) -> str:
    """Parameters of a query, whose values may hold ``*``; empty for any."""
    found = text(key, given).strip().removeprefix("?")
    if found and not all(name.partition("=")[0] and "=" in name for name in found.split("&")):
        raise RuleError(key, f"must be parameters such as page=2&sort=*, but is {quote_toml(found)}")
    return found


def base_url(key: str, given: object) -> str:
    """An address of http or https that requests are forwarded to."""
    found = text(key, given if given is not None else "").strip()
    try:
        parts = urlsplit(found)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not found:
        raise RuleError(key, "is missing. Write an address such as http://127.0.0.1:8812")
    if not valid or parts.username or parts.query or parts.fragment:
        raise RuleError(
            key, f"must be an address such as http://127.0.0.1:8812 without a query, but is {quote_toml(found)}"
        )
    return found


def number(key: str, given: object, most: float) -> float:
    """Seconds from 0 to ``most``."""
    if given is None:
        raise RuleError(key, f"is missing. Write a number from 0 to {most:,.0f}")
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= most:
        raise RuleError(key, f"must be a number from 0 to {most:,.0f}, but is {_number(given)}")
    return float(given)


def _number(given: object) -> str:
    return f"{given:,g}" if isinstance(given, float) else quote_toml(given)


def whole(key: str, given: object, least: int, most: int) -> int:
    """A whole number within the bounds."""
    bounds = f"from {least} to {most:,}" if most < LARGEST else f"of at least {least}"
    if given is None:
        raise RuleError(key, f"is missing. Write a whole number {bounds}")
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise RuleError(key, f"must be a whole number {bounds}, but is {quote_toml(given)}")
    return given


def json_pointer(key: str, given: object) -> str:
    """A JSON Pointer; empty is the whole body."""
    found = text(key, given if given is not None else "")
    if found and not found.startswith("/"):
        raise RuleError(key, f"must be empty or begin with /, as /items/0/name does, but is {quote_toml(found)}")
    return found


def headers(key: str, given: object) -> Headers:
    """Names and values; an array of values makes several headers of a name."""
    if not isinstance(given, Mapping):
        raise RuleError(key, f'must be a table such as {{ Retry-After = "5" }}, but is {quote_toml(given)}')
    pairs = [(name, each) for name, value in given.items() for each in (value if isinstance(value, list) else [value])]
    if len(pairs) > MOST_HEADERS:
        raise RuleError(key, f"must be at most {MOST_HEADERS}, but are {len(pairs)}")
    for name, value in pairs:
        if not is_http_token(name):
            raise RuleError(key, f"must have names without spaces, but one is {quote_toml(name)}")
        if not isinstance(value, str) or not _LINE.fullmatch(value):
            raise RuleError(key, f"must have values of one line, but {name} is {quote_toml(value)}")
    return tuple(pairs)


def json_value(key: str, given: str) -> JSON:
    """The value of JSON text. Raises :class:`RuleError`."""
    try:
        return strict.loads(given)
    except strict.JsonError as error:
        raise RuleError(key, f"must be JSON, but is {quote_toml(given)}: {error.message.rstrip('.')}") from None
