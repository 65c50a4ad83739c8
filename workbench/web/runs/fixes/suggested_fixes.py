"""Mends as they are offered: what each does in words, its JSON Patch, and the lines before and after."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from workbench import schema
from workbench.domain import ABSENT, JSON, MaskedText, Run, ValidationError
from workbench.domain.masked_text import has_mask, json_text
from workbench.explain.text import count
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.rewrite import parse_document
from workbench.schema import Mend, Patch, Target
from workbench.web.runs.validated_value import Around, Examined, Subject, examine, recorded
from workbench.web.ui.text_diff import DiffLine, difference


@dataclass(frozen=True, slots=True)
class Offer:
    """A mend that was tried. ``key`` names it in URLs; ``target`` is ``data`` or ``schema``.

    ``patch`` is for the document that ``file`` names (``config.json``, or the value as the handler had it), ``text``
    the same as JSON; ``lines`` is what changes. ``obstacle`` says why it cannot be written where it cannot.
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


def offers(run: Run, problem: ValidationError, around: Around) -> tuple[Offer, ...]:
    """The mends for a problem of a run, tried against it and the recorded values, those that can be acted on first."""
    if isinstance(problem.actual, MaskedText) or isinstance(problem.message, MaskedText):
        return ()
    examined = examine(run, problem)
    if examined is None or _is_masked(examined):
        return ()
    return of_examined(examined, recorded(examined.subject, run, around.runs), around)


def of_examined(examined: Examined, records: Sequence[JSON], around: Around) -> tuple[Offer, ...]:
    """The same for a problem that was diagnosed anew."""
    of = examined.subject
    found = schema.mends(of.schema, of.value, examined.error, records)
    made = [_offer(of, mend, around) for mend in found if _useful(of, mend)]
    return tuple(sorted(made, key=lambda offer: offer.target != ("data" if of.where == "input" else "schema")))


def mended(run: Run, problem: ValidationError, key: str, around: Around) -> JSON | None:
    """The whole value with the data mend ``key`` applied; None where that is no longer offered."""
    examined = examine(run, problem)
    offer = next((each for each in offers(run, problem, around) if each.key == key and each.target == "data"), None)
    return None if examined is None or offer is None else schema.apply(examined.subject.document, offer.patch)


def _is_masked(examined: Examined) -> bool:
    """Whether the invalid value itself is masked: what a fix would make of it is not what the handler saw."""
    return isinstance(pointers.resolve(examined.subject.value, examined.error.pointer), MaskedText)


def _useful(of: Subject, mend: Mend) -> bool:
    """Data is mended where a person typed it: in the inputs. No patch may hold what stands for a secret."""
    return (mend.target is Target.SCHEMA or of.where == "input") and not has_mask(mend.patch)


def _offer(of: Subject, mend: Mend, around: Around) -> Offer:
    if mend.target is Target.DATA:
        patch = schema.under(of.base, mend.patch)
        before, after = _dump(of.document), _dump(schema.apply(of.document, patch))
        file, lines, obstacle = "inputs", difference(before, after), ""
    else:
        patch, file = schema.under(of.place, mend.patch), "config.json"
        lines, obstacle = config_lines(of.place, of.schema, patch, around)
    text = json_text(patch, indent=2)
    return Offer(
        key_of(patch), mend.target.value, mend.title, trial(mend, of.where), file, patch, text, lines, obstacle
    )


def key_of(patch: Patch) -> str:
    """A short name for a patch, the same whenever it is offered."""
    return digest(json.dumps(patch, sort_keys=True))


def digest(text: str) -> str:
    """A short word that is the same for the same text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def trial(mend: Mend, where: str) -> str:
    """What the trial showed: this error, the others, and earlier values of the same schema."""
    here = "Fixes this error"
    if mend.left:
        here += f"; {count(mend.left, 'other')} remain{'s' * (mend.left == 1)}"
    if not mend.recorded:
        return f"{here}."
    passed = "all" if mend.fitting == mend.recorded > 1 else str(mend.fitting)
    earlier = count(mend.recorded, f"earlier {_NOUNS[where]}")
    return f"{here}. {passed[:1].upper() + passed[1:]} of {earlier} pass{'es' * (mend.recorded == 1)} with it."


_NOUNS = {"output": "result", "input": "input", "auth": "auth value"}


def config_lines(place: str, declared: JSON, patch: Patch, around: Around) -> tuple[tuple[DiffLine, ...], str]:
    """The lines of ``config.json`` that the patch changes, and why it cannot be written where it cannot.

    ``declared`` is what stood at ``place`` when the run was made.
    """
    if not around.config:
        return (), "config.json cannot be read any more."
    try:
        known = pointers.resolve(parse_document(around.config), place)
        if known != declared and not (known is ABSENT and not declared):
            return (), "The schema in config.json has changed since this run; run it again to mend it."
        return difference(around.config, schema.rewrite(around.config, patch)), ""
    except (ValueError, RecursionError) as error:
        return (), f"config.json cannot take it in place: {error}"


def _dump(value: JSON) -> str:
    return json_text(value, indent=2)
