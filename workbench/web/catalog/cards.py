"""The catalog: a card or a row for each integration."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.domain import Integration, Severity
from workbench.explain import dependencies
from workbench.explain.text import count
from workbench.local_state import Layout
from workbench.web.catalog.last_runs import LastRun
from workbench.web.ui.integration_labels import SEVERITY_TONES, auth_label

_MANY = 12
"""Integrations above which they are listed unless cards were chosen."""


@dataclass(frozen=True, slots=True)
class CardStatus:
    """How an integration stands. ``contract`` is empty while it is not known; ``pending``: it is not checked yet."""

    id: str
    text: str
    tone: str = ""
    contract: str = ""
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What an integration has, in a few words each; empty where it has none."""

    actions: str = ""
    triggers: str = ""
    auth: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """``folder`` tells integrations of one title from each other. ``facts`` are its actions, triggers and auth."""

    integration: Integration
    url: str
    subtitle: str
    text: str
    folder: str
    facts: Facts
    status: CardStatus
    last_run: LastRun | None


@dataclass(frozen=True, slots=True)
class CatalogView:
    """The cards, and the folders they come from in a few words.

    ``checked_to`` is the last card that stands before all that are not checked, None where every one is.
    """

    cards: tuple[Card, ...]
    summary: str
    layout: Layout
    checked_to: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the integrations beside their folders, by id."""

    statuses: Mapping[str, CardStatus]
    last_runs: Mapping[str, LastRun]
    folders: Mapping[str, str]


def catalog_view(
    integrations: Iterable[tuple[Integration, str]], known: Known, roots: Sequence[Path], layout: Layout | None
) -> CatalogView:
    """The page of all ``integrations``, each with its URL. Without a chosen ``layout`` many of them are a list."""
    cards = tuple(card_of(one, url, known) for one, url in integrations)
    waiting = [card.status.pending for card in cards]
    first = waiting.index(True) if True in waiting else None
    before = cards[first - 1].status.id if first else ""
    chosen = layout or (Layout.LIST if len(cards) > _MANY else Layout.CARDS)
    return CatalogView(cards, _summary(len(cards), roots), chosen, None if first is None else before)


def card_of(integration: Integration, url: str, known: Known) -> Card:
    """One card. An integration that could not be read says why instead of what it does."""
    readable = integration.readable
    return Card(
        integration=integration,
        url=url,
        subtitle=integration.subtitle if readable else "unreadable",
        text=integration.description if readable else _first_error(integration),
        folder=known.folders.get(integration.id, ""),
        facts=_facts(integration) if readable else Facts(),
        status=known.statuses.get(integration.id) or _pending(integration),
        last_run=known.last_runs.get(integration.id),
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


def _facts(integration: Integration) -> Facts:
    intervals = {trigger.polling_interval for trigger in integration.triggers} - {""}
    triggers = (count(len(integration.triggers), "trigger"), *sorted(intervals)) if integration.triggers else ()
    return Facts(
        actions=count(len(integration.actions), "action"),
        triggers=" · ".join(triggers),
        auth=auth_label(integration.auth),
        account="connected account" if integration.connected_account else "",
    )


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
