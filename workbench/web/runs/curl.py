"""A request as a curl command that a shell takes as it is."""

import shlex

from workbench.domain import Request
from workbench.domain.masked_text import decode_text, join, read_with_masks

_LEFT_OUT = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding"}


def command(request: Request) -> str:
    """The command; headers that curl writes by itself are left out. A body that is not text is named, not given."""
    parts = ["curl"]
    if request.method != "GET" or request.body:
        parts += ["-X", request.method]
    parts.append(request.url)
    for name, value in request.headers:
        if name.lower() not in _LEFT_OUT:
            parts += ["-H", join((name, value), ": ")]
    if any(name.lower() == "accept-encoding" for name, _ in request.headers):
        parts.append("--compressed")
    if request.body:
        parts += ["--data-raw", _text(request)]
    # An argument that begins with a dash or an @ would be read as an option or a file; --url and --data-raw are not.
    parts[parts.index(request.url) : parts.index(request.url) + 1] = ["--url", request.url]
    return join((read_with_masks(part, shlex.quote) for part in parts), " ")


def _text(request: Request) -> str:
    if request.cut:
        return f"({request.size} bytes, of which {len(request.body)} were recorded)"
    try:
        return decode_text(request.body, bytes.decode) or ""
    except UnicodeDecodeError:
        return f"({request.size} bytes that are not text)"
