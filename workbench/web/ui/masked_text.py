"""How masked secrets look on a page: a labelled box where :class:`MaskedText` says so; any other text is plain."""

from typing import Final

from markupsafe import Markup, escape

from workbench.domain.masked_text import spans_of

_BOX: Final = Markup('<span class="masked" title="masked">{}</span>')


def masked(text: object) -> Markup:
    """``text`` escaped, its masked stretches as ``<span class="masked">name</span>``."""
    if not isinstance(text, str) or not (spans := spans_of(text)):
        return escape(text)
    plain, pieces, at = str(text), [], 0
    for span in spans:
        pieces += [escape(plain[at : span.start]), _BOX.format(span.label)]
        at = span.end
    return Markup().join((*pieces, escape(plain[at:])))
