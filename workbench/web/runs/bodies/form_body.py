"""Forms as pairs: multipart part by part, and the fields of an URL-encoded one."""

from urllib.parse import parse_qsl

from workbench.domain.masked_text import read_with_masks
from workbench.explain.multipart import read_parts
from workbench.web.runs.bodies.body import TEXT_SHOWN, Source, View

_MOST = 200
"""Fields that are shown."""


def view_parts(source: Source) -> View | None:
    """The parts of a multipart body: the value of a field, what file it is."""
    parts = () if source.raw else read_parts(source.message.headers, source.message.body)
    pairs = tuple((part.name, part.summary[:TEXT_SHOWN]) for part in parts)
    return View("form", pairs=pairs) if pairs else None


def view_fields(source: Source) -> View | None:
    """The fields of an URL-encoded form."""
    if source.raw or source.media != "application/x-www-form-urlencoded" or (text := source.text) is None:
        return None
    pairs = read_with_masks(text[:TEXT_SHOWN], lambda part: parse_qsl(part, keep_blank_values=True))
    return View("form", pairs=tuple(pairs[:_MOST]))
