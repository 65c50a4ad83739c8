"""Messages and metadata of gRPC as an exchange has them: lines of JSON, and headers."""

import base64
import json
from importlib import import_module
from typing import Any

from workbench.domain import Headers
from workbench.worker.text import clean, text_of


def headers_of(metadata: Any) -> Headers:
    """Metadata as headers; bytes as text in base64."""
    return tuple((str(name), _value(value)) for name, value in metadata or ())


def _value(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else clean(str(value))


def line_of(message: Any) -> bytes:
    """A message as one line of JSON; bytes as text in base64, anything else as its own text."""
    value = {"base64": base64.b64encode(message).decode()} if isinstance(message, bytes) else message
    return json.dumps(value, ensure_ascii=False, default=_value_of).encode("utf-8", "replace") + b"\n"


def _value_of(part: Any) -> Any:
    """What stands in JSON for a message, or for anything else that JSON does not have."""
    if (message := protobuf_of(part)) is None:
        return text_of(part)
    formats: Any = import_module("google.protobuf.json_format")
    return formats.MessageToDict(message, preserving_proto_field_name=True)


def protobuf_of(message: Any) -> Any:
    """The message of protobuf that it is, or that it wraps as those of proto-plus do (Google's clients); else None."""
    if hasattr(message, "DESCRIPTOR"):
        return message
    wrapped = getattr(message, "_pb", None)
    return wrapped if hasattr(wrapped, "DESCRIPTOR") else None
