"""What the URL and the headers of a message say, read apart: parameters, cookies, links, limits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import parse_qsl

from workbench.domain import Headers, Request, Response
from workbench.domain.exchange import header_value
from workbench.domain.masked_text import join, read_with_masks
from workbench.explain.text import long_span

_MOST: Final = 200
_LINK: Final = re.compile(r'<([^<>]*)>\s*;[^,<>]*?\brel="?([\w -]+)')
_LIMITS: Final = ("x-ratelimit-", "ratelimit-", "x-rate-limit-")
_EPOCH: Final = 1_000_000_000
"""Numbers from which on a time is one since the epoch, and not from now on."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A table of names, values, and what belongs to them (the attributes of a cookie)."""

    title: str
    rows: tuple[tuple[str, str, str], ...]


def of_request(request: Request) -> tuple[Reading, ...]:
    """The parameters of the query, and the cookies."""
    cookies = tuple((name, value, "") for name, value in _sent_cookies(request.headers))
    tables = Reading("Query parameters", _parameters(request.url)), Reading("Cookies", cookies)
    return tuple(table for table in tables if table.rows)


def of_response(response: Response) -> tuple[Reading, ...]:
    """The cookies with their attributes, the links to other pages, and the trailing metadata."""
    cookies = tuple(_set_cookie(value) for value in _values(response.headers, "set-cookie") if value.strip())
    links = tuple(
        (relation.strip(), target, "")
        for value in _values(response.headers, "link")
        for target, relation in _LINK.findall(str(value)[:8_000])
    )
    trailers = tuple((name, value, "") for name, value in response.trailers)
    tables = (
        Reading("Cookies", cookies[:_MOST]),
        Reading("Links", links[:_MOST]),
        Reading("Trailing metadata", trailers),
    )
    return tuple(table for table in tables if table.rows)


def limits(response: Response, at: float) -> tuple[str, ...]:
    """What ``Retry-After`` and headers of rate limits say, as sentences; ``at`` is when the response came."""
    return tuple(filter(None, (_retry_after(response.headers, at), _rate_limit(response.headers, at))))


def _values(headers: Headers, wanted: str) -> Iterator[str]:
    return (value for name, value in headers if name.lower() == wanted)


def _parameters(url: str) -> tuple[tuple[str, str, str], ...]:
    start = url.find("?")
    if start < 0:
        return ()
    end = url.find("#", start)
    query = url[start + 1 : end if end >= 0 else len(url)]
    try:
        found = read_with_masks(query, lambda text: parse_qsl(text, keep_blank_values=True, max_num_fields=2_000))
    except ValueError:
        return ()
    return tuple((name, value, "") for name, value in found[:_MOST])


def _sent_cookies(headers: Headers) -> list[tuple[str, str]]:
    pairs = (_pair(piece) for value in _values(headers, "cookie") for piece in _split(value))
    return [pair for pair in pairs if pair[0]][:_MOST]


def _split(text: str) -> Iterator[str]:
    """The pieces between semicolons, with their masks."""
    at = 0
    for match in re.finditer(";|$", str(text)):
        yield text[at : match.start()]
        at = match.end()


def _pair(piece: str) -> tuple[str, str]:
    at = piece.find("=")
    name, value = (piece, "") if at < 0 else (piece[:at], piece[at + 1 :])
    return str(name).strip(), value


def _set_cookie(text: str) -> tuple[str, str, str]:
    pair, *attributes = _split(text)
    return *_pair(pair), join([_attribute(each) for each in attributes if each.strip()], ", ")


def _attribute(text: str) -> str:
    name, value = _pair(text)
    if name.lower() == "max-age" and value.strip().isascii() and value.strip().isdigit():
        return f"for {long_span(int(value.strip()[:12]))}" if int(value.strip()[:12]) else "removed"
    return str(text).strip()


def _retry_after(headers: Headers, at: float) -> str:
    value = header_value(headers, "retry-after").strip()
    seconds = _until(value, at)
    return "" if seconds is None else f"Retry-After: in {long_span(seconds)}." if seconds > 0 else "Retry-After: now."


def _rate_limit(headers: Headers, at: float) -> str:
    """``Rate limit: 0 of 60 requests left, reset in 2 min.``"""
    given = {name.lower(): value.strip() for name, value in headers}
    for before in _LIMITS:
        limit, left = given.get(f"{before}limit", ""), given.get(f"{before}remaining", "")
        if not left.isdigit() or not left.isascii():
            continue
        total = f" of {limit}" if limit.isascii() and limit.isdigit() else ""
        noun = "request" if (limit or left) == "1" else "requests"
        reset = _until(given.get(f"{before}reset", ""), at)
        again = "" if reset is None or reset <= 0 else f", reset in {long_span(reset)}"
        return f"Rate limit: {left}{total} {noun} left{again}."
    return ""


def _until(value: str, at: float) -> float | None:
    """Seconds from ``at`` on: of a number of seconds, a time since the epoch (in seconds or milliseconds), a date."""
    if re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,9})?", value):
        number = float(value)
        number = number / 1000 if number > _EPOCH * 1000 else number
        return number - at if number > _EPOCH else number
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - at
    except (ValueError, OverflowError):
        return None
