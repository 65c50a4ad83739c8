"""The fields of an URL-encoded form."""

from urllib.parse import parse_qsl

from workbench.domain.masked_text import read_with_masks
from workbench.explain.text import count
from workbench.web.runs.bodies import search
from workbench.web.runs.bodies.body import TEXT_SHOWN, Source, View, cut_note
from workbench.web.ui.highlight import Token

_MOST = 200
"""Fields that are shown."""


def view(source: Source) -> View | None:
    """The fields of an URL-encoded form; as lines while something is searched for, of many those with a match."""
    if source.raw or source.media != "application/x-www-form-urlencoded" or (text := source.text) is None:
        return None
    pairs = read_with_masks(text[:TEXT_SHOWN], lambda part: parse_qsl(part, keep_blank_values=True))
    wanted, number = source.find.lower(), count(len(pairs), "field")
    matches = [sum(str(part).lower().count(wanted) for part in pair) if wanted else 0 for pair in pairs]
    found = [pair for pair, many in zip(pairs, matches, strict=True) if many] if len(pairs) > _MOST else []
    shown = (found or pairs)[:_MOST]
    what = f"{len(shown)} of {number}, with a match" if found else f"the first {_MOST} of {number}"
    facts = (what,) if len(pairs) > _MOST else ()
    if not source.find:
        return View("form", pairs=tuple(shown), facts=facts, notes=cut_note(text))
    lines = [(Token(name, "property"), Token(" = "), Token(value)) for name, value in shown]
    many = min(sum(matches), search.MOST)
    return View("markup", lines=search.marked(lines, source.find), facts=facts, notes=cut_note(text), matches=many)
