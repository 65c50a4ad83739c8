"""Text of user code, made safe for frames and pages."""

from dataclasses import is_dataclass


def clean(text: str) -> str:
    """``text`` with every lone surrogate replaced by U+FFFD, so that it has a UTF-8 form."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def text_of(value: object) -> str:
    """``str(value)``, cleaned, whatever its ``__str__`` and ``__repr__`` do; a text is taken as it stands."""
    if isinstance(value, str):
        return clean(str.__str__(value))
    try:
        return clean(str.__str__(str(value)))
    except BaseException as error:  # user code runs here, and may even raise SystemExit
        return f"<{clean(type(value).__qualname__)} object whose text fails: {clean(type(error).__qualname__)}>"


def shorten(text: str, limit: int) -> str:
    """``text``, cleaned, with what lies beyond ``limit`` characters replaced by an ellipsis."""
    return clean(text if len(text) <= limit else text[: limit - 1] + "…")


def encodable(value: object) -> object:
    """A value that can be encoded: what is no tuple, number, bytes or value of ours is its text."""
    if value is None or type(value) in (bool, int, float, bytes) or is_dataclass(value):
        return value
    if isinstance(value, tuple | list):
        return tuple(encodable(item) for item in value)
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    return text_of(value)
