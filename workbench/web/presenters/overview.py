"""The overview of an integration: its facts, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain import Auth, Finding, Integration, Severity
from workbench.web.presenters.cards import TONES, auth_words
from workbench.web.presenters.navigation import Group
from workbench.web.presenters.words import count


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the facts; ``code`` prints the text in the monospace face, ``note`` stands behind it."""

    name: str
    text: str
    note: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as printed."""

    severity: str
    tone: str
    message: str
    remedy: str
    place: str
    code: str


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page prints. ``groups`` are the lists of handlers; ``notes`` are the findings that may wait."""

    facts: tuple[Fact, ...]
    groups: tuple[Group, ...]
    findings: tuple[Shown, ...]
    notes: tuple[Shown, ...]
    findings_summary: str


def overview(integration: Integration, groups: tuple[Group, ...], findings: Sequence[Finding]) -> Overview:
    """The page of ``integration`` with all ``findings`` of its check."""
    serious = tuple(_shown(finding) for finding in findings if finding.severity is not Severity.NOTE)
    notes = tuple(_shown(finding) for finding in findings if finding.severity is Severity.NOTE)
    return Overview(_facts(integration), groups, serious, notes, summary(findings))


def _shown(finding: Finding) -> Shown:
    tone = TONES[finding.severity]
    return Shown(finding.severity, tone, finding.message, finding.remedy, finding.place, finding.code)


def summary(findings: Sequence[Finding]) -> str:
    """``2 errors, 1 warning``; ``none`` where there are none."""
    numbers = ((severity, sum(finding.severity is severity for finding in findings)) for severity in Severity)
    return ", ".join(count(number, severity) for severity, number in numbers if number) or "none"


def _facts(integration: Integration) -> tuple[Fact, ...]:
    facts = [Fact("Folder", str(integration.root), code=True)]
    if not integration.readable:
        return tuple(facts)
    facts.append(Fact("Name", " ".join(filter(None, (integration.name, integration.version))), code=True))
    facts.append(Fact("Entry point", integration.entry_point or "none", code=bool(integration.entry_point)))
    facts.append(Fact("SDK contract", integration.contract.version, f"because {integration.contract.reason}"))
    facts += _auth_facts(integration.auth)
    account = "declared" if integration.connected_account else "not declared"
    return (*facts, Fact("Connected account", account))


def _auth_facts(auth: Auth) -> list[Fact]:
    facts = [Fact("Auth", auth_words(auth), f"context.auth says {auth.auth_type}" if auth.type else "")]
    if auth.identifier:
        facts.append(Fact("Identifier", auth.identifier, code=True))
    if auth.scopes:
        facts.append(Fact("Scopes", " ".join(auth.scopes), code=True))
    return facts
