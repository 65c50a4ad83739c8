"""A value as Python, and a file as the text that its picker would post."""

import base64
import json

from workbench.domain import JSON


def python_text(value: JSON, indent: int = 0) -> str:
    """``value`` as a Python expression, laid out like JSON."""
    inner, outer = " " * (indent + 4), " " * indent
    if isinstance(value, dict) and value:
        lines = [f"{inner}{key!r}: {python_text(item, indent + 4)},\n" for key, item in value.items()]
        return "{\n" + "".join(lines) + outer + "}"
    if isinstance(value, list) and value:
        return "[\n" + "".join(f"{inner}{python_text(item, indent + 4)},\n" for item in value) + outer + "]"
    return repr(value)


def file_part(name: str, filename: str, content_type: str, content: bytes) -> tuple[str, str]:
    """The pair for a file that a browser posted under ``name``: what the file picker's script would have filled in."""
    members = {"name": filename, "contentType": content_type, "content": base64.b64encode(content).decode("ascii")}
    return name, json.dumps(members)
