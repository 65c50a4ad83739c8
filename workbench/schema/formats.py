"""The formats of strings that can be checked for certain."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urlsplit
from uuid import UUID


def matches_format(name: str, text: str) -> bool:
    """Whether ``text`` is of a format; everything is of a format that is not known here."""
    check = _FORMATS.get(name)
    if check is None:
        return True
    try:
        return check(text) is not False
    except ValueError:
        return False


_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+|[^\s@]+@localhost")
_HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.I | re.A
)
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?", re.ASCII)


def _date(text: str) -> bool:
    return bool(_DATE.fullmatch(text) and date.fromisoformat(text))


def _date_time(text: str) -> bool:
    """RFC 3339: an offset is part of it."""
    if not _DATE_TIME.fullmatch(text):
        return False
    if text[17:19] == "60":  # a leap second
        text = f"{text[:17]}59{text[19:]}"
    return bool(datetime.fromisoformat(re.sub(r"\.\d+", "", text.upper())))


def _time(text: str) -> bool:
    return bool(_TIME.fullmatch(text) and time.fromisoformat(re.sub(r"\.\d+", "", text.upper())) is not None)


def _uri(text: str) -> bool:
    parts = urlsplit(text)
    absolute = bool(parts.scheme) and bool(parts.netloc or parts.path)
    return absolute and not re.search(r"[\s<>\"{}|\\^`]", text) and text.isascii()


def _regex(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _ip(kind: type[IPv4Address] | type[IPv6Address]) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        try:
            kind(text)
        except AddressValueError:
            return False
        return True

    return check


_FORMATS: Mapping[str, Callable[[str], object]] = {
    "date": _date,
    "date-time": _date_time,
    "time": _time,
    "email": lambda text: bool(_EMAIL.fullmatch(text)),
    "uri": _uri,
    "url": _uri,
    "hostname": lambda text: bool(_HOST.fullmatch(text)),
    "ipv4": _ip(IPv4Address),
    "ipv6": _ip(IPv6Address),
    "uuid": lambda text: len(text) == 36 and bool(UUID(text)),
    "duration": lambda text: bool(_DURATION.fullmatch(text)),
    "regex": _regex,
}
"""Formats that can be checked for certain. ``text``, ``password`` and ``file`` say how a field is drawn."""
