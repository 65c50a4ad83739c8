"""The overview of an integration: its facts, and what is wrong with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workbench.domain import Auth, Finding, Integration, Severity, ShapeDecision, without_ignored
from workbench.explain.auth_shape import why
from workbench.explain.text import Sentence, count, with_code
from workbench.web.integration.import_result import ImportResult
from workbench.web.ui.integration_labels import SEVERITY_TONES, auth_label
from workbench.web.ui.navigation import Group


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the facts; ``code`` prints the text in the monospace face, ``note`` stands behind it."""

    name: str
    text: str
    note: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as printed. ``path`` is that of its file, empty where there is none to look into.

    ``ignored`` says why and where it is ignored.
    """

    severity: str
    tone: str
    message: Sentence
    fix: Sentence
    place: str
    code: str
    path: str = ""
    line: int | None = None
    ignored: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page prints. ``groups`` are the lists of handlers; ``notes`` are the findings that may wait, and
    ``ignored`` those that do not count.

    ``clean`` is said where there are no findings.
    """

    facts: tuple[Fact, ...]
    groups: tuple[Group, ...]
    findings: tuple[FindingView, ...]
    notes: tuple[FindingView, ...]
    ignored: tuple[FindingView, ...]
    findings_summary: str
    last_import: ImportResult
    clean: str


def overview(
    integration: Integration,
    groups: tuple[Group, ...],
    findings: Sequence[Finding],
    last_import: ImportResult,
    is_shown: Callable[[str], bool],
    shape: ShapeDecision,
) -> Overview:
    """The page of ``integration`` with all ``findings`` of its check; ``is_shown`` tells which files have a page.

    ``shape`` is that of ``context.auth`` in its runs.
    """
    clean = "No errors found in the folder" + (
        ", and the code registers every declared handler." if last_import.tone == "ok" else " by static checks."
    )
    ignored = tuple(_shown(finding, is_shown) for finding in findings if finding.ignored)
    counted = without_ignored(findings)
    serious = tuple(_shown(finding, is_shown) for finding in counted if finding.severity is not Severity.NOTE)
    notes = tuple(_shown(finding, is_shown) for finding in counted if finding.severity is Severity.NOTE)
    facts = _facts(integration, shape)
    return Overview(facts, groups, serious, notes, ignored, summary(counted), last_import, clean)


def _shown(finding: Finding, is_shown: Callable[[str], bool]) -> FindingView:
    return FindingView(
        severity=finding.severity,
        tone=SEVERITY_TONES[finding.severity],
        message=with_code(finding.message),
        fix=with_code(finding.fix),
        place=finding.place,
        code=finding.code,
        path=finding.path if is_shown(finding.path) else "",
        line=finding.line,
        ignored=f"Ignored by {finding.ignored_at}: {finding.ignored}" if finding.ignored else "",
    )


def summary(findings: Sequence[Finding]) -> str:
    """``2 errors, 1 warning``; ``none`` where there are none."""
    numbers = ((severity, sum(finding.severity is severity for finding in findings)) for severity in Severity)
    return ", ".join(count(number, severity) for severity, number in numbers if number) or "none"


def _facts(integration: Integration, shape: ShapeDecision) -> tuple[Fact, ...]:
    facts = [Fact("Folder", str(integration.root), code=True)]
    if not integration.readable:
        return tuple(facts)
    facts.append(Fact("Name", " ".join(filter(None, (integration.name, integration.version))), code=True))
    facts.append(Fact("Entry point", integration.entry_point or "none", code=bool(integration.entry_point)))
    facts.append(Fact("SDK contract", integration.contract.version, integration.contract.reason))
    facts += _auth_facts(integration.auth)
    if integration.auth.type or integration.auth.fields is not None:
        facts.append(Fact("context.auth", shape.shape, why(shape.reason, integration.contract)))
    account = "declared" if integration.connected_account else "not declared"
    return (*facts, Fact("Connected account", account))


def _auth_facts(auth: Auth) -> list[Fact]:
    facts = [Fact("Auth", auth_label(auth), f"auth_type {auth.auth_type}" if auth.type else "")]
    if auth.identifier:
        facts.append(Fact("Identifier", auth.identifier, code=True))
    if auth.scopes:
        facts.append(Fact("Scopes", " ".join(auth.scopes), code=True))
    return facts
