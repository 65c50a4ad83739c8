"""JSON text of which the end is missing, completed by what closes it."""

import re
from typing import Final

_TOKEN: Final = re.compile(r'"[^"\\]*+(?:\\(?:.|\Z)[^"\\]*+)*+(?:"|\Z)|[][{},]', re.DOTALL)
"""A string, also one that does not end, or a character that makes the structure."""


def complete(text: str) -> str:
    """The text up to the last value that is surely whole, with the brackets that close it; empty where there is none.

    A last number or string that touches the end may go on behind it, so it is left out.
    """
    open_brackets: list[str] = []
    end = 0
    for match in _TOKEN.finditer(str(text)):
        piece = match[0]
        if piece in ("{", "["):
            open_brackets.append("}" if piece == "{" else "]")
            end = match.end()
        elif piece in ("}", "]"):
            if not open_brackets or open_brackets.pop() != piece:
                return ""
            end = match.end()
        elif piece == ",":
            end = match.start()
    return text[:end] + "".join(reversed(open_brackets)) if end else ""
