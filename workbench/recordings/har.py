"""Exchanges as an HTTP archive (HAR 1.2), for exports and recordings."""

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import harfile

from workbench import __version__
from workbench.domain import Exchange, Headers, Request, Timings
from workbench.domain.exchange import header_value
from workbench.domain.multipart import read_parts
from workbench.explain.http import answer_origins, http_body
from workbench.explain.http.multipart import field_text
from workbench.recordings.har_cookies import received_cookies, sent_cookies


def har_text(exchanges: Iterable[Exchange], created_at: float, comment: str) -> str:
    """The text of the archive; ``created_at`` is when their run was accepted, in seconds since the epoch.

    An exchange that got no answer has status 0 and says why.
    """
    buffer = io.StringIO()
    creator = harfile.Creator(name="AutoHive integration workbench", version=__version__)
    with harfile.HarFile(buffer, creator=creator, comment=comment) as archive:
        for exchange in exchanges:
            timings = _har_timings(exchange.timings)
            archive.add_entry(
                startedDateTime=_began(created_at, exchange),
                time=sum(max(0, each) for each in (timings.blocked, timings.dns, timings.connect, timings.send,
                                                   timings.wait, timings.receive)),
                request=_har_request(exchange),
                response=_har_response(exchange),
                timings=timings,
                comment=_why(exchange),
            )  # fmt: skip
    return buffer.getvalue()


def _why(exchange: Exchange) -> str | None:
    error = exchange.error
    why = [f"{error.type}: {error.message} ({error.phase})"] if error else []
    return "; ".join((*why, *answer_origins.facts(exchange))) or None


def _har_timings(timings: Timings) -> harfile.Timings:
    """HAR counts TLS within ``connect``, and expects -1 for a phase that did not happen."""
    connect = None if timings.connect is None else timings.connect + (timings.tls or 0)
    return harfile.Timings(
        send=0,
        wait=timings.wait or 0,
        receive=timings.receive or 0,
        dns=-1 if timings.dns is None else timings.dns,
        connect=-1 if connect is None else connect,
        ssl=-1 if timings.tls is None else timings.tls,
    )


def _began(created_at: float, exchange: Exchange) -> datetime:
    """When an exchange began; when the run did, where its worker names a time that no calendar has."""
    try:
        return datetime.fromtimestamp(created_at + exchange.started_at, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(created_at, UTC)


def _records(headers: Headers) -> list[harfile.Record]:
    return [harfile.Record(name=name, value=value) for name, value in headers]


def _har_request(exchange: Exchange) -> harfile.Request:
    request = exchange.request
    return harfile.Request(
        method=request.method,
        url=request.url,
        httpVersion=f"HTTP/{request.http_version}",
        headers=_records(request.headers),
        cookies=sent_cookies(request.headers),
        queryString=[harfile.Record(name=name, value=value) for name, value in _query(request.url)],
        postData=_post_data(request) if request.body else None,
        bodySize=request.size,
    )


def _post_data(request: Request) -> harfile.PostData:
    text = http_body.decode(request.body, http_body.content_type(request.headers)[1])
    parts = [
        harfile.PostParameter(
            name=part.name, value=field_text(part), fileName=part.filename or None, contentType=part.media or None
        )
        for part in read_parts(request.headers, request.body)
    ]
    return harfile.PostData(
        mimeType=header_value(request.headers, "content-type"),
        params=parts or None,
        text=text or "",
        comment=None if text is not None else "not text",
    )


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []


@dataclass
class _Response(harfile.Response):
    """A response with its trailers, which HAR has no place for."""

    trailers: Headers = ()

    def asdict(self) -> dict[str, Any]:
        pairs = [record.asdict() for record in _records(self.trailers)]
        return super().asdict() | ({"_trailers": pairs} if pairs else {})


def _har_response(exchange: Exchange) -> harfile.Response:
    response = exchange.response
    if response is None:
        return harfile.Response(status=0, statusText="", httpVersion="", comment="no answer came")
    headers = {name.lower(): value for name, value in response.headers}
    text = http_body.decode(response.body, http_body.content_type(response.headers)[1])
    return _Response(
        status=response.status,
        statusText=response.reason,
        httpVersion=f"HTTP/{response.http_version}",
        headers=_records(response.headers),
        cookies=received_cookies(response.headers),
        content=harfile.Content(
            size=response.size,
            mimeType=headers.get("content-type", ""),
            text=text if text is not None else base64.b64encode(response.body).decode(),
            encoding=None if text is not None else "base64",
            comment=f"the first {len(response.body)} bytes" if response.cut else None,
        ),
        redirectURL=headers.get("location", ""),
        bodySize=response.size,
        trailers=response.trailers,
    )
