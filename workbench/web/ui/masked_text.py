"""How masked secrets look on a page: ``‹api_key›`` becomes a labelled box instead of a word between guillemets.

What is a masked secret is known from the run (``request.masks``); any other text between guillemets is plain text.
"""

import re
from collections.abc import Iterable

from flask import g
from markupsafe import Markup, escape

from workbench.domain import Run


def draw_masks(run: Run) -> None:
    """Let this response draw the masked secrets of ``run`` as such."""
    g.masks = g.get("masks", frozenset()) | set(run.request.masks)


def masked(text: object, masks: Iterable[str] | None = None) -> Markup:
    """``text`` escaped, its masked stretches as ``<span class="masked">name</span>``.

    ``masks`` are the texts that stand for secrets; without them those of the runs that this response draws.
    """
    escaped = str(escape(text))
    known = {str(escape(mask)) for mask in (g.get("masks", ()) if masks is None else masks)}
    if not known or "‹" not in escaped:
        return Markup(escaped)  # noqa: S704 - escaped above
    pattern = "|".join(re.escape(mask) for mask in sorted(known, key=len, reverse=True))
    boxes = re.sub(pattern, lambda found: f'<span class="masked" title="masked">{found[0][1:-1]}</span>', escaped)
    return Markup(boxes)  # noqa: S704 - escaped above
