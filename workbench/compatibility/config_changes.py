"""Two versions of an integration, part by part."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from workbench.catalog import Declarations
from workbench.compatibility.changes import Change, ChangeKind, Comparison, Part, Side, Verdict
from workbench.compatibility.schema_changes import schema_changes
from workbench.compatibility.version_bump import Bump, VersionBump
from workbench.domain import JSON, Action, Kind, Trigger
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.equality import key
from workbench.jsondoc.source_map import SourceMap
from workbench.schema.similarity import similar

_ORDER: Final = (Verdict.YES, Verdict.UNKNOWN, Verdict.NO)
_ACCOUNT: Final = Kind.ACCOUNT.handler.section


def compare(old: Declarations, new: Declarations) -> Comparison:
    """The changes from ``old`` to ``new``, breaking ones first, and the version that they ask for."""
    found = [
        *_handlers(Part.ACTION, Kind.ACTION, old.actions, new.actions, new.positions),
        *_handlers(Part.TRIGGER, Kind.TRIGGER, old.triggers, new.triggers, new.positions),
        *_account(old, new),
        *_auth(old, new),
    ]
    changes = tuple(sorted(found, key=lambda change: _ORDER.index(change.breaking)))
    bump = max((change.bump for change in changes), default=Bump.NONE)
    return Comparison(changes, VersionBump(old.version, new.version, bump))


def _handlers(
    part: Part,
    kind: Kind,
    old: tuple[Action, ...] | tuple[Trigger, ...],
    new: tuple[Action, ...] | tuple[Trigger, ...],
    positions: SourceMap,
) -> Iterator[Change]:
    """Handlers that are gone or new, and the changes of the schemas of the others."""
    before: Mapping[str, Action | Trigger] = {one.name: one for one in old}
    after: Mapping[str, Action | Trigger] = {one.name: one for one in new}
    section = pointers.build((kind.handler.section,))
    fresh = {name: one for name, one in after.items() if name not in before}
    for name, one in before.items():
        if name not in after:
            gone = _change(ChangeKind.REMOVED, part, name, Verdict.YES, section, positions)
            yield replace(gone, renamed_to=_likely_name(one, fresh))
            continue
        place, other = pointers.join(section, name), after[name]
        pairs = (
            (Side.INPUT, one.input_schema, other.input_schema),
            (Side.OUTPUT, one.output_schema, other.output_schema),
        )
        for side, was, now in pairs:
            yield from _schemas(part, name, side, was, now, f"{place}/{side}_schema", positions)
    for name in after:
        if name not in before:
            yield _change(ChangeKind.ADDED, part, name, Verdict.NO, pointers.join(section, name), positions)


def _likely_name(gone: Action | Trigger, fresh: Mapping[str, Action | Trigger]) -> str:
    """The new handler that one which is gone has likely become: the only one with its schemas, or a similar name."""
    alike = [name for name, one in fresh.items() if _schema_key(one) == _schema_key(gone)]
    if len(alike) == 1:
        return alike[0]
    return similar(gone.name, alike or list(fresh))


def _schema_key(one: Action | Trigger) -> tuple[object, object]:
    return key(one.input_schema), key(one.output_schema)


def _account(old: Declarations, new: Declarations) -> Iterator[Change]:
    """The connected account, supported before or now."""
    if old.connected_account != new.connected_account:
        kind, breaking = (ChangeKind.REMOVED, Verdict.YES) if old.connected_account else (ChangeKind.ADDED, Verdict.NO)
        yield _change(kind, Part.ACCOUNT, "", breaking, pointers.build((_ACCOUNT,)), new.positions)


def _auth(old: Declarations, new: Declarations) -> Iterator[Change]:
    """Another kind of auth asks everybody to connect again; else the fields that credentials are filled into."""
    was, now = old.auth, new.auth
    if (was.auth_type, was.is_platform, was.provider) != (now.auth_type, now.is_platform, now.provider):
        yield _change(ChangeKind.CHANGED, Part.AUTH, "", Verdict.YES, "/auth", new.positions)
    elif not now.is_platform:
        place = "/auth/fields"
        before, after = ({} if one.fields is None else one.fields for one in (was, now))
        yield from _schemas(Part.AUTH, "", Side.INPUT, before, after, place, new.positions)


def _schemas(
    part: Part, name: str, side: Side, old: JSON, new: JSON, place: str, positions: SourceMap
) -> Iterator[Change]:
    for one in schema_changes(old, new, side):
        pointer = place + one.pointer
        yield Change(
            one.kind,
            part,
            name,
            side,
            one.breaking,
            pointer,
            _line(pointer, positions),
            one.data_pointer,
            one.example,
        )


def _change(kind: ChangeKind, part: Part, name: str, breaking: Verdict, pointer: str, positions: SourceMap) -> Change:
    return Change(kind, part, name, None, breaking, pointer, _line(pointer, positions))


def _line(pointer: str, positions: SourceMap) -> int | None:
    """The line of the place in the new file, or of its closest parent."""
    found = positions.nearest(pointer)
    return found[0] if found else None
