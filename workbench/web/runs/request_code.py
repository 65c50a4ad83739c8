"""A request as text to copy: as curl command, as Python, as HTTP. Variables stand in the place of masked secrets."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

from workbench.domain import Exchange, Request
from workbench.domain.masked_text import decode_text, join, spans_of
from workbench.explain import urls
from workbench.web.runs import curl


@dataclass(frozen=True, slots=True)
class RequestFormat:
    """A form of a request: its name in URLs, what the menu says, how it is written, what stands for a secret."""

    name: str
    title: str
    write: Callable[[Request], str]
    has_variables: bool = True


def _aiohttp(request: Request) -> str:
    return f"""\
import asyncio
import os

import aiohttp


async def main():
    async with aiohttp.ClientSession() as session:
        async with session.request({_arguments(request, 12)}
        ) as response:
            print(response.status, await response.text())


asyncio.run(main())
"""


def _fetch(request: Request) -> str:
    url, method, *more = _named(request)
    return f"import os\n\nresponse = await context.fetch({_lines((url, f'method={method}', *more), 4)}\n)\n"


def _requests(request: Request) -> str:
    return f"""\
import os

import requests

response = requests.request({_arguments(request, 4)}
)
print(response.status_code, response.text)
"""


def _http(request: Request) -> str:
    """The message as it was sent, with the names of masked secrets in it."""
    path = urls.host_and_path(request.url)[1]
    head = [f"{request.method} {path} HTTP/{request.http_version}"]
    head += [f"{name}: {value}" for name, value in request.headers]
    return "\n".join(head) + "\n\n" + curl.body_text(request)


def _arguments(request: Request, indent: int) -> str:
    url, method, *more = _named(request)
    return _lines((method, url, *more), indent)


def _lines(arguments: tuple[str, ...], indent: int) -> str:
    return "".join(f"\n{' ' * indent}{argument}," for argument in arguments)


def _named(request: Request) -> Iterator[str]:
    """URL and method, then the named arguments that all three libraries have."""
    yield _expression(request.url)
    yield _expression(request.method)
    headers = _headers(request)
    if headers:
        pairs = ", ".join(f"{_expression(name)}: {_expression(value)}" for name, value in headers.items())
        yield f"headers={{{pairs}}}"
    if request.body:
        yield f"data={_body(request)}"


def _headers(request: Request) -> dict[str, str]:
    """The headers that a library does not write by itself; one that is there twice has both values."""
    found: dict[str, str] = {}
    for name, value in request.headers:
        if name.lower() not in curl.LEFT_OUT:
            gap = "; " if name.lower() == "cookie" else ", "
            found[name] = join((found[name], value), gap) if name in found else value
    return found


def _body(request: Request) -> str:
    if request.cut:
        return f"b''  # {request.size} bytes, of which {len(request.body)} were recorded"
    try:
        text = decode_text(request.body, bytes.decode) or ""
    except UnicodeDecodeError:
        return repr(bytes(request.body))
    return f"({_expression(text)}).encode()"


def _expression(text: str) -> str:
    """A text as Python; a masked stretch is read from the environment."""
    pieces, at = [], 0
    for span in spans_of(text):
        pieces += [repr(str(text)[at : span.start])] * (span.start > at)
        pieces.append(f'os.environ["{curl.variable(span.label)[1:]}"]')
        at = span.end
    rest = str(text)[at:]
    return " + ".join([*pieces, *([repr(rest)] if rest or not pieces else [])])


FORMATS = (
    RequestFormat("curl", "cURL", curl.command),
    RequestFormat("fetch", "Python, context.fetch", _fetch),
    RequestFormat("aiohttp", "Python, aiohttp", _aiohttp),
    RequestFormat("requests", "Python, requests", _requests),
    RequestFormat("http", "HTTP", _http, has_variables=False),
)
"""The forms in the order of the menu."""


def formats_of(exchange: Exchange) -> tuple[RequestFormat, ...]:
    """Those that send this request again: none for gRPC, whose bytes on the wire no such text has."""
    return () if exchange.library == "grpc" else FORMATS


BY_NAME = MappingProxyType({each.name: each for each in FORMATS})
