"""The fields of an URL-encoded form."""

from urllib.parse import parse_qsl

from workbench.domain.masked_text import read_with_masks
from workbench.web.runs.bodies import search
from workbench.web.runs.bodies.body import TEXT_SHOWN, Source, View
from workbench.web.ui.highlight import Token

_MOST = 200
"""Fields that are shown."""


def view(source: Source) -> View | None:
    """The fields of an URL-encoded form; as lines with the matches while something is searched for."""
    if source.raw or source.media != "application/x-www-form-urlencoded" or (text := source.text) is None:
        return None
    pairs = read_with_masks(text[:TEXT_SHOWN], lambda part: parse_qsl(part, keep_blank_values=True))
    if not source.find:
        return View("form", pairs=tuple(pairs[:_MOST]))
    lines = [(Token(name, "property"), Token(" = "), Token(value)) for name, value in pairs[:_MOST]]
    wanted = source.find.lower()
    matches = sum(str(text).lower().count(wanted) for pair in pairs for text in pair)
    return View("markup", lines=search.marked(lines, source.find), matches=min(matches, search.MOST))
