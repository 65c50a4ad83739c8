"""Reads the JSON document of a recording, which may be of any age and written by anybody."""

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from workbench.domain import (
    JSON,
    ContractVersion,
    Exchange,
    ExchangeError,
    FailureKind,
    Frame,
    Headers,
    Kind,
    Request,
    Response,
    Retry,
    Side,
    Status,
    Timings,
)
from workbench.domain.answers import Noise, NoiseKind, NoisePlace
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.types import type_phrase
from workbench.recordings.document import encoded, text_charset
from workbench.recordings.recording import FORMAT, Expected, ExpectedError, ExpectedProblem, Given, Recording

MOST_EXCHANGES: Final = 10_000
_ABSENT: Final = object()

_MOST: Final = 1e300
"""Numbers stay below it: a longer integer cannot be a number of seconds."""


class DocumentError(ValueError):
    """A document that is no recording: what is wrong, and the JSON Pointer of its place."""

    def __init__(self, pointer: str, message: str) -> None:
        self.pointer = pointer
        super().__init__(message)


class _Part:
    """A value of the document with its place; each method raises :class:`DocumentError` where it is another one."""

    def __init__(self, value: Any, pointer: str = "") -> None:
        self.value = value
        self.pointer = pointer

    def wrong(self, expected: str) -> DocumentError:
        """The error that says what was expected here."""
        where = self.pointer or "the document"
        found = "missing" if self.value is _ABSENT else type_phrase(self.value)
        return DocumentError(self.pointer, f"{where} must be {expected}, but is {found}.")

    def at(self, name: str) -> "_Part":
        """A property, also one that is missing."""
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        return _Part(self.value.get(name, _ABSENT), pointers.join(self.pointer, name))

    def items(self, most: int) -> "list[_Part]":
        """The items of an array; none where it is missing."""
        if self.value is _ABSENT:
            return []
        if not isinstance(self.value, list):
            raise self.wrong("an array")
        if len(self.value) > most:
            raise DocumentError(self.pointer, f"{self.pointer} has {len(self.value):,} items; the limit is {most:,}.")
        return [_Part(item, pointers.join(self.pointer, place)) for place, item in enumerate(self.value)]

    @property
    def is_there(self) -> bool:
        """Whether the value is neither missing nor null."""
        return self.value is not _ABSENT and self.value is not None

    def text(self, default: str | None = None) -> str:
        """A string."""
        if self.value is _ABSENT and default is not None:
            return default
        if not isinstance(self.value, str):
            raise self.wrong("a string")
        return self.value

    def text_or_none(self) -> str | None:
        """A string, None for null and for what is missing."""
        return self.text() if self.is_there else None

    def number(self, default: float = 0.0) -> float:
        """A finite number."""
        if self.value is _ABSENT:
            return default
        if isinstance(self.value, bool) or not isinstance(self.value, int | float) or not -_MOST < self.value < _MOST:
            raise self.wrong("a number")
        return float(self.value)

    def number_or_none(self) -> float | None:
        """A number, None for null and for what is missing."""
        return self.number() if self.is_there else None

    def integer(self, default: int | None = None) -> int:
        """An integer of at most 15 digits."""
        if self.value is _ABSENT and default is not None:
            return default
        if isinstance(self.value, bool) or not isinstance(self.value, int) or abs(self.value) >= 10**15:
            raise self.wrong("an integer")
        return self.value

    def member[Member: StrEnum](self, kind: type[Member]) -> Member:
        """A member of an enumeration."""
        try:
            return kind(self.text())
        except ValueError:
            if not isinstance(self.value, str):
                raise self.wrong("a string") from None
            known = ", ".join(kind)
            raise DocumentError(
                self.pointer, f"{self.pointer} is {self.value[:40]!r}, but must be one of {known}."
            ) from None

    def json(self, default: JSON) -> JSON:
        """Any value."""
        value: JSON = default if self.value is _ABSENT else self.value
        return value

    def texts(self) -> tuple[str, ...]:
        """An array of strings."""
        return tuple(item.text() for item in self.items(10_000))


def read_document(document: JSON, bodies: Callable[[str], bytes]) -> Recording:
    """The recording of a document; ``bodies`` reads the file of a body.

    Raises :class:`DocumentError`, and what ``bodies`` raises.
    """
    whole = _Part(document)
    version = whole.at("format").integer()
    if version > FORMAT:
        raise DocumentError(
            "/format", f"It has format {version}, of a newer workbench. Update the workbench to read it."
        )
    if version < 1:
        raise whole.at("format").wrong("1")
    entries = whole.at("log").at("entries").items(MOST_EXCHANGES)
    exchanges = tuple(_exchange(entry, bodies) for entry in entries)
    return Recording(
        kind=whole.at("kind").member(Kind),
        handler=whole.at("handler").text(),
        contract=whole.at("contract").member(ContractVersion),
        given=_given(whole),
        expected=_expected(whole.at("expected")),
        exchanges=exchanges,
        noise=tuple(_noise(one) for one in whole.at("noise").items(100_000)),
        secrets=whole.at("secrets").texts(),
        recorded_at=_moment(whole.at("recorded_at")),
        has_clock=_has_clock(whole.at("clock")),
    )


def _given(whole: _Part) -> Given:
    environment = whole.at("environment").json({})
    if not isinstance(environment, dict):
        raise whole.at("environment").wrong("an object")
    of_environment = _Part(environment, "/environment")
    chosen, retries = whole.at("chosen_contract"), whole.at("max_retries")
    return Given(
        inputs=whole.at("inputs").json({}),
        auth=whole.at("auth").json({}),
        auth_type=whole.at("auth_type").text(""),
        auth_shape=whole.at("auth_shape").text(""),
        metadata=whole.at("metadata").json({}),
        environment=tuple((name, of_environment.at(name).text_or_none()) for name in environment),
        contract=chosen.member(ContractVersion) if chosen.is_there else None,
        last_poll_ts=whole.at("last_poll_ts").text_or_none(),
        max_retries=retries.integer() if retries.is_there else None,
        fetch_timeout=whole.at("fetch_timeout").number_or_none(),
        timeout=min(max(whole.at("timeout").number(60.0), 0.1), 3600.0),
        secret_names=whole.at("secret_names").texts(),
        public_names=whole.at("public_names").texts(),
    )


def _expected(part: _Part) -> Expected:
    error = part.at("error")
    return Expected(
        status=part.at("status").member(Status),
        result=part.at("result").json(None),
        error=ExpectedError(error.at("type").text(), error.at("message").text()) if error.is_there else None,
        problems=tuple(
            ExpectedProblem(
                one.at("where").member(Side),
                one.at("pointer").text(),
                one.at("keyword").text(),
                one.at("message").text(),
            )
            for one in part.at("problems").items(10_000)
        ),
    )


def _noise(part: _Part) -> Noise:
    exchange = part.at("exchange")
    return Noise(
        place=part.at("place").member(NoisePlace),
        pointer=part.at("pointer").text(),
        kind=part.at("kind").member(NoiseKind),
        exchange=exchange.integer() if exchange.is_there else None,
        pattern=part.at("pattern").text(""),
    )


def _moment(part: _Part) -> float:
    try:
        return datetime.fromisoformat(part.text()).timestamp()
    except (ValueError, OverflowError):
        raise part.wrong("a date and time") from None


def _has_clock(part: _Part) -> bool:
    if part.text("real") not in ("real", "recorded"):
        raise DocumentError(part.pointer, f"/clock is {part.text()[:40]!r}, but must be one of real, recorded.")
    return part.text("real") == "recorded"


def _exchange(entry: _Part, bodies: Callable[[str], bytes]) -> Exchange:
    response, error, site, retry = (entry.at(name) for name in ("response", "_error", "_callSite", "_retry"))
    return Exchange(
        id=entry.at("_id").integer(),
        group=entry.at("_group").integer(),
        attempt=entry.at("_attempt").integer(),
        library=entry.at("_library").text(),
        request=_request(entry.at("request"), bodies),
        started_at=entry.at("_startedAt").number(),
        ended_at=entry.at("_endedAt").number_or_none(),
        response=_response(response, bodies) if response.at("status").integer(0) or not error.is_there else None,
        timings=_timings(entry.at("_timings")),
        reused=entry.at("_reused").value is True if entry.at("_reused").is_there else None,
        error=_error(error) if error.is_there else None,
        body_state=entry.at("_bodyState").text("complete"),
        call_site=_site(site) if site.is_there else None,
        retry=_retry(retry) if retry.is_there else None,
        proxy=entry.at("_proxy").text(""),
    )


def _request(part: _Part, bodies: Callable[[str], bytes]) -> Request:
    post, headers = part.at("postData"), _headers(part.at("headers"))
    return Request(
        method=part.at("method").text(),
        url=part.at("url").text(),
        http_version=part.at("httpVersion").text("HTTP/1.1").removeprefix("HTTP/"),
        headers=headers,
        body=_body(post, "_encoding", headers, bodies) if post.is_there else b"",
        size=max(part.at("bodySize").integer(0), 0),
        cut=post.at("_cut").value is True if post.is_there else False,
    )


def _response(part: _Part, bodies: Callable[[str], bytes]) -> Response:
    content, raw, headers = part.at("content"), part.at("_rawSize"), _headers(part.at("headers"))
    body = _body(content, "encoding", headers, bodies) if content.is_there else b""
    return Response(
        status=part.at("status").integer(),
        reason=part.at("statusText").text(""),
        http_version=part.at("httpVersion").text("HTTP/1.1").removeprefix("HTTP/"),
        headers=headers,
        body=body,
        size=len(body),
        raw_size=raw.integer() if raw.is_there else None,
    )


def _body(part: _Part, encoding: str, headers: Headers, bodies: Callable[[str], bytes]) -> bytes:
    file, text = part.at("_file"), part.at("text")
    if file.is_there:
        return bodies(file.text())
    if part.at(encoding).text("") == "base64":
        try:
            return base64.b64decode(text.text(""), validate=True)
        except (binascii.Error, ValueError):
            raise DocumentError(text.pointer, f"{text.pointer} is not base64.") from None
    body = encoded(text.text(""), text_charset(headers))
    if body is None:
        raise DocumentError(text.pointer, f"{text.pointer} has characters that the charset of the body lacks.")
    return body


def _headers(part: _Part) -> Headers:
    return tuple((one.at("name").text(), one.at("value").text()) for one in part.items(1_000))


def _timings(part: _Part) -> Timings:
    if not part.is_there:
        return Timings()
    took: Mapping[str, float | None] = {
        name: part.at(name).number_or_none() for name in ("dns", "connect", "tls", "wait", "receive", "total")
    }
    return Timings(**took)


def _error(part: _Part) -> ExchangeError:
    return ExchangeError(
        type=part.at("type").text(),
        message=part.at("message").text(),
        phase=part.at("phase").text(),
        kind=part.at("kind").member(FailureKind),
    )


def _site(part: _Part) -> Frame:
    return Frame(part.at("file").text(), part.at("line").integer(0), part.at("function").text(""))


def _retry(part: _Part) -> Retry:
    numbers = part.at("attempt").integer(), part.at("attempts").integer()
    return Retry(part.at("at").number(), part.at("seconds").number(), *numbers)
