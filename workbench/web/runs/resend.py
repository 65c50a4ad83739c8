"""A captured request as a form, and the run that sends it as edited; secrets stand in the form by name."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import quote, urlsplit

from workbench import resend
from workbench.domain import AuthShape, Contract, ContractVersion, Exchange, Headers, Kind, Request, RunRequest
from workbench.domain.masked_text import spans_of
from workbench.explain import http_body
from workbench.web.runs.curl import LEFT_OUT

_MASK: Final = re.compile("‹([^‹›\r\n]{1,200})›")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}")
_LONGEST: Final = 4 * 1024 * 1024
_TIMEOUT: Final = 60.0


class ResendError(ValueError):
    """What was typed cannot be sent; ``field`` is the one that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class ResendForm:
    """The fields as typed; ``headers`` has a line for each. ``as_recorded``: the body is the one that was captured."""

    method: str
    url: str
    headers: str
    body: str
    as_recorded: bool = False

    @classmethod
    def of(cls, request: Request) -> Self:
        """The fields of a captured request, without the headers that frame it."""
        text = None if request.cut else http_body.decode(request.body, http_body.content_type(request.headers)[1])
        lines = [f"{name}: {value}" for name, value in request.headers if name.lower() not in LEFT_OUT]
        keep = text is None and bool(request.body) and not request.cut
        return cls(str(request.method), str(request.url), "\n".join(lines), str(text or ""), keep)

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Self:
        """The fields that were posted."""
        names = ("method", "url", "headers", "body")
        method, url, headers, body = (form.get(name, "")[:_LONGEST].replace("\r\n", "\n") for name in names)
        return cls(method, url, headers, body, "as_recorded" in form)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The masks of a request by name, and where their values are found; ``used`` collects those that were filled in."""

    names: frozenset[str]
    value_of: Callable[[str], str | None]
    used: dict[str, str]

    @classmethod
    def of(cls, request: Request, value_of: Callable[[str], str | None]) -> Self:
        """Those that stand in the request."""
        texts = (request.url, *(value for _, value in request.headers))
        spans = [span for text in texts for span in spans_of(text)]
        names = {span.label for span in (*spans, *getattr(request.body, "spans", ()))}
        return cls(frozenset(names), value_of, {})

    def fill(self, field: str, text: str, encode: Callable[[str], str] = str) -> str:
        """The text with values, each as ``encode`` writes it there.

        Raises :class:`ResendError` where one is not available.
        """

        def value(found: re.Match[str]) -> str:
            if found[1] not in self.names:
                return found[0]  # not a mask: the text itself has such marks
            known = self.value_of(found[1])
            if known is None:
                raise ResendError(
                    field, f"The value of ‹{found[1]}› is not available: secrets are not stored. Type it in its place."
                )
            self.used[found[1]] = known
            return encode(known)

        return _MASK.sub(value, text)


def resend_request(form: ResendForm, exchange: Exchange, secrets: Secrets, integration_id: str) -> RunRequest:
    """The run that sends it. Raises :class:`ResendError`."""
    method = form.method.strip().upper()
    if not _TOKEN.fullmatch(method):
        raise ResendError("method", "The method is one word, such as GET or POST.")
    url = _valid_url(secrets.fill("url", form.url.strip(), _in_url))
    headers = tuple(_headers(secrets.fill("headers", form.headers)))
    body = bytes(exchange.request.body) if form.as_recorded else _body(form.body, headers, secrets)
    return RunRequest(
        integration_id=integration_id,
        root=resend.ROOT,
        entry_point=resend.ENTRY_POINT,
        kind=Kind.REQUEST,
        name=resend.NAME,
        contract=Contract(ContractVersion.V2),
        inputs={
            "method": method,
            "url": url,
            "headers": [list(pair) for pair in headers],
            "body": base64.b64encode(body).decode(),
        },
        auth=dict(secrets.used),
        auth_shape=AuthShape.FLAT,
        secret_names=frozenset(secrets.used),
        timeout=_TIMEOUT,
    )


def _in_url(value: str) -> str:
    return quote(value, safe="")


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _body(text: str, headers: Headers, secrets: Secrets) -> bytes:
    """The body as typed, with its secrets written as its media type asks for."""
    media = http_body.content_type(headers)[0]
    encode = _in_url if media == "application/x-www-form-urlencoded" else _in_json if "json" in media else str
    return secrets.fill("body", text, encode).encode("utf-8")


def _valid_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid or not text.isprintable() or " " in text:
        raise ResendError("url", "The URL must be complete, such as https://api.example.com/v1/items?page=2.")
    return text


def _headers(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if line.strip() and (not colon or not _TOKEN.fullmatch(name.strip())):
            raise ResendError("headers", f"Write NAME: VALUE, one a line. This is not a header: {line[:80]}")
        if line.strip() and name.strip().lower() not in LEFT_OUT:
            yield name.strip(), value.strip()
