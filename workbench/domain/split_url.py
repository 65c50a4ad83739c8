"""A URL taken apart without ever raising: it may come from a handler or the wire, and anything may stand there."""

from urllib.parse import SplitResult, urlsplit


def split_url(url: str) -> SplitResult:
    """The parts of a URL; one that cannot be read, which libraries reject by themselves, is a path.

    ``port`` raises :class:`ValueError` where it is no number.
    """
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", url, "", "")
