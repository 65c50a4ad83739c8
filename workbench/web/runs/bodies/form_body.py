"""The fields of an URL-encoded form."""

from urllib.parse import parse_qsl

from workbench.domain.masked_text import read_with_masks
from workbench.web.runs.bodies.body import TEXT_SHOWN, Source, View

_MOST = 200
"""Fields that are shown."""


def view(source: Source) -> View | None:
    """The fields of an URL-encoded form."""
    if source.raw or source.media != "application/x-www-form-urlencoded" or (text := source.text) is None:
        return None
    pairs = read_with_masks(text[:TEXT_SHOWN], lambda part: parse_qsl(part, keep_blank_values=True))
    return View("form", pairs=tuple(pairs[:_MOST]))
