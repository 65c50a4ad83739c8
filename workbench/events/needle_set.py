"""All needles of some secrets, looked for together: few of a thousand can occur in a text, and most texts have none."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from workbench.events.secret_forms import Needle
from workbench.events.secret_spans import Span
from workbench.events.text_layers import TextLayers

_LONG: Final = 12
"""Characters from which on a run of letters and digits is seldom an ordinary word."""
_LONG_RUN: Final = re.compile(f"[0-9a-z]{{{_LONG},}}")
_MANY: Final = 40
"""Long anchors from which on it pays to look through the long runs of a text alone."""


class NeedleSet:
    """Needles, each with the name of its secret; those that share an anchor are looked for once."""

    def __init__(self, needles: Sequence[tuple[str, Needle]]) -> None:
        self._needles = tuple(needles)
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, (_, needle) in enumerate(self._needles):
            self._places[needle.anchor].append(place)
        self._long = [anchor for anchor in self._places if _LONG_RUN.fullmatch(anchor)]
        self._others = [anchor for anchor in self._places if not _LONG_RUN.fullmatch(anchor)]

    def __bool__(self) -> bool:
        return bool(self._needles)

    def __iter__(self) -> Iterator[tuple[str, Needle]]:
        return iter(self._needles)

    def spans(self, layers: TextLayers) -> Iterator[Span]:
        """Where each needle stands in the text, in the order of the needles."""
        anchors = {anchor for layer in layers.where_letters_stand for anchor in self._anchors_in(layer.folded)}
        for place in sorted(place for anchor in anchors for place in self._places[anchor]):
            name, needle = self._needles[place]
            yield from ((*span, name) for span in needle.spans(layers))

    def _anchors_in(self, text: str) -> Iterator[str]:
        """The anchors that occur in a text in lower case."""
        yield from (anchor for anchor in self._others if anchor in text)
        runs = " ".join(_LONG_RUN.findall(text)) if len(self._long) > _MANY else text
        if runs:
            yield from (anchor for anchor in self._long if anchor in runs)
