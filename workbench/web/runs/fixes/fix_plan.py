"""Fixes of several errors as one change: each is tested on what those before it left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbench import schema
from workbench.domain import JSON, Run, ValidationError
from workbench.domain.masked_text import has_mask, json_text
from workbench.explain import validation_errors
from workbench.explain.text import Sentence
from workbench.jsondoc.diff import between
from workbench.jsondoc.patch import Patch, PatchError, apply, under
from workbench.schema import Fix, Target
from workbench.web.runs.fixes.suggested_fixes import config_lines, find_tested, key_of
from workbench.web.runs.values.validated_value import Around, ErrorContext, Subject, error_context
from workbench.web.ui.text_diff import DiffLine, difference

MOST = 20
"""Errors that one plan takes on."""


@dataclass(frozen=True, slots=True)
class PlanItem:
    """An error with the titles of its fixes. ``selected`` is the one in the plan, empty where the error is left out.

    ``note`` says why it is not, or need not be, fixed.
    """

    number: int
    sentence: Sentence
    titles: tuple[str, ...]
    selected: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FixPlan:
    """The change as one: ``patch`` of the inputs or of ``config.json``, by ``target``, and its ``lines``.

    ``fixed`` counts the errors that go with it, ``remaining`` those that stay; ``obstacle`` says why it cannot be
    written where it cannot. ``key`` is the same for the same change.
    """

    target: Target
    items: tuple[PlanItem, ...]
    patch: Patch
    key: str
    lines: tuple[DiffLine, ...]
    fixed: int
    remaining: int
    obstacle: str = ""

    @property
    def changes(self) -> int:
        """How many fixes are in it."""
        return sum(1 for item in self.items if item.selected and not item.note)

    @property
    def title(self) -> str:
        """What it does, in words: the one fix, or how many there are."""
        titles = [item.selected for item in self.items if item.selected and not item.note]
        return titles[0] if len(titles) == 1 else f"{len(titles)} fixes of validation errors"

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The hidden fields of the button that makes this change and no other."""
        taken = [item for item in self.items if item.selected]
        numbers = [("number", str(item.number)) for item in taken]
        titles = [(f"fix-{item.number}", item.selected) for item in taken]
        return ("selected", "1"), ("key", self.key), *numbers, *titles


type Numbered = tuple[int, ValidationError]
type Selected = Mapping[int, str]
"""The title of the fix of each error that is to be fixed, by the error's number."""


@dataclass(slots=True)
class _State:
    """The schema and the data as the fixes so far leave them; ``data`` by the place that the schema applies to."""

    schema: JSON
    data: dict[str, JSON]

    def value(self, of: Subject) -> JSON:
        return self.data.setdefault(of.base, of.value)


def make_plan(run: Run, errors: Sequence[Numbered], around: Around, selected: Selected | None) -> FixPlan | None:
    """The plan for errors of one value of ``run``; by default the first fix of each. None where no error has a fix."""
    known = [(number, error, error_context(run, error)) for number, error in errors[:MOST]]
    contexts = {number: context for number, _, context in known if context}
    first = next(iter(contexts.values()), None)
    if first is None:
        return None
    target = Target.DATA if first.subject.where == "input" else Target.SCHEMA
    state, items = _State(first.subject.schema, {}), list[PlanItem]()
    for number, error, context in known:
        found = tuple(each.fix for each in find_tested(run, error, around) if each.fix.target is target)
        titles = tuple(fix.title for fix in found)
        item = PlanItem(number, validation_errors.sentence(error), titles)
        if context is None or not found:
            items.append(replace(item, note="No suggested fix."))
            continue
        title = titles[0] if selected is None else selected.get(number, "")
        fix = next((each for each in found if each.title == title), None)
        note = _apply(state, context, fix) if fix else ""
        items.append(replace(item, selected=fix.title if fix else "", note=note))
    return _plan(target, items, first.subject, contexts, state, around) if any(item.titles for item in items) else None


def _plan(
    target: Target,
    items: list[PlanItem],
    of: Subject,
    contexts: Mapping[int, ErrorContext],
    state: _State,
    around: Around,
) -> FixPlan:
    if target is Target.DATA:
        patch = between(of.document, state.value(of))
        lines, obstacle = difference(_dump(of.document), _dump(state.value(of))), ""
    else:
        patch = under(of.place, between(of.schema, state.schema))
        lines, obstacle = config_lines(of.place, of.schema, patch, around)
    if has_mask(patch):
        obstacle = "It contains a masked secret."
    left = [number for number, context in contexts.items() if _match(state, context) is not None]
    fixed, remaining = len(contexts) - len(left), len(items) - len(contexts) + len(left)
    return FixPlan(target, tuple(items), patch, key_of(patch), lines, fixed, remaining, obstacle)


def _apply(state: _State, context: ErrorContext, fix: Fix) -> str:
    """Add a fix; returns why it was not added, empty where it was."""
    error = _match(state, context)
    if error is None:
        return "Fixed by a change above."
    for patch in _patches(state, context, error, fix):
        try:
            after = _after(state, context, fix.target, patch)
        except PatchError:
            continue
        if _match(after, context) is None:
            state.schema, state.data = after.schema, after.data
            return ""
    return "Cannot be combined with the changes above."


def _patches(state: _State, context: ErrorContext, error: ValidationError, fix: Fix) -> list[Patch]:
    """The fix as it was tested alone, then as it is found for what the fixes before it left."""
    found = schema.find_fixes(state.schema, state.value(context.subject), error)
    again = [each.patch for each in found if (each.target, each.title) == (fix.target, fix.title)]
    return again or [fix.patch]


def _after(state: _State, context: ErrorContext, target: Target, patch: Patch) -> _State:
    of = context.subject
    if target is Target.SCHEMA:
        return _State(apply(state.schema, patch), dict(state.data))
    return _State(state.schema, {**state.data, of.base: apply(state.value(of), patch)})


def _match(state: _State, context: ErrorContext) -> ValidationError | None:
    """The error as it is after the fixes so far; None where it is gone."""
    wanted = context.error
    found = schema.diagnose(state.schema, state.value(context.subject)).errors
    same = (each for each in found if (each.pointer, each.keyword) == (wanted.pointer, wanted.keyword))
    return next(same, None)


def _dump(value: JSON) -> str:
    return json_text(value, indent=2)
