"""A request as text to copy: as curl command, as Python, as HTTP. Variables stand in the place of masked secrets."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

from yarl import URL

from workbench.domain import Exchange, Request
from workbench.domain.exchange import header_value
from workbench.domain.masked_text import decode_text, join
from workbench.explain.http import urls
from workbench.web.runs.request_code import curl
from workbench.web.runs.request_code.python_literal import expression, json_argument, url_expression


@dataclass(frozen=True, slots=True)
class RequestFormat:
    """A form of a request: its name in URLs, what the menu says, how it is written, what stands for a secret."""

    name: str
    title: str
    write: Callable[[Request], str]
    has_variables: bool = True


_USES = MappingProxyType({
    "import json": "=json.dumps(",
    "import os": "os.environ[",
    "from urllib.parse import quote": "quote(os.environ[",
})  # fmt: skip
"""The imports that a body or a masked value may need, and how they are used."""


def _aiohttp(request: Request) -> str:
    url = url_expression(request.url)
    imports = ["import aiohttp"]
    if _is_requoted(request.url):
        url, imports = f"URL({url}, encoded=True)", [*imports, "from yarl import URL"]
    arguments = [expression(request.method), url, *_headers_and_body(request, 12, pairs=_has_repeated(request))]
    if skipped := _not_sent(request):
        arguments.append(f"skip_auto_headers={skipped!r}")
    code = f"""\
async def main():
    async with aiohttp.ClientSession() as session:
        async with session.request({_lines(arguments, 12)}
        ) as response:
            print(response.status, await response.text())


asyncio.run(main())
"""
    return curl.comment(request) + _module(code, ["import asyncio"], imports)


def _fetch(request: Request) -> str:
    arguments = (url_expression(request.url), f"method={expression(request.method)}", *_headers_and_body(request, 4))
    code = f"response = await context.fetch({_lines(arguments, 4)}\n)\n"
    imports = "\n".join(_imports(code))
    return curl.comment(request) + (f"{imports}\n\n{code}" if imports else code)


def _requests(request: Request) -> str:
    arguments = [expression(request.method), url_expression(request.url), *_headers_and_body(request, 4, as_bytes=True)]
    code = f"response = requests.request({_lines(arguments, 4)}\n)\nprint(response.status_code, response.text)\n"
    return curl.comment(request) + _module(code, [], ["import requests"], gap=1)


def _http(request: Request) -> str:
    """The message as it was sent, with the names of masked secrets; with the host, which HTTP/2 sends in no header."""
    host, path = urls.host_and_path(request.url)
    head = [f"{request.method} {path} HTTP/{request.http_version}"]
    if request.http_version == "2":
        head.append(f"host: {host}")
    head += [f"{name}: {value}" for name, value in _framed(request)]
    return "\n".join(head) + "\n\n" + curl.body_text(request)


def _framed(request: Request) -> Iterator[tuple[str, str]]:
    """The headers, with the length of the body in place of what frames it otherwise: chunks, a compression."""
    copied, lengths = {*curl.headers(request)}, {"transfer-encoding", "content-length"}
    for name, value in request.headers:
        if name.lower() in lengths and request.body:
            yield "Content-Length" if name.lower() == "transfer-encoding" else name, str(request.size)
            lengths.clear()
        elif (name, value) in copied or name.lower() in curl.LEFT_OUT:
            yield name, value


def _module(code: str, standard: list[str], installed: list[str], gap: int = 2) -> str:
    """The code below the imports that it needs."""
    groups = ("\n".join((*standard, *_imports(code))), "\n".join(installed))
    return "\n\n".join(filter(None, groups)) + "\n" * (gap + 1) + code


def _imports(code: str) -> list[str]:
    return [line for line, use in _USES.items() if use in code]


def _lines(arguments: Iterable[str], indent: int) -> str:
    return "".join(f"\n{' ' * indent}{argument}," for argument in arguments)


def _headers_and_body(request: Request, indent: int, *, pairs: bool = False, as_bytes: bool = False) -> Iterator[str]:
    """The named arguments that all three libraries have.

    Each header has a line. ``pairs`` keeps each of repeated ones, ``as_bytes`` writes what is not ASCII in UTF-8.
    """
    found = tuple(curl.headers(request)) if pairs else tuple(_by_name(curl.headers(request)).items())
    if found:
        written = [(expression(name), _header_value(value, as_bytes)) for name, value in found]
        listed = [f"({name}, {value})" if pairs else f"{name}: {value}" for name, value in written]
        gap = " " * indent
        inner = "".join(f"\n{gap}    {one}," for one in listed) + f"\n{gap}"
        yield f"headers=[{inner}]" if pairs else f"headers={{{inner}}}"
    if request.body:
        yield _body(request, indent)


def _header_value(value: str, as_bytes: bool) -> str:
    is_ascii = all(label or piece.isascii() for piece, label in curl.stretches(value))
    return f"({expression(value)}).encode()" if as_bytes and not is_ascii else expression(value)


def _has_repeated(request: Request) -> bool:
    names = [name.lower() for name, _ in curl.headers(request) if name.lower() != "cookie"]
    return len(set(names)) < len(names)


def _by_name(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The headers by name; one that is there twice has both values."""
    found: dict[str, str] = {}
    for name, value in headers:
        gap = "; " if name.lower() == "cookie" else ", "
        found[name] = join((found[name], value), gap) if name in found else value
    return found


def _not_sent(request: Request) -> tuple[str, ...]:
    """The headers that aiohttp would add to a request without them."""
    sent = {name.lower() for name, _ in request.headers}
    adds_type = request.body or request.method in ("POST", "PUT", "PATCH")
    added = ("Accept", "User-Agent", "Content-Type") if adds_type else ("Accept", "User-Agent")
    return tuple(name for name in added if name.lower() not in sent)


def _is_requoted(url: str) -> bool:
    """Whether aiohttp would write the URL in another way; a secret in it is to be quoted."""
    known = "".join("x" if label else piece for piece, label in curl.stretches(url))
    try:
        return str(URL(known)) != known
    except ValueError:
        return False


def _body(request: Request, indent: int) -> str:
    """The argument with the body."""
    if request.cut:
        return f"data=open({curl.BODY_FILE!r}, 'rb').read()"
    try:
        text = decode_text(request.body, bytes.decode) or ""
    except UnicodeDecodeError:
        return f"data={bytes(request.body)!r}"
    as_json = json_argument(text, indent) if _is_json(request) else ""
    return as_json or f"data=({expression(text)}).encode()"


def _is_json(request: Request) -> bool:
    """Whether the content type is the one that libraries give JSON."""
    return [value for name, value in request.headers if name.lower() == "content-type"] == ["application/json"]


FORMATS = (
    RequestFormat("curl", "cURL", curl.command),
    RequestFormat("fetch", "Python, context.fetch", _fetch),
    RequestFormat("aiohttp", "Python, aiohttp", _aiohttp),
    RequestFormat("requests", "Python, requests", _requests),
    RequestFormat("http", "HTTP", _http, has_variables=False),
)
"""The forms in the order of the menu."""


def formats_of(exchange: Exchange) -> tuple[RequestFormat, ...]:
    """Those that send this request again: none for gRPC and WebSockets, whose messages no such text has."""
    request = exchange.request
    is_socket = request.url.startswith(("ws:", "wss:"))
    is_upgrade = header_value(request.headers, "upgrade").lower() == "websocket"
    return () if is_socket or is_upgrade or exchange.library == "grpc" else FORMATS


BY_NAME = MappingProxyType({each.name: each for each in FORMATS})
