"""XML and HTML as coloured text, never as a page."""

from workbench.web.runs.bodies.body import Source, View, cut_note, shown_part
from workbench.web.runs.bodies.text_body import view_matches
from workbench.web.ui.highlight import highlight

_MOST_STEPS = 10_000_000
"""Characters that may be looked at in vain before a text stays without colours."""


def view(source: Source) -> View | None:
    """The lines of a body whose type is XML or HTML, in tokens."""
    media = source.media
    language = "body.html" if media == "text/html" else "body.xml"
    if source.raw or not ("html" in media or media.endswith(("/xml", "+xml"))) or (text := source.text) is None:
        return None
    shown = shown_part(text, source.find)
    lines = highlight(shown.splitlines(), "" if _is_slow(shown) else language)
    return view_matches(text, lines, source.find) if source.find else View("markup", lines=lines, notes=cut_note(text))


def _is_slow(text: str) -> bool:
    """Whether colours would take long: for each ``&`` Pygments looks for the next semicolon."""
    return sum(piece.count("&") * len(piece) for piece in str(text).split(";")) > _MOST_STEPS
