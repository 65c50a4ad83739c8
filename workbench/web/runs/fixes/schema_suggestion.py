"""An ``output_schema`` made from what was returned, by one run or by all runs, merged with the declared."""

from dataclasses import dataclass
from itertools import islice

from workbench import schema
from workbench.domain import ABSENT, JSON, Kind, Run
from workbench.domain.masked_text import has_mask, json_text
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.diff import between
from workbench.jsondoc.patch import Patch, under
from workbench.jsondoc.rewrite import parse_document
from workbench.web.runs.fixes.suggested_fixes import config_lines, key_of
from workbench.web.runs.values.validated_value import Around, samples
from workbench.web.ui.text_diff import DiffLine

MOST = 200
"""Values that a schema is inferred from."""
SCOPES = ("this", "all")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``text`` is the schema as JSON. ``samples`` counts the values it was made from, of ``runs`` runs.

    ``lines`` is what changes in ``config.json``; ``obstacle`` says why it cannot be written, where it cannot.
    """

    scope: str
    key: str
    text: str
    samples: int
    runs: int
    patch: Patch
    lines: tuple[DiffLine, ...]
    obstacle: str


def can_suggest(run: Run) -> bool:
    """Whether there is a value to infer a schema from."""
    return run.request.kind is not Kind.ACCOUNT and next(samples(run), None) is not None


def suggest(run: Run, scope: str, around: Around) -> Suggestion | None:
    """The schema under which all the values are valid; None where there are no values."""
    runs = (run, *(other for other in around.runs if other.id != run.id)) if scope == "all" else (run,)
    found = [(each.id, value) for each in runs for _, value in islice(samples(each), MOST)][:MOST]
    if not found or not can_suggest(run):
        return None
    declared = run.request.output_schema
    made = schema.infer([value for _, value in found], declared)
    place = _place(run)
    patch = _patch(place, declared, made, around)
    lines, obstacle = config_lines(place, declared, patch, around)
    if has_mask(made) or has_mask(patch):
        obstacle = "It contains a masked secret."
    text = json_text(made, indent=2)
    return Suggestion(
        scope, key_of(patch), text, len(found), len({run_id for run_id, _ in found}), patch, lines, obstacle
    )


def _place(run: Run) -> str:
    return pointers.join("", run.request.kind.handler.section, run.request.name, "output_schema")


def _patch(place: str, declared: JSON, made: JSON, around: Around) -> Patch:
    """The changes to what is declared; all of it where nothing is."""
    try:
        known = pointers.resolve(parse_document(around.config), place)
    except (ValueError, RecursionError):
        known = ABSENT
    if known is ABSENT:
        return ({"op": "add", "path": place, "value": made},)
    return under(place, between(declared, made))
