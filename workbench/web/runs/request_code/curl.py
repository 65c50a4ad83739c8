"""A request as a curl command that a shell takes as it is; a variable stands in the place of each masked secret."""

import base64
import re
import shlex
from collections.abc import Iterator
from typing import Final

from workbench.domain import Request
from workbench.domain.masked_text import decode_text, join, spans_of

LEFT_OUT = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})
"""Headers that curl and the libraries write by themselves."""
_ADDED: Final = ("Accept", "User-Agent")
"""Headers that curl adds to each request without them."""
_LONGEST_ARGUMENT: Final = 100_000
"""Characters that surely fit into one argument of a command: Linux takes 128 KiB."""
_LINE: Final = 100
BODY_FILE: Final = "request-body.bin"
"""The file that the command reads where the body was not recorded whole."""


def command(request: Request) -> str:
    """The command; headers that curl writes by itself are left out. A body that is no argument comes by a pipe."""
    arguments = [*map(_argument, _parts(request))]
    if request.cut:
        return comment(request) + _lines([*arguments, "--data-binary", f"@{BODY_FILE}"])
    if not request.body:
        return _lines(arguments)
    text = _text(request)
    if text is not None and len(text) <= _LONGEST_ARGUMENT:
        return _lines([*arguments, "--data-raw", _argument(text)])
    return f"{_writer(request, text)} | {_lines([*arguments, '--data-binary', '@-'])}"


def comment(request: Request) -> str:
    """A line above the text that says where its body comes from; empty where it is in it."""
    if not request.cut:
        return ""
    recorded = f"Only {len(request.body):,} of {request.size:,} bytes of the body were recorded."
    return f"# {recorded} Put the whole body into {BODY_FILE}.\n"


def variables(request: Request) -> tuple[str, ...]:
    """The shell's variables that stand for secrets in the command: ``$API_KEY``."""
    labels = [span.label for part in _parts(request) for span in spans_of(part)]
    if not request.cut:
        labels += [span.label for span in getattr(request.body, "spans", ())]
    return tuple(dict.fromkeys(map(variable, labels)))


def variable(label: str) -> str:
    """The shell's variable for a masked secret."""
    name = re.sub(r"\W+", "_", label, flags=re.ASCII).strip("_").upper()
    return f"${name}" if name and not name[0].isdigit() else f"$SECRET_{name}".rstrip("_")


def stretches(text: str) -> Iterator[tuple[str, str]]:
    """The stretches of a text in order, with the name of the secret that one stands for, else empty."""
    at = 0
    for span in spans_of(text):
        if span.start > at:
            yield str(text)[at : span.start], ""
        yield str(text)[span.start : span.end], span.label
        at = span.end
    if at < len(text):
        yield str(text)[at:], ""


def headers(request: Request) -> Iterator[tuple[str, str]]:
    """The headers that no program writes by itself, without a compression that the recorded body does not have.

    Bodies that a library compresses are recorded before that; compressed bytes are not text.
    """
    left_out = {*LEFT_OUT, "content-encoding"} if request.body and _text(request) is not None else LEFT_OUT
    return ((name, value) for name, value in request.headers if name.lower() not in left_out)


def body_text(request: Request) -> str:
    """The body, or in words what it is where it is not text or not recorded as a whole."""
    if request.cut:
        return f"({request.size} bytes, of which {len(request.body)} were recorded)"
    text = _text(request)
    return f"({request.size} bytes that are not text)" if text is None else text


def _text(request: Request) -> str | None:
    """The body where it is text that a shell can hold, with its masked stretches."""
    try:
        text = decode_text(request.body, bytes.decode)
    except UnicodeDecodeError:
        return None
    return None if text is None or "\0" in text else text


def _lines(arguments: list[str]) -> str:
    """The command; one that is long has a line for each option."""
    one = " ".join(["curl", *arguments])
    if len(one) <= _LINE:
        return one
    pieces = [f" \\\n  {each}" if each.startswith("-") else f" {each}" for each in arguments]
    return "".join(["curl", *pieces])


def _argument(part: str) -> str:
    """One argument as the shell reads it."""
    return "".join(
        f'"{variable(label)}"' if label else shlex.quote(piece) for piece, label in stretches(part)
    ) or shlex.quote("")


def _writer(request: Request, text: str | None) -> str:
    """A command of the shell that writes a long body, or one that is not text. ``printf`` takes any length."""
    if text is not None:
        return f"printf %s {_argument(text)}"
    single_bytes = decode_text(request.body, lambda data: data.decode("latin-1")) or ""
    pieces = [_piece(piece, label) for piece, label in stretches(single_bytes)]
    return pieces[0] if len(pieces) == 1 else f"{{ {'; '.join(pieces)}; }}"


def _piece(piece: str, label: str) -> str:
    if label:
        return f'printf %s "{variable(label)}"'
    return f"printf %s {base64.b64encode(piece.encode('latin-1')).decode()} | base64 -d"


def _parts(request: Request) -> list[str]:
    """The arguments before the body."""
    parts = []
    if request.method == "HEAD" and not request.body:
        parts.append("--head")  # with -X HEAD curl would wait for a body
    elif request.method != "GET" or request.body:
        parts += ["-X", request.method]
    if request.http_version == "2":
        parts.append("--http2" if request.url.startswith("https:") else "--http2-prior-knowledge")
    if re.search(r"[][{}]", request.url):
        parts.append("--globoff")
    if re.search(r"/\.{1,2}(/|\?|$)", request.url):
        parts.append("--path-as-is")
    # An argument that begins with a dash or an @ would be read as an option or a file; --url and --data-raw are not.
    parts += ["--url", request.url]
    for name, value in headers(request):
        parts += ["-H", join((name, value), ": ") if value else f"{name};"]
    parts += _not_added(request)
    if any(name.lower() == "accept-encoding" for name, _ in request.headers):
        parts.append("--compressed")
    return parts


def _not_added(request: Request) -> Iterator[str]:
    """What keeps curl from headers that the request did not have."""
    sent = {name.lower() for name, _ in request.headers}
    wanted = (*_ADDED, "Content-Type") if request.body or request.cut else _ADDED
    for name in wanted:
        if name.lower() not in sent:
            yield from ("-H", f"{name}:")
