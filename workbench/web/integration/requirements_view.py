"""The requirements of an integration as a table: what is asked, and what is installed where."""

from dataclasses import dataclass

from workbench.domain import Dependency, DependencyState, InstallProgress, InstallState, Integration
from workbench.explain import dependencies, installation
from workbench.explain.text import Sentence

_SHOWN = 200
"""Lines of an installation's output that are shown, the last ones."""
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
class InstallView:
    """An installation. ``lines`` is the end of its output; ``open`` shows it unasked."""

    text: Sentence
    tone: str
    live: bool
    open: bool
    fraction: float | None
    lines: str


@dataclass(frozen=True, slots=True)
class RequirementsView:
    """The table, how the requirements stand in a few words, and the last installation, None where there was none."""

    rows: tuple[RequirementRow, ...]
    summary: str
    tone: str
    hint: str
    button: str
    install: InstallView | None


def requirements_view(integration: Integration, progress: InstallProgress | None) -> RequirementsView:
    """The requirements in pip's order, and how far an installation has come."""
    known = integration.dependencies
    unmet = dependencies.summary(known)
    return RequirementsView(
        rows=tuple(map(_row, known.requirements)),
        summary=unmet or "requirements.txt",
        tone="warn" if unmet else "",
        hint="Installs them into dependencies/." if unmet else "All requirements are met.",
        button="Install requirements" if unmet or not known.sdk else "Install again",
        install=_install(progress) if progress else None,
    )


def _install(progress: InstallProgress) -> InstallView:
    return InstallView(
        text=installation.tell(progress),
        tone=installation.TONES[progress.state],
        live=progress.state is InstallState.RUNNING,
        open=progress.state is not InstallState.SUCCEEDED,
        fraction=progress.fraction,
        lines="\n".join(progress.lines[-_SHOWN:]),
    )


def _row(one: Dependency) -> RequirementRow:
    environment = "–" if one.state is DependencyState.SDK else one.environment or "–"
    word, tone = dependencies.STATE_WORDS[one.state], _TONES.get(one.state, "")
    return RequirementRow(one.text, one.file, one.line, one.vendored or "–", environment, word, tone)
