"""The Content-Type of a message, read as Python reads that of mail."""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message

from workbench.domain.exchange import Headers, header_value


@dataclass(frozen=True, slots=True)
class ContentType:
    """``media`` in lower case, ``charset`` and ``boundary``; each is empty where it is not named."""

    media: str = ""
    charset: str = ""
    boundary: str = ""


def content_type_of(headers: Headers) -> ContentType:
    """The first Content-Type of the ``headers``, whatever stands in it."""
    value = header_value(headers, "content-type")
    if not value:
        return ContentType()
    message = Message()
    message["content-type"] = value.replace("\r", " ").replace("\n", " ").encode("utf-8", "replace").decode()
    return ContentType(
        message.get_content_type(), _parameter(message.get_content_charset), _parameter(message.get_boundary)
    )


def _parameter(read: Callable[[], str | None]) -> str:
    try:
        return read() or ""
    except Exception:  # Python's reader of parameters in parts (RFC 2231) does not expect every text
        return ""
