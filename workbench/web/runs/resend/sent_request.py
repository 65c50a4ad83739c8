"""The run that sends a captured request as it was edited; secrets stand in the form by name."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Self
from urllib.parse import quote, unquote_plus, urlencode, urlsplit

from workbench import resend
from workbench.answers.masks import MASK
from workbench.domain import AuthShape, Contract, ContractVersion, Exchange, Headers, Kind, Request, RunRequest
from workbench.domain.content_type import content_type_of
from workbench.domain.exchange import is_http_token
from workbench.domain.masked_text import MaskedBytes, spans_of
from workbench.domain.multipart import BodyPart, read_parts
from workbench.domain.split_url import split_url
from workbench.explain.http import exchange_masks, http_body
from workbench.explain.http.multipart import with_boundary, write_parts
from workbench.jsondoc import strict
from workbench.jsondoc.string_text import unescaped
from workbench.web.runs.request_code.curl import LEFT_OUT
from workbench.web.runs.resend.error import ResendError
from workbench.web.runs.resend.files import FileShelf
from workbench.web.runs.resend.form import FORM_TYPE, BodyKind, NumberedRows, ResendForm
from workbench.web.services.request_files import RequestFile

_TIMEOUT: Final = 60.0
_UNAVAILABLE: Final = "The value of ‹{}› is not available: secrets are not stored. Type it in its place."


@dataclass(frozen=True, slots=True)
class Secrets:
    """The masks of a request by name, and where their values are found; ``used`` collects those that were filled in.

    ``short`` has values that are masked in their own place only, so that no text is shredded: no name leads to them.
    """

    names: frozenset[str]
    value_of: Callable[[str], str | None]
    used: dict[str, str]
    short: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request, value_of: Callable[[str], str | None], raw: Request | None = None) -> Self:
        """Those that stand in the request; ``raw`` is the same without masks, where it is known."""
        names = frozenset(exchange_masks.of_request(request))
        short = dict(_short_values(request, raw)) if raw is not None else {}
        return cls(names, value_of, {}, short)

    def fill(self, field: str, text: str, encode: Callable[[str], str] = str, row: int | None = None) -> str:
        """The text with values, each as ``encode`` writes it there.

        Raises :class:`ResendError` where one is not available.
        """

        def value(found: re.Match[str]) -> str:
            if found[1] not in self.names:
                return found[0]  # not a mask: the text itself has such marks
            known = self.value_of(found[1])
            if known is not None:
                self.used[found[1]] = known
                return encode(known)
            if found[1] not in self.short:
                raise ResendError(field, _UNAVAILABLE.format(found[1]), row)
            return encode(self.short[found[1]])

        return MASK.sub(value, text)


def _short_values(masked: Request, raw: Request) -> Iterator[tuple[str, str]]:
    """The values of masks, found where the rest of a text is the same, without what encodes them there."""
    yield from _values_at(masked.url, raw.url, unquote_plus)
    for (_, text), (_, plain) in zip(masked.headers, raw.headers, strict=False):
        yield from _values_at(text, plain, str)
    media, charset = http_body.content_type(raw.headers)
    body, plain_body = http_body.decode(masked.body, charset), http_body.decode(raw.body, charset)
    if body is not None and plain_body is not None:
        decode = unquote_plus if media == FORM_TYPE else unescaped if "json" in media else str
        yield from _values_at(body, plain_body, decode)


def _values_at(text: str, plain: str, decode: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    spans = spans_of(text)
    if not spans or spans_of(plain):  # of a stored run, both have names in the place of secrets
        return
    ends = [0, *(place for span in spans for place in (span.start, span.end)), len(text)]
    first, *between = [str(text)[start:end] for start, end in list(pairwise(ends))[::2]]
    found, at = [], len(first)
    for piece in between[:-1]:
        stop = plain.find(piece, at)
        found.append((at, stop))
        at = stop + len(piece)
    end = len(plain) - len(between[-1])
    found.append((at, end))
    if plain.startswith(first) and plain.endswith(between[-1]) and all(0 <= start <= stop for start, stop in found):
        for span, (start, stop) in zip(spans, found, strict=True):
            yield span.label, decode(plain[start:stop])


def resend_request(
    form: ResendForm, captured: ResendForm, exchange: Exchange, secrets: Secrets, shelf: FileShelf
) -> RunRequest:
    """The run that sends it; ``captured`` is the form of the ``exchange``, which has its secrets.

    The files that were chosen are on the ``shelf``.

    What was not changed is sent byte for byte as it was captured. Raises :class:`ResendError`.
    """
    method = form.method.strip().upper()
    if not is_http_token(method):
        raise ResendError("method", "The method is one word, such as GET or POST.")
    url = _valid_url(secrets.fill("url", form.url.strip(), _in_url))
    headers = tuple(_headers(form.numbered("headers"), secrets))
    if form.kind is BodyKind.MULTIPART:
        headers = tuple(with_boundary(headers))
    is_captured = form.has_body_of(captured)
    if form.kind is BodyKind.JSON and not is_captured:
        _check_json(form.body)
    body = _body(form, exchange, headers, secrets, shelf)
    if is_captured:
        body = _recorded(exchange)
    return RunRequest(
        integration_id=shelf.owner,
        root=resend.ROOT,
        entry_point=resend.ENTRY_POINT,
        kind=Kind.REQUEST,
        name=resend.NAME,
        contract=Contract(ContractVersion.V2),
        inputs={
            "method": method,
            "url": _with_query(url, form, captured, exchange, secrets),
            "headers": [list(pair) for pair in headers],
            "body": base64.b64encode(body).decode(),
        },
        auth=dict(secrets.used),
        auth_shape=AuthShape.FLAT,
        secret_names=frozenset(secrets.used),
        timeout=_TIMEOUT,
    )


def _with_query(url: str, form: ResendForm, captured: ResendForm, exchange: Exchange, secrets: Secrets) -> str:
    """The URL with its parameters, without a fragment, which is never sent."""
    url = url.partition("#")[0]
    rows = form.numbered("query")
    if not rows:
        return url
    encoded = _encoded("query", rows, secrets)
    if form.query == captured.query:
        encoded = split_url(str(exchange.request.url)).query
    return f"{url}{'&' if '?' in url else '?'}{encoded}"


def _encoded(field: str, rows: NumberedRows, secrets: Secrets) -> str:
    """The rows as a query or the body of a form."""
    filled = [(secrets.fill(field, name, row=row), secrets.fill(field, value, row=row)) for row, name, value in rows]
    return urlencode(filled, quote_via=quote)


def _in_url(value: str) -> str:
    return quote(value, safe="")


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _body(form: ResendForm, exchange: Exchange, headers: Headers, secrets: Secrets, shelf: FileShelf) -> bytes:
    """The body by its kind, with its secrets written as its media type asks for."""
    match form.kind:
        case BodyKind.NONE:
            return b""
        case BodyKind.MULTIPART:
            return _parts(form, exchange, headers, secrets, shelf)
        case BodyKind.FILE:
            return _chosen("body", form.upload, shelf).data
        case BodyKind.RECORDED:
            return _recorded(exchange)
        case BodyKind.FORM:
            return _encoded("fields", form.numbered("fields"), secrets).encode()
        case BodyKind.JSON:
            return secrets.fill("body", form.body, _in_json).encode("utf-8")
    media = http_body.content_type(headers)[0]
    encode = _in_url if media == FORM_TYPE else _in_json if "json" in media else str
    return secrets.fill("body", form.body, encode).encode("utf-8")


def _recorded(exchange: Exchange) -> bytes:
    body = exchange.request.body
    if isinstance(body, MaskedBytes):
        raise ResendError("body", _UNAVAILABLE.format(body.spans[0].label))
    return body


def _check_json(text: str) -> None:
    try:
        strict.loads(text)
    except strict.JsonError as error:
        raise ResendError("body", f"This is not JSON. {error} Choose Text to send it anyway.") from error


def _parts(form: ResendForm, exchange: Exchange, headers: Headers, secrets: Secrets, shelf: FileShelf) -> bytes:
    """A multipart body; files are those of the captured one, or chosen ones."""
    recorded = read_parts(exchange.request.headers, exchange.request.body)
    made = []
    for row, part in enumerate(form.parts):
        if part.upload:
            file, name = _chosen("parts", part.upload, shelf, row), secrets.fill("parts", part.name, row=row)
            made.append(BodyPart(name, file.name, file.media, file.data))
            continue
        if part.is_file and not 0 < part.number <= len(recorded):
            raise ResendError("parts", "Choose a file, or remove the part.", row)
        if not (part.name.strip() or part.value or part.is_file):
            continue
        source = recorded[part.number - 1] if 0 < part.number <= len(recorded) else BodyPart("", "", "", b"")
        content = source.body if part.is_file else secrets.fill("parts", part.value, row=row).encode()
        made.append(BodyPart(secrets.fill("parts", part.name, row=row), source.filename, source.media, content))
    return write_parts(made, content_type_of(headers).boundary)


def _chosen(field: str, token: str, shelf: FileShelf, row: int | None = None) -> RequestFile:
    found = shelf.get(token) if token else None
    if found is None:
        gone = "The file is not in memory any more. Choose it again." if token else "Choose a file."
        raise ResendError(field, gone, row)
    return found


def _valid_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid or not text.isprintable() or " " in text:
        raise ResendError("url", "The URL must be complete, such as https://api.example.com/v1/items?page=2.")
    return text


def _headers(rows: NumberedRows, secrets: Secrets) -> Iterator[tuple[str, str]]:
    for row, given, typed in rows:
        name, value = given.strip(), secrets.fill("headers", typed, row=row).strip()
        if not is_http_token(name):
            raise ResendError("headers", f"This is not the name of a header: {name[:80] or '(empty)'}", row)
        if "\n" in value or "\r" in value:
            raise ResendError("headers", f"The value of {name} must be one line.", row)
        if name.lower() not in LEFT_OUT:
            yield name, value
