"""The integrations counted by how they stand, as links that filter the catalog."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from workbench.web.catalog.cards import Card

_ENOUGH = 5
"""Integrations from which on a filter helps more than it takes room."""


class Standing(StrEnum):
    """How integrations stand, as the URL names it."""

    ERRORS = "errors"
    WARNINGS = "warnings"
    READY = "ready"

    def holds(self, card: Card) -> bool:
        """Whether a card is one of these."""
        return card.status.tone == {Standing.ERRORS: "bad", Standing.WARNINGS: "warn", Standing.READY: "ok"}[self]


@dataclass(frozen=True, slots=True)
class StandingLink:
    """A link of the filter. ``value`` is empty for all; ``number`` is None until every integration is checked."""

    value: str
    text: str
    number: int | None
    chosen: bool


def standing_of(value: str) -> Standing | None:
    """What the URL asks for; None where it names none."""
    return Standing(value) if value in tuple(Standing) else None


def standing_links(cards: Sequence[Card], chosen: Standing | None) -> tuple[StandingLink, ...]:
    """The links of a page with all ``cards``; none where so few are seen at a glance."""
    if len(cards) < _ENOUGH and chosen is None:
        return ()
    is_counted = not any(card.status.pending for card in cards)
    return (
        StandingLink("", "All", len(cards), chosen is None),
        *(
            StandingLink(each, each.capitalize(), sum(map(each.holds, cards)) if is_counted else None, each is chosen)
            for each in Standing
        ),
    )
