"""Reads the JSON document of a recording, which may be of any age and written by anybody."""

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

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
from workbench.recordings.document import encoded, text_charset
from workbench.recordings.document_part import DocumentError, DocumentPart
from workbench.recordings.recording import FORMAT, Expected, ExpectedError, ExpectedValidationError, Given, Recording

MOST_EXCHANGES: Final = 10_000


def read_document(document: JSON, bodies: Callable[[str], bytes]) -> Recording:
    """The recording of a document; ``bodies`` reads the file of a body.

    Raises :class:`DocumentError`, and what ``bodies`` raises.
    """
    whole = DocumentPart(document)
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


def _given(whole: DocumentPart) -> Given:
    environment = whole.at("environment").json({})
    if not isinstance(environment, dict):
        raise whole.at("environment").wrong("an object")
    of_environment = DocumentPart(environment, "/environment")
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


def _expected(part: DocumentPart) -> Expected:
    error, errors = part.at("error"), part.at("errors")
    if not errors.is_there:
        errors = part.at("problems")  # the name in files of earlier versions
    return Expected(
        status=part.at("status").member(Status),
        result=part.at("result").json(None),
        error=ExpectedError(error.at("type").text(), error.at("message").text()) if error.is_there else None,
        errors=tuple(
            ExpectedValidationError(
                one.at("where").member(Side),
                one.at("pointer").text(),
                one.at("keyword").text(),
                one.at("message").text(),
            )
            for one in errors.items(10_000)
        ),
    )


def _noise(part: DocumentPart) -> Noise:
    exchange = part.at("exchange")
    return Noise(
        place=part.at("place").member(NoisePlace),
        pointer=part.at("pointer").text(),
        kind=part.at("kind").member(NoiseKind),
        exchange=exchange.integer() if exchange.is_there else None,
        pattern=part.at("pattern").text(""),
    )


def _moment(part: DocumentPart) -> float:
    try:
        return datetime.fromisoformat(part.text()).timestamp()
    except (ValueError, OverflowError):
        raise part.wrong("a date and time") from None


def _has_clock(part: DocumentPart) -> bool:
    if part.text("real") not in ("real", "recorded"):
        raise DocumentError(part.pointer, f"/clock is {part.text()[:40]!r}, but must be one of real, recorded.")
    return part.text("real") == "recorded"


def _exchange(entry: DocumentPart, bodies: Callable[[str], bytes]) -> Exchange:
    response, error, site, retry = (entry.at(name) for name in ("response", "_error", "_callSite", "_retry"))
    return Exchange(
        id=entry.at("_id").integer(),
        group=entry.at("_group").integer(),
        attempt=entry.at("_attempt").integer(),
        library=entry.at("_library").text(),
        request=_request(entry.at("request"), bodies),
        started_at=entry.at("_startedAt").number(),
        ended_at=entry.at("_endedAt").number_or_none(),
        response=_response(response, bodies) if response.at("status").integer(0) else None,
        timings=_timings(entry.at("_timings")),
        reused=entry.at("_reused").value is True if entry.at("_reused").is_there else None,
        error=_error(error) if error.is_there else None,
        body_state=entry.at("_bodyState").text("complete"),
        call_site=_site(site) if site.is_there else None,
        retry=_retry(retry) if retry.is_there else None,
        proxy=entry.at("_proxy").text(""),
    )


def _request(part: DocumentPart, bodies: Callable[[str], bytes]) -> Request:
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


def _response(part: DocumentPart, bodies: Callable[[str], bytes]) -> Response:
    content, raw, headers = part.at("content"), part.at("_rawSize"), _headers(part.at("headers"))
    trailers, latin, before = part.at("_trailers"), part.at("_latin"), part.at("_sentBefore")
    body = _body(content, "encoding", headers, bodies) if content.is_there else b""
    return Response(
        status=part.at("status").integer(),
        reason=part.at("statusText").text(""),
        http_version=part.at("httpVersion").text("HTTP/1.1").removeprefix("HTTP/"),
        headers=headers,
        body=body,
        size=len(body),
        raw_size=raw.integer() if raw.is_there else None,
        trailers=_headers(trailers) if trailers.is_there else (),
        latin=tuple(one.text() for one in latin.items(1_000)) if latin.is_there else (),
        sent_before=tuple(one.integer() for one in before.items(100_000)) if before.is_there else (),
    )


def _body(part: DocumentPart, encoding: str, headers: Headers, bodies: Callable[[str], bytes]) -> bytes:
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


def _headers(part: DocumentPart) -> Headers:
    return tuple((one.at("name").text(), one.at("value").text()) for one in part.items(1_000))


def _timings(part: DocumentPart) -> Timings:
    if not part.is_there:
        return Timings()
    took: Mapping[str, float | None] = {
        name: part.at(name).number_or_none() for name in ("dns", "connect", "tls", "wait", "receive", "total")
    }
    return Timings(**took)


def _error(part: DocumentPart) -> ExchangeError:
    return ExchangeError(
        type=part.at("type").text(),
        message=part.at("message").text(),
        phase=part.at("phase").text(),
        kind=part.at("kind").member(FailureKind),
    )


def _site(part: DocumentPart) -> Frame:
    return Frame(part.at("file").text(), part.at("line").integer(0), part.at("function").text(""))


def _retry(part: DocumentPart) -> Retry:
    numbers = part.at("attempt").integer(), part.at("attempts").integer()
    return Retry(part.at("at").number(), part.at("seconds").number(), *numbers)
