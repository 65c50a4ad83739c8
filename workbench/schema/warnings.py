"""Warnings: rules of a schema that the SDK does not enforce."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from itertools import islice
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from workbench.domain import JSON, ErrorCode, Side, SpellingHint, SpellingHintKind, ValidationError
from workbench.jsondoc import pointer as pointers
from workbench.schema.facts import excerpt
from workbench.schema.guarded_validator import is_valid_within
from workbench.schema.lint import lint
from workbench.schema.messages import with_message
from workbench.schema.refs import LISTS, follow
from workbench.schema.schema_check import prepare
from workbench.schema.similarity import similar

_MOST = 200
"""Warnings of one value; a document with thousands of odd dates needs no more."""

_VISITED = 20_000
"""Places that are checked; a larger document is checked only at its beginning."""

_LONGEST = 2000
"""Characters of a pointer, about; deeper down no warnings are looked for."""

_IGNORED = frozenset({"schema-nullable", "schema-ignored-keyword", "schema-ref-siblings"})


def warnings(schema: JSON, instance: JSON) -> tuple[ValidationError, ...]:
    """What is odd in a valid value: a wrong format, a name similar to a declared one, keywords without effect.

    Of a warning ``keyword`` is ``format``, ``unknown-member``, or the code of a check of schemas; its ``pointer`` is
    ``""`` where it is about the schema alone.
    """
    found: dict[ValidationError, None] = {}
    for warning in _of_data(prepare(schema).schema, instance):
        found.setdefault(warning)
        if len(found) >= _MOST:
            break
    ignored = (each for each in lint(schema) if each.code in _IGNORED)
    return (*found, *(_of_schema(each.code, each.pointer, each.message) for each in ignored))


def _of_schema(check: str, schema_pointer: str, message: str) -> ValidationError:
    return ValidationError(Side.VALUE, "", schema_pointer, check, message, code=ErrorCode.OTHER)


def matches_format(name: str, text: str) -> bool:
    """Whether ``text`` is of a format; everything is of a format that is not known here."""
    check = _FORMATS.get(name)
    if check is None:
        return True
    try:
        return check(text) is not False
    except ValueError:
        return False


class _Place:
    """A place in a document, whose pointer is made when something is found there: nearly nothing ever is."""

    __slots__ = ("_above", "_steps", "length")

    def __init__(self, above: "_Place | None" = None, *steps: str | int) -> None:
        self._above = above
        self._steps = steps
        self.length: int = (above.length if above else 0) + sum(len(str(step)) + 1 for step in steps)

    @property
    def pointer(self) -> str:
        """Where it is."""
        parts: list[str | int] = []
        place: _Place | None = self
        while place is not None:
            parts += reversed(place._steps)
            place = place._above
        return pointers.build(reversed(parts))


def _of_data(root: Any, instance: Any) -> Iterator[ValidationError]:
    waiting: list[tuple[Any, _Place, Any, _Place]] = [(root, _Place(), instance, _Place())]
    seen: set[tuple[int, _Place]] = set()  # references may lead in a circle
    followed: dict[int, Any] = {}  # many values have one schema
    while waiting:
        schema, at, value, place = waiting.pop()
        if id(schema) not in followed:
            followed[id(schema)] = follow(root, schema)
        schema = followed[id(schema)]
        if len(seen) == _VISITED:
            return
        if not isinstance(schema, dict) or (id(schema), place) in seen or place.length > _LONGEST:
            continue
        seen.add((id(schema), place))
        if isinstance(value, str) and isinstance(schema.get("format"), str):
            yield from _format(schema["format"], at, value, place)
        if isinstance(value, dict):
            yield from _names(root, schema, at, value, place)
        waiting.extend(reversed(list(_within(root, schema, at, value, place))))


def _within(
    root: Any, schema: Mapping[str, Any], at: _Place, value: Any, place: _Place
) -> Iterator[tuple[Any, _Place, Any, _Place]]:
    declared, items = schema.get("properties"), schema.get("items")
    if isinstance(value, dict) and isinstance(declared, dict):
        for name, inner in declared.items():
            if name in value:
                yield inner, _Place(at, "properties", name), value[name], _Place(place, name)
    if isinstance(value, list) and isinstance(items, dict):
        below = _Place(at, "items")
        for index, item in enumerate(islice(value, _VISITED)):
            yield items, below, item, _Place(place, index)
    for keyword in LISTS & schema.keys():
        branches = schema[keyword]
        for index, branch in enumerate(branches if isinstance(branches, list) else ()):
            if keyword == "allOf" or is_valid_within(root, branch, value):
                yield branch, _Place(at, keyword, index), value, place


def _format(name: str, at: _Place, text: str, place: _Place) -> Iterator[ValidationError]:
    if not matches_format(name, text):
        yield with_message(
            ValidationError(
                Side.VALUE,
                place.pointer,
                pointers.join(at.pointer, "format"),
                "format",
                code=ErrorCode.FORMAT,
                details=(name,),
                value=excerpt(text),
            )
        )


def _names(
    root: Any, schema: Mapping[str, Any], at: _Place, value: Mapping[Any, Any], place: _Place
) -> Iterator[ValidationError]:
    declared = schema.get("properties")
    if not isinstance(declared, dict) or schema.get("additionalProperties") is False or "patternProperties" in schema:
        return
    absent = [name for name in declared if name not in value]
    for name in value if absent else ():
        meant = similar(name, absent) if name not in declared else ""
        if meant:
            where = pointers.join(place.pointer, name)
            rule = pointers.join(at.pointer, "properties", meant)
            yield with_message(
                ValidationError(
                    Side.VALUE,
                    where,
                    rule,
                    "unknown-member",
                    hint=SpellingHint(SpellingHintKind.PROPERTY, meant),
                    code=ErrorCode.UNDECLARED_PROPERTY,
                    value=excerpt(value[name]),
                )
            )


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
