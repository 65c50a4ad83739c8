"""How masked secrets look on a page: a labelled box where :class:`MaskedText` says so; any other text is plain."""

from markupsafe import Markup, escape

from workbench.domain.masked_text import spans_of


def masked(text: object) -> Markup:
    """``text`` escaped, its masked stretches as ``<span class="masked">name</span>``."""
    if not isinstance(text, str) or not (spans := spans_of(text)):
        return escape(text)
    pieces, at = Markup(), 0
    for span in spans:
        pieces += escape(str(text)[at : span.start])
        pieces += Markup('<span class="masked" title="masked">{}</span>').format(span.label)
        at = span.end
    return pieces + escape(str(text)[at:])
