"""Text of others for a terminal or the log of a build, which take some of it for commands."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters, and those that reorder what stands beside them."""

_COMMANDS = (
    "add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|notice|remove-matcher|save-state|set-env|"
    "set-output|stop-commands|warning"
)
_COMMAND = re.compile(rf":(?=:(?:{_COMMANDS})\b)|#(?=#\[[a-z])", re.IGNORECASE)
"""The first character of what GitHub Actions obeys, wherever a line may be broken."""


def visible(text: str) -> str:
    """``text`` with control characters and the beginnings of workflow commands spelled out."""
    return _COMMAND.sub(_spelled, _CONTROL.sub(_spelled, text))


def _spelled(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
