"""The catalog: a card for each integration."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.domain import Integration, Severity
from workbench.explain import dependencies
from workbench.explain.text import count
from workbench.web.ui.integration_labels import SEVERITY_TONES, auth_label


@dataclass(frozen=True, slots=True)
class CardStatus:
    """The last line of a card. ``contract`` is empty while it is not known, ``pending`` while it is not checked."""

    id: str
    text: str
    tone: str = ""
    contract: str = ""
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """``words`` are found by the filter though the card does not show them."""

    integration: Integration
    url: str
    subtitle: str
    text: str
    facts: tuple[str, ...]
    status: CardStatus
    words: str


@dataclass(frozen=True, slots=True)
class CatalogView:
    """The cards, and the folders they come from in a few words.

    ``checked_to`` is the last card that stands before all that are not checked, None where every one is.
    """

    cards: tuple[Card, ...]
    summary: str
    checked_to: str | None = None


def catalog_view(
    integrations: Iterable[tuple[Integration, str]], statuses: Mapping[str, CardStatus], roots: Sequence[Path]
) -> CatalogView:
    """The page of all ``integrations``, each with its URL, and the status of those that are checked, by id."""
    cards = tuple(card_of(one, url, statuses.get(one.id) or _pending(one)) for one, url in integrations)
    waiting = [card.status.pending for card in cards]
    first = waiting.index(True) if True in waiting else None
    before = cards[first - 1].status.id if first else ""
    return CatalogView(cards, _summary(len(cards), roots), None if first is None else before)


def card_of(integration: Integration, url: str, status: CardStatus) -> Card:
    """One card. An integration that could not be read says why instead of what it does."""
    readable = integration.readable
    return Card(
        integration=integration,
        url=url,
        subtitle=f"{integration.name} {integration.version}".strip() if readable else "unreadable",
        text=integration.description if readable else _first_error(integration),
        facts=_facts(integration) if readable else (),
        status=status,
        words=" ".join((integration.name, *(action.name for action in integration.actions))),
    )


def status_of(integration: Integration) -> CardStatus:
    """How an integration stands that was checked: its ``findings`` are those of the check."""
    contract = f"contract {integration.contract.version}" if integration.readable else ""
    return CardStatus(integration.id, check_result(integration), _tone(integration), contract)


def _pending(integration: Integration) -> CardStatus:
    return CardStatus(integration.id, "checking…", pending=True)


def check_result(integration: Integration) -> str:
    """How the folder stands: its errors, warnings and unmet requirements counted, or that it has none."""
    found = [finding.severity for finding in integration.findings]
    counts = [count(found.count(each), each) for each in (Severity.ERROR, Severity.WARNING) if each in found]
    counts += filter(None, [dependencies.summary(integration.dependencies)])
    return ", ".join(counts) or "ready"


def _facts(integration: Integration) -> tuple[str, ...]:
    facts = [count(len(integration.actions), "action")]
    if integration.triggers:
        intervals = {trigger.polling_interval for trigger in integration.triggers} - {""}
        facts.append(" · ".join((count(len(integration.triggers), "trigger"), *sorted(intervals))))
    facts.append(auth_label(integration.auth))
    if integration.connected_account:
        facts.append("connected account")
    return tuple(facts)


def _tone(integration: Integration) -> str:
    found = {finding.severity for finding in integration.findings}
    otherwise = "warn" if integration.dependencies.unmet else "ok"
    return next((SEVERITY_TONES[each] for each in (Severity.ERROR, Severity.WARNING) if each in found), otherwise)


def _first_error(integration: Integration) -> str:
    errors = [finding for finding in integration.findings if finding.severity is Severity.ERROR]
    return f"{errors[0].place}: {errors[0].message}" if errors else "config.json could not be read."


def _summary(number: int, roots: Sequence[Path]) -> str:
    if not roots:
        return ""
    names = [f"{root.name or root}" for root in roots]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"{number} in {shown}"
