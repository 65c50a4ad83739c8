"""A request as a curl command that a shell takes as it is; a variable stands in the place of each masked secret."""

import re
import shlex

from workbench.domain import Request
from workbench.domain.masked_text import decode_text, join, spans_of

LEFT_OUT = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})
"""Headers that curl and the libraries write by themselves."""


def command(request: Request) -> str:
    """The command; headers that curl writes by itself are left out. A body that is not text is named, not given."""
    return " ".join(map(_argument, _parts(request)))


def variables(request: Request) -> tuple[str, ...]:
    """The shell's variables that stand for secrets in the command: ``$API_KEY``."""
    return tuple(dict.fromkeys(variable(span.label) for part in _parts(request) for span in spans_of(part)))


def variable(label: str) -> str:
    """The shell's variable for a masked secret."""
    name = re.sub(r"\W+", "_", label, flags=re.ASCII).strip("_").upper()
    return f"${name}" if name and not name[0].isdigit() else f"$SECRET_{name}".rstrip("_")


def _argument(part: str) -> str:
    """One argument as the shell reads it."""
    pieces, at = [], 0
    for span in spans_of(part):
        pieces += [shlex.quote(str(part)[at : span.start])] * (span.start > at) + [f'"{variable(span.label)}"']
        at = span.end
    rest = str(part)[at:]
    return "".join([*pieces, *([shlex.quote(rest)] if rest or not pieces else [])])


def _parts(request: Request) -> list[str]:
    parts = ["curl"]
    if request.method != "GET" or request.body:
        parts += ["-X", request.method]
    parts.append(request.url)
    for name, value in request.headers:
        if name.lower() not in LEFT_OUT:
            parts += ["-H", join((name, value), ": ")]
    if any(name.lower() == "accept-encoding" for name, _ in request.headers):
        parts.append("--compressed")
    if request.body:
        parts += ["--data-raw", body_text(request)]
    # An argument that begins with a dash or an @ would be read as an option or a file; --url and --data-raw are not.
    parts[parts.index(request.url) : parts.index(request.url) + 1] = ["--url", request.url]
    return parts


def body_text(request: Request) -> str:
    """The body, or in words what it is where it is not text or not recorded as a whole."""
    if request.cut:
        return f"({request.size} bytes, of which {len(request.body)} were recorded)"
    try:
        return decode_text(request.body, bytes.decode) or ""
    except UnicodeDecodeError:
        return f"({request.size} bytes that are not text)"
