"""How masked secrets look on a page: ``‹api_key›`` becomes a labelled box instead of a word between guillemets."""

import re

from markupsafe import Markup, escape

_MASKED = re.compile("‹([^‹›\r\n]{1,200})›")


def masked(text: object) -> Markup:
    """``text`` escaped, its masked stretches as ``<span class="masked">name</span>``."""
    return Markup(_MASKED.sub(r'<span class="masked" title="masked">\1</span>', str(escape(text))))  # noqa: S704 - escaped above
