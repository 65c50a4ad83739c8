"""The parts of a request by which it is matched with recorded ones."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote

from workbench.answers.request_body import BodyValue, body_value, by_name
from workbench.domain import JSON, Request
from workbench.domain.multipart import without_boundary
from workbench.domain.split_url import split_url
from workbench.jsondoc import equality

_OPERATIONS = ("soapaction", "x-amz-target")
"""Headers that say what is asked for, where the URL is the same for all requests."""
_PORTS = {"http": 80, "https": 443, "grpc": 80, "grpcs": 443}


@dataclass(frozen=True, slots=True)
class RequestParts:
    """A request taken apart. ``host`` has its port, ``segments`` are those of the path, ``query`` is by name.

    ``headers`` are those that name an operation. ``is_cut`` says that only the beginning of its body is known; ``raw``
    are the bytes of the body, without the boundary of its parts.
    """

    method: str
    scheme: str
    host: str
    segments: tuple[str, ...]
    query: JSON
    headers: JSON
    body: BodyValue
    is_cut: bool = False
    raw: bytes = b""

    @property
    def key(self) -> Hashable:
        """What two requests share that are equal in every part; values of one name may stand in any order."""
        return (
            self.method,
            self.scheme,
            self.host,
            self.segments,
            equality.key(_sorted(self.query)),
            equality.key(_sorted(self.headers)),
            self.body.form,
            equality.key(_sorted(self.body.value) if self.body.form == "fields" else self.body.value),
        )


def parts_of(request: Request) -> RequestParts:
    """The parts of a request."""
    url = split_url(request.url)
    return RequestParts(
        request.method.upper(),
        url.scheme.lower(),
        host_of(request.url),
        tuple(map(unquote, (url.path or "/").split("/")[1:])),
        by_name(parse_qsl(url.query, keep_blank_values=True)),
        by_name([(name.lower(), value) for name, value in request.headers if name.lower() in _OPERATIONS]),
        body_value(request.headers, request.body),
        request.cut,
        without_boundary(request.headers, request.body),
    )


def as_far_as(recorded: RequestParts, sent: RequestParts) -> tuple[RequestParts, RequestParts]:
    """Both, to be compared line by line: a recorded body without the lines that are yet to come of the sent one."""
    known, number = bytes(recorded.raw).splitlines(keepends=True), len(bytes(sent.raw).splitlines())
    begun = b"".join(known[:number])
    body = body_value((), begun)
    if number == 1 < len(known):  # noise has its places in the list of all lines
        body = BodyValue(body.form, [body.value])
        sent = replace(sent, body=BodyValue(sent.body.form, [sent.body.value]))
    return replace(recorded, body=body, raw=begun, is_cut=recorded.is_cut and number >= len(known)), sent


def host_of(url: str) -> str:
    """The host of a URL in lower case, with its port also where that is the scheme's own."""
    parts = split_url(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    return f"{(parts.hostname or '').lower()}:{port or _PORTS.get(parts.scheme.lower(), 80)}"


def _sorted(fields: JSON) -> JSON:
    if not isinstance(fields, dict):
        return fields
    return {name: sorted(values, key=str) if isinstance(values, list) else values for name, values in fields.items()}
