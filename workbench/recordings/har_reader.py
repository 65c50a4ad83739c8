"""Reads an HTTP archive (HAR 1.2) of any program, as browsers and proxies export it, as exchanges."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

from workbench.domain import (
    JSON,
    Exchange,
    ExchangeError,
    FailureKind,
    Headers,
    Noise,
    NoiseKind,
    NoisePlace,
    Request,
    Response,
)
from workbench.domain.exchange import header_value
from workbench.jsondoc import pointer as pointers
from workbench.recordings.document import encoded, text_charset
from workbench.recordings.document_part import DocumentError, DocumentPart

MOST_EXCHANGES: Final = 10_000
_SCHEMES: Final = ("http", "https")
_FORM: Final = "application/x-www-form-urlencoded"
_CHROMIUM: Final = (
    ("NAME_NOT_RESOLVED", "dns", FailureKind.NAME_NOT_FOUND),
    ("CONNECTION_REFUSED", "connect", FailureKind.REFUSED),
    ("ADDRESS_UNREACHABLE", "connect", FailureKind.UNREACHABLE),
    ("CERT_", "tls", FailureKind.CERTIFICATE),
    ("SSL_", "tls", FailureKind.TLS),
    ("TIMED_OUT", "wait", FailureKind.TIMEOUT),
    ("ABORTED", "wait", FailureKind.CANCELLED),
)
"""Parts of Chromium's names of errors, and what they mean; any other ends the connection."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The exchanges in the order in which they began; each has the number of its entry, from 1, as its id.

    ``left_out`` counts entries that are no HTTP requests: WebSockets, ``data:`` and ``blob:``. ``noise`` are files of
    forms that were sent and not stored.
    """

    exchanges: tuple[Exchange, ...]
    left_out: int = 0
    noise: tuple[Noise, ...] = ()


def read_archive(document: JSON) -> Archive:
    """The exchanges of an archive. Raises :class:`DocumentError`."""
    whole = DocumentPart(document)
    if not isinstance(document, dict) or "log" not in document:
        raise DocumentError("", 'This is not an HTTP archive (HAR): it has no "log".')
    entries = whole.at("log").at("entries")
    if not entries.is_there:
        raise entries.wrong("an array")
    read = list(enumerate(entries.items(MOST_EXCHANGES), 1))
    http = [(number, entry) for number, entry in read if _is_http(entry)]
    in_order = sorted(http, key=lambda pair: _began(pair[1]))
    exchanges = tuple(_exchange(number, entry) for number, entry in in_order)
    noise = tuple(one for number, entry in in_order for one in _lost_files(number, entry.at("request")))
    return Archive(exchanges, len(read) - len(http), noise)


def _is_http(entry: DocumentPart) -> bool:
    url = entry.at("request").at("url")
    try:
        return urlsplit(url.text()).scheme.lower() in _SCHEMES
    except ValueError:
        raise url.wrong("a URL") from None


def _began(entry: DocumentPart) -> float:
    """When it began; those without a time keep their order."""
    try:
        return datetime.fromisoformat(entry.at("startedDateTime").text("")).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _exchange(number: int, entry: DocumentPart) -> Exchange:
    answer = entry.at("response")
    response = _response(answer) if answer.at("status").integer(0) else None
    return Exchange(
        id=number,
        group=number,
        attempt=1,
        library="",
        request=_request(entry.at("request")),
        started_at=0.0,
        ended_at=0.0,
        response=response,
        error=None if response else _error(answer),
        body_state="complete",
    )


def _request(part: DocumentPart) -> Request:
    headers, post = _headers(part.at("headers")), part.at("postData")
    body = _sent_body(post, headers) if post.is_there else b""
    has_type = any(name.lower() == "content-type" for name, _ in headers)
    if body and not has_type and (media := post.at("mimeType").text("")):
        headers = (*headers, ("Content-Type", media))
    size = max(part.at("bodySize").integer(0), 0)
    is_lost = not body and size > 0
    method, url = part.at("method").text().upper(), part.at("url").text()
    return Request(method, url, headers=headers, body=body, size=size if is_lost else len(body), cut=is_lost)


def _lost_files(number: int, request: DocumentPart) -> Iterator[Noise]:
    """Files of a form whose content the archive does not have: any content is accepted in their place."""
    post = request.at("postData")
    if not post.is_there or post.at("text").text_or_none():
        return
    for param in post.at("params").items(10_000):
        if param.at("fileName").is_there and not param.at("value").text_or_none():
            yield Noise(NoisePlace.BODY, pointers.join("", param.at("name").text()), NoiseKind.ANY, number)


def _sent_body(post: DocumentPart, headers: Headers) -> bytes:
    text, params = post.at("text").text_or_none(), post.at("params").items(10_000)
    media = post.at("mimeType").text("") or header_value(headers, "content-type")
    if text or not params:
        return _bytes(text or "", headers)
    if media.lower().startswith("multipart/"):
        return _multipart(params, media)
    pairs = [(one.at("name").text(), one.at("value").text("")) for one in params]
    return urlencode(pairs).encode() if media.lower().startswith(_FORM) else b""


def _multipart(params: list[DocumentPart], media: str) -> bytes:
    """The body of a form whose parts alone were stored."""
    boundary = media.partition("boundary=")[2].partition(";")[0].strip().strip('"') or "boundary"
    return b"".join((*(_part(one, boundary) for one in params), f"--{boundary}--\r\n".encode()))


def _part(param: DocumentPart, boundary: str) -> bytes:
    file, media = param.at("fileName").text_or_none(), param.at("contentType").text_or_none()
    lines = [f"--{boundary}", f'Content-Disposition: form-data; name="{param.at("name").text()}"']
    lines[-1] += f'; filename="{file}"' if file else ""
    lines += [f"Content-Type: {media}"] if media else []
    return "\r\n".join((*lines, "", param.at("value").text(""), "")).encode("utf-8", "surrogatepass")


def _response(part: DocumentPart) -> Response:
    headers, content, trailers = _headers(part.at("headers")), part.at("content"), part.at("_trailers")
    body = _content(content, headers) if content.is_there else b""
    size = max(content.at("size").integer(0), 0) if content.is_there else 0
    has_type = any(name.lower() == "content-type" for name, _ in headers)
    media = content.at("mimeType").text("") if content.is_there else ""
    if "/" in media and not has_type:
        headers = (*headers, ("Content-Type", media))
    is_lacking = not body and size > 0  # browsers drop the bodies of redirects, and of pages that were left
    return Response(
        status=part.at("status").integer(),
        reason=part.at("statusText").text(""),
        headers=headers,
        body=body,
        size=size if is_lacking else len(body),
        cut=is_lacking,
        trailers=_headers(trailers) if trailers.is_there else (),
    )


def _content(content: DocumentPart, headers: Headers) -> bytes:
    if (file := content.at("_file")).is_there:
        raise DocumentError(
            file.pointer,
            f"{file.pointer} is the file of a body beside a recording. Name the recording where it was written, in "
            "tests/recordings.",
        )
    text = content.at("text")
    if content.at("encoding").text("").lower() != "base64":
        return _bytes(text.text(""), headers)
    try:
        return base64.b64decode(text.text(""), validate=True)
    except (binascii.Error, ValueError):
        raise DocumentError(text.pointer, f"{text.pointer} is not base64.") from None


def _bytes(text: str, headers: Headers) -> bytes:
    """The text in the charset that its headers name; in UTF-8 where that lacks its characters."""
    found = encoded(text, text_charset(headers))
    return text.encode("utf-8", "surrogatepass") if found is None else found


def _headers(part: DocumentPart) -> Headers:
    return tuple(_of_http1(part.items(1_000)))


def _of_http1(items: list[DocumentPart]) -> Iterator[tuple[str, str]]:
    for one in items:
        name = one.at("name").text()
        if not name.startswith(":"):  # HTTP/2 has its request line and status among the headers
            yield name, one.at("value").text("")


def _error(answer: DocumentPart) -> ExchangeError:
    """Why there was no answer: as Chromium says it, else the connection that ended."""
    name = answer.at("_error").text_or_none() or ""
    known = next(((phase, kind) for text, phase, kind in _CHROMIUM if text in name), None)
    phase, kind = known or ("wait", FailureKind.DISCONNECTED)
    return ExchangeError("", name, phase, kind)
