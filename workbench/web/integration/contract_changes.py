"""What the edits of ``config.json`` since the last commit mean for the users of the integration."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.catalog import declarations, read_document
from workbench.compatibility import (
    Change,
    Part,
    PreviousConfigError,
    Verdict,
    VersionBump,
    compare,
    previous_config,
)
from workbench.domain import Integration, Kind
from workbench.explain import compatibility as words
from workbench.explain.text import Sentence, count

HEAD = "HEAD"
_TONES = {Verdict.YES: "bad", Verdict.UNKNOWN: "warn", Verdict.NO: "ok"}
_PARTS = {Kind.ACTION: Part.ACTION, Kind.TRIGGER: Part.TRIGGER, Kind.ACCOUNT: Part.ACCOUNT}


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change as printed, with its proof; ``line`` is that in ``config.json``."""

    verdict: str
    tone: str
    message: Sentence
    proof: Sentence
    line: int


@dataclass(frozen=True, slots=True)
class ContractChanges:
    """The changes, the breaking ones first, and the version that all of them ask for; ``is_enough`` if it is set."""

    changes: tuple[ChangeView, ...] = ()
    version: Sentence = ()
    is_enough: bool = True

    @property
    def summary(self) -> str:
        """The number of changes, in words."""
        return f"{count(len(self.changes), 'change')} since the last commit"


def contract_changes(integration: Integration, kind: Kind | None = None, name: str = "") -> ContractChanges:
    """Those of one handler, or of all; none where there is no earlier version or the file cannot be read."""
    document = read_document(integration.root)
    if not isinstance(document.value, dict):
        return ContractChanges()
    try:
        old = previous_config(integration.root, HEAD)
    except PreviousConfigError:
        return ContractChanges()
    comparison = compare(declarations(old), declarations(document))
    return _view(_of(comparison.changes, kind, name), comparison.version)


def _of(changes: Iterable[Change], kind: Kind | None, name: str) -> list[Change]:
    return [one for one in changes if kind is None or (one.part is _PARTS[kind] and one.name == name)]


def _view(changes: list[Change], version: VersionBump) -> ContractChanges:
    if not changes:
        return ContractChanges()
    views = tuple(
        ChangeView(words.VERDICTS[one.breaking], _TONES[one.breaking], words.what(one), words.why(one), one.line or 1)
        for one in changes
    )
    return ContractChanges(views, words.version(version), version.is_enough)
