"""Text of user code, made safe for frames and pages."""


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


def latin_or_utf8(data: bytes) -> str:
    """Header bytes as text: UTF-8 where they are, else Latin-1."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
