"""XML and HTML as coloured text, never as a page."""

from workbench.web.runs.bodies import markup_lines
from workbench.web.runs.bodies.body import Source, View, cut_note, shown_part
from workbench.web.runs.bodies.text_body import view_matches
from workbench.web.ui.highlight import highlight

_MOST_STEPS = 10_000_000
"""Characters that may be looked at in vain before a text stays without colours."""


def view(source: Source) -> View | None:
    """The lines of a body whose type is XML or HTML, in tokens."""
    language = _language(source)
    if source.raw or not language or (text := source.text) is None:
        return None
    shown = shown_part(text, source.find)
    is_indented = language == "body.xml" and markup_lines.is_long(shown)
    lines = markup_lines.indent(shown) if is_indented else shown.splitlines()
    coloured = highlight(lines, "" if _is_slow(shown) else language)
    if source.find:
        return view_matches(text, coloured, source.find)
    drawn = ("not drawn, as SVG may run scripts",) if source.media == "image/svg+xml" else ()
    facts = (*drawn, "indented for reading") if is_indented else drawn
    return View("markup", lines=coloured, notes=cut_note(text), facts=facts)


def _language(source: Source) -> str:
    """The language by the media type, or by the beginning of a page that a gateway sent in place of JSON."""
    media, start = source.media, source.message.body[:100].lstrip().lower()
    if media == "text/html" or start.startswith((b"<!doctype html", b"<html")):
        return "body.html"
    is_xml = "html" in media or media.endswith(("/xml", "+xml")) or start.startswith(b"<?xml")
    return "body.xml" if is_xml else ""


def _is_slow(text: str) -> bool:
    """Whether colours would take long: for each ``&`` Pygments looks for the next semicolon."""
    return sum(piece.count("&") * len(piece) for piece in str(text).split(";")) > _MOST_STEPS
