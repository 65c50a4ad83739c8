"""A request as data: method, URL, query, headers in order, and the body in each form that can be parsed."""

import base64
import io
import json
from collections.abc import Iterable
from typing import Any

from aiohttp import web
from werkzeug.datastructures import FileStorage
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


async def request_data(request: web.Request) -> dict[str, Any]:
    """The request as data.

    ``headers`` is an array of ``[name, value]`` as sent, in order. ``args`` and ``form`` map a name to its value, or to
    an array of values where it came more than once. ``body`` is text; bytes that are not UTF-8 come as a ``data:`` URL.
    ``json`` is null where the body is not JSON; ``files`` has ``filename, content_type, size, content`` for each file.
    """
    raw = await request.read()
    form, files = _form(request, raw)
    return {
        "method": request.method,
        "url": f"{request.scheme}://{request.host}{request.raw_path}",
        "args": _grouped(request.query.items()),
        "headers": [[_header(name), _header(value)] for name, value in request.raw_headers],
        "body": _text(raw, request.content_type),
        "json": _json(request, raw),
        "form": form,
        "files": files,
    }


async def echo(request: web.Request) -> web.Response:
    """``/test`` and everything below it, for every method."""
    return web.json_response({"data": await request_data(request)})


def _header(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _text(raw: bytes, content_type: str) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return f"data:{content_type};base64,{base64.b64encode(raw).decode()}"


def _json(request: web.Request, raw: bytes) -> Any:
    declared = "Content-Type" in request.headers
    if declared and not (request.content_type.endswith("/json") or request.content_type.endswith("+json")):
        return None
    try:
        return json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _form(request: web.Request, raw: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Werkzeug's parser reads both kinds from bytes; aiohttp's needs the stream, which the raw body has used up."""
    if request.content_type not in FORM_TYPES:
        return {}, {}
    _, options = parse_options_header(request.headers["Content-Type"])
    parser = FormDataParser(stream_factory=_in_memory, max_form_memory_size=None)
    _, form, files = parser.parse(io.BytesIO(raw), request.content_type, len(raw), options)
    return _grouped(form.items(multi=True)), _grouped((name, _upload(file)) for name, file in files.items(multi=True))


def _in_memory(
    total_content_length: int | None, content_type: str | None, filename: str | None, content_length: int | None = None
) -> io.BytesIO:
    """Werkzeug would put a large upload into a file."""
    return io.BytesIO()


def _upload(file: FileStorage) -> dict[str, Any]:
    content = file.stream.read()
    kind = file.content_type or "application/octet-stream"
    return {
        "filename": file.filename,
        "content_type": kind,
        "size": len(content),
        "content": _text(content, kind),
    }


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    grouped: dict[str, list[Any]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in grouped.items()}
