"""What changed between two versions of an integration, in words."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Final

from workbench.compatibility import Change, ChangeKind, Comparison, Part, Side, Verdict, VersionBump
from workbench.domain import ABSENT, JSON
from workbench.explain.text import Sentence, plain, prose

VERDICTS: Final = {Verdict.YES: "breaking", Verdict.UNKNOWN: "undecided", Verdict.NO: "compatible"}
"""The word for each verdict, as it stands before a change and in a count."""

_PARTS: Final = {
    Part.ACTION: "Action",
    Part.TRIGGER: "Trigger",
    Part.ACCOUNT: "The connected account",
    Part.AUTH: "Auth",
}
_PLAIN: Final[Mapping[ChangeKind, str]] = {
    ChangeKind.PROPERTY_ADDED: "is new",
    ChangeKind.PROPERTY_REMOVED: "was removed",
    ChangeKind.NOW_REQUIRED: "is required now",
    ChangeKind.NOW_OPTIONAL: "is no longer required",
    ChangeKind.NARROWED: "accepts less than before",
    ChangeKind.WIDENED: "accepts more than before",
    ChangeKind.CHANGED: "accepts other values than before",
}
_RETURNS: Final[Mapping[ChangeKind, str]] = {
    ChangeKind.NOW_REQUIRED: "is always returned now",
    ChangeKind.NOW_OPTIONAL: "may be missing now",
    ChangeKind.NARROWED: "returns less than before",
    ChangeKind.WIDENED: "may return values that were not promised",
    ChangeKind.CHANGED: "may return other values than before",
}


_EFFECTS: Final[Mapping[tuple[ChangeKind, Side], str]] = {
    (ChangeKind.WIDENED, Side.INPUT): "widens the contract: inputs that were valid stay valid",
    (ChangeKind.WIDENED, Side.OUTPUT): "widens the contract: users may get values that were not promised",
    (ChangeKind.NARROWED, Side.INPUT): "narrows the contract: inputs that were valid are rejected",
    (ChangeKind.NARROWED, Side.OUTPUT): "narrows the contract: users get only what was promised",
    (ChangeKind.CHANGED, Side.INPUT): "changes the contract: inputs that were valid are rejected",
    (ChangeKind.CHANGED, Side.OUTPUT): "changes the contract: users may get values that were not promised",
}


def effect(kind: ChangeKind | None, side: Side) -> str:
    """What a change of a whole schema does to the contract; empty where it does nothing, or nothing is proved."""
    return _EFFECTS.get((kind, side), "") if kind else ""


def what(change: Change) -> Sentence:
    """The change in one sentence, without its place in the file."""
    if change.side is None:
        return _whole(change)
    words = (_RETURNS if change.side is Side.OUTPUT else {}).get(change.kind) or _PLAIN[change.kind]
    if change.kind is ChangeKind.PROPERTY_ADDED and change.side is Side.INPUT and change.breaking is Verdict.YES:
        words = "is new, and inputs that were valid are invalid now"
    if change.part is Part.AUTH:
        place = ("Credential `{}` {}.", change.data_pointer) if change.data_pointer else ("Auth {}.",)
        return prose(*place, words)
    noun = "input" if change.side is Side.INPUT else "output"
    if not change.data_pointer:
        return prose(f"`{{}}`: {noun} {{}}.", change.name, words)
    return prose(f"`{{}}`: {noun} `{{}}` {{}}.", change.name, change.data_pointer, words)


def _whole(change: Change) -> Sentence:
    """A handler or a kind of auth that came, went or became another."""
    if change.kind is ChangeKind.CHANGED:
        return prose("The type of auth changed, so all users must connect again.")
    ending = "was removed" if change.kind is ChangeKind.REMOVED else "is new"
    if change.renamed_to:
        return prose(
            f"{_PARTS[change.part]} `{{}}` was removed. It is likely `{{}}` now.", change.name, change.renamed_to
        )
    if change.name:
        return prose(f"{_PARTS[change.part]} `{{}}` {ending}.", change.name)
    return prose(f"{_PARTS[change.part]} {ending}.")


def why(change: Change) -> Sentence:
    """What proves the break, or that nothing could be proved; empty for a change that breaks nobody."""
    if change.breaking is Verdict.UNKNOWN:
        return prose("Whether this breaks anybody could not be decided.")
    if change.breaking is Verdict.NO or change.example is ABSENT:
        return ()
    before = "Valid before, invalid now" if change.side is Side.INPUT else "May come now, was not promised"
    return prose(f"{before}: `{{}}`", json.dumps(change.example, ensure_ascii=False))


def summary(comparison: Comparison, against: str) -> Sentence:
    """Whether the changes break anybody, in one sentence."""
    if not comparison.changes:
        return prose("Nothing changed for users since {}.", against)
    counts = Counter(change.breaking for change in comparison.changes)
    words = ", ".join(f"{counts[verdict]} {word}" for verdict, word in VERDICTS.items() if counts[verdict])
    return prose("Changes since {}: {}.", against, words)


def version(bump: VersionBump) -> Sentence:
    """The version that the changes ask for, beside the one in the file."""
    if not bump.old:
        return prose("The earlier config.json has no version, so no version can be suggested.")
    if bump.needed is None:
        return prose("The version `{}` is not of the form 1.2.3, so no version can be suggested.", bump.old)
    if bump.is_enough:
        return prose("Version `{}` is enough for these changes ({} before).", bump.new, bump.old)
    return prose("These changes ask for version `{}`; config.json has `{}`.", bump.needed, bump.new)


def as_json(comparison: Comparison) -> dict[str, JSON]:
    """The document that ``--format json`` prints; ``example`` is missing where there is none."""
    bump = comparison.version
    return {
        "breaking": comparison.breaking,
        "changes": [_change(change) for change in comparison.changes],
        "version": {"old": bump.old, "new": bump.new, "needed": bump.needed},
    }


def _change(change: Change) -> dict[str, JSON]:
    document: dict[str, JSON] = {
        "kind": change.kind,
        "part": change.part,
        "name": change.name,
        "side": change.side,
        "breaking": change.breaking,
        "pointer": change.pointer,
        "data_pointer": change.data_pointer,
        "line": change.line,
        "message": plain(what(change)),
    }
    document |= {"renamed_to": change.renamed_to} if change.renamed_to else {}
    return document if change.example is ABSENT else document | {"example": change.example}
