"""The suggested fixes of an error as pages show them: title, JSON Patch, and the lines before and after."""

import hashlib
import json
from dataclasses import dataclass, replace

from workbench import schema
from workbench.compatibility import Side, schema_effect
from workbench.domain import ABSENT, JSON, MaskedText, Run, ValidationError
from workbench.domain.masked_text import has_mask, json_text
from workbench.explain import compatibility, hints, missing_credentials
from workbench.explain.fix_trials import describe_trial
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.patch import Patch, apply, under
from workbench.jsondoc.rewrite import parse_document, rewrite
from workbench.schema import Fix, Target
from workbench.web.runs.values.validated_value import Around, ErrorContext, Subject, earlier_values, error_context
from workbench.web.ui.text_diff import DiffLine, difference


@dataclass(frozen=True, slots=True)
class SuggestedFix:
    """A tested fix. ``key`` names it in URLs; ``target`` is ``data`` or ``schema``.

    ``patch`` is for the document that ``file`` names (``config.json``, or the value as the handler had it), ``text``
    the same as JSON; ``lines`` is what changes. ``trial`` says what the test showed, ``obstacle`` why the fix cannot be
    written where it cannot. ``loosens`` marks one that lets a schema allow what nothing says is right: never the first
    thing to do. ``effect`` says whether a changed schema widens or narrows the contract with the users.
    """

    key: str
    target: str
    title: str
    trial: str
    file: str
    patch: Patch
    text: str
    lines: tuple[DiffLine, ...] = ()
    obstacle: str = ""
    loosens: bool = False
    effect: str = ""


@dataclass(frozen=True, slots=True)
class TestedFix:
    """A fix as its test left it, and whether it only lets the schema allow what nothing says is right."""

    fix: Fix
    loosens: bool


def suggest_fixes(run: Run, error: ValidationError, around: Around) -> tuple[SuggestedFix, ...]:
    """The fixes of an error of a run, tested on it and on earlier values, those that can be applied first."""
    context = error_context(run, error)
    if context is None:
        return ()
    tested = find_tested(run, error, around)
    return tuple(replace(_suggested(context.subject, each.fix, around), loosens=each.loosens) for each in tested)


def find_tested(run: Run, error: ValidationError, around: Around) -> tuple[TestedFix, ...]:
    """The same without the lines that they change.

    The schema is not changed where a value is only absent from inputs or auth, and where the run knows another cause.
    """
    context = error_context(run, error)
    if context is None or (not error.in_schema and _is_masked(error, context)):
        return ()
    of, earlier = context.subject, earlier_values(context.subject, run, around.runs)
    found = schema.find_fixes(of.schema, of.value, context.error, earlier)
    blames = schema.find_verdict(of.schema, of.value, earlier, context.diagnosis).source is schema.ErrorSource.SCHEMA
    is_settled = not error.in_schema and not blames and _has_other_cause(run, error)
    useful = [fix for fix in found if _is_useful(of, fix) and not (is_settled and _is_of_schema(fix))]
    tested = (TestedFix(fix, _is_of_schema(fix) and not error.in_schema and not blames) for fix in useful)
    first = Target.DATA if of.where == "input" else Target.SCHEMA
    return tuple(sorted(tested, key=lambda each: each.fix.target is not first))


def _has_other_cause(run: Run, error: ValidationError) -> bool:
    """Whether the schema is not to be changed: nothing was filled in, or a hint says what is wrong with the code."""
    if error.where == "output":
        return hints.decisive(run) is not None
    return missing_credentials.is_absent(error)


def _is_of_schema(fix: Fix) -> bool:
    return fix.target is Target.SCHEMA


def apply_fix(run: Run, error: ValidationError, key: str, around: Around) -> JSON | None:
    """The whole value after the fix ``key`` of the data; None where that is no longer suggested."""
    context = error_context(run, error)
    found = (each for each in suggest_fixes(run, error, around) if each.key == key and each.target == "data")
    fix = next(found, None)
    return None if context is None or fix is None else apply(context.subject.document, fix.patch)


def _is_masked(error: ValidationError, context: ErrorContext) -> bool:
    """Whether the invalid value is masked: a fix made from the mask would not be one of what the handler had."""
    value = pointers.resolve(context.subject.value, context.error.pointer)
    return any(isinstance(each, MaskedText) for each in (value, error.actual, error.message))


def _is_useful(of: Subject, fix: Fix) -> bool:
    """Data is fixed where a person typed it: in the inputs. No patch may hold the mask of a secret."""
    return (fix.target is Target.SCHEMA or of.where == "input") and not has_mask(fix.patch)


def _suggested(of: Subject, fix: Fix, around: Around) -> SuggestedFix:
    if fix.target is Target.DATA:
        patch = under(of.base, fix.patch)
        before, after = _dump(of.document), _dump(apply(of.document, patch))
        file, lines, obstacle = "inputs", difference(before, after), ""
    else:
        patch, file = under(of.place, fix.patch), "config.json"
        lines, obstacle = config_lines(of.place, of.schema, patch, around)
    text = json_text(patch, indent=2)
    trial, effect = describe_trial(fix, of.where), _effect(of, fix)
    return SuggestedFix(
        key_of(patch), fix.target.value, fix.title, trial, file, patch, text, lines, obstacle, effect=effect
    )


def _effect(of: Subject, fix: Fix) -> str:
    """What a fix of the schema does to the contract; empty for a fix of data, and where nothing can be proved."""
    if fix.target is Target.DATA:
        return ""
    side = Side.OUTPUT if of.where == "output" else Side.INPUT
    return compatibility.effect(schema_effect(of.schema, apply(of.schema, fix.patch)), side)


def key_of(patch: Patch) -> str:
    """A short name for a patch, the same whenever it is suggested."""
    return digest(json.dumps(patch, sort_keys=True))


def digest(text: str) -> str:
    """A short word that is the same for the same text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def config_lines(place: str, declared: JSON, patch: Patch, around: Around) -> tuple[tuple[DiffLine, ...], str]:
    """The lines of ``config.json`` that the patch changes, and why it cannot be written where it cannot.

    ``declared`` is what stood at ``place`` when the run was made.
    """
    if not around.config:
        return (), "config.json can no longer be read."
    try:
        known = pointers.resolve(parse_document(around.config), place)
        if known != declared and not (known is ABSENT and not declared):
            return (), "The schema in config.json has changed since this run. Run it again to get fixes."
        return difference(around.config, rewrite(around.config, patch)), ""
    except (ValueError, RecursionError) as error:
        return (), f"This change cannot be written to config.json: {error}"


def _dump(value: JSON) -> str:
    return json_text(value, indent=2)
