"""The requirements of an integration as a table: what is asked, and what is installed where."""

from dataclasses import dataclass

from workbench.domain import Dependency, DependencyState, Integration
from workbench.explain import dependencies

_TONES = {DependencyState.INSTALLED: "ok", DependencyState.MISSING: "bad", DependencyState.DIFFERS: "warn"}


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """A line of the table; ``vendored`` and ``environment`` are releases, a dash where there is none."""

    text: str
    file: str
    line: int
    vendored: str
    environment: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class RequirementsView:
    """The table, and how the requirements stand in a few words."""

    rows: tuple[RequirementRow, ...]
    summary: str
    tone: str


def requirements_view(integration: Integration) -> RequirementsView:
    """The requirements in pip's order."""
    known = integration.dependencies
    unmet = dependencies.summary(known)
    return RequirementsView(tuple(map(_row, known.requirements)), unmet or "requirements.txt", "warn" if unmet else "")


def _row(one: Dependency) -> RequirementRow:
    environment = "–" if one.state is DependencyState.SDK else one.environment or "–"
    word, tone = dependencies.STATE_WORDS[one.state], _TONES.get(one.state, "")
    return RequirementRow(one.text, one.file, one.line, one.vendored or "–", environment, word, tone)
