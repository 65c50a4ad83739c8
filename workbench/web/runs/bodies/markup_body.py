"""XML and HTML as coloured text, never as a page."""

from workbench.web.runs.bodies.body import TEXT_SHOWN, Source, View, cut_note
from workbench.web.ui.highlight import highlight

_MOST_STEPS = 10_000_000


def view(source: Source) -> View | None:
    """The lines of a body whose type is XML or HTML, in tokens."""
    media = source.media
    language = "body.html" if media == "text/html" else "body.xml"
    if source.raw or not ("html" in media or media.endswith(("/xml", "+xml"))) or (text := source.text) is None:
        return None
    shown = text[:TEXT_SHOWN]
    return View(
        "markup", lines=highlight(shown.splitlines(), "" if _is_slow(shown) else language), notes=cut_note(text)
    )


def _is_slow(text: str) -> bool:
    """Whether colours would take long: for each ``&`` Pygments looks for the next semicolon."""
    return sum(piece.count("&") * len(piece) for piece in str(text).split(";")) > _MOST_STEPS
