"""The Result tab: what the handler gave, as a tree, a table of records or a card."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain import JSON, Kind, ReplacedValue, Run, RunState, Status, ValidationError
from workbench.domain.masked_text import json_text
from workbench.explain.text import bare, shorten, size, value_text
from workbench.web.runs.fixes import schema_suggestion
from workbench.web.runs.tabs.tab import Tab, TabContext
from workbench.web.ui.json_tree import Node, grow

RAW_SHOWN = 50_000
"""Characters of the raw JSON that are shown; the download has all."""
RECORDS = 200
"""Records of a trigger that are shown."""
COLUMNS = 8
"""Properties of the records' data that get a column."""

_ACCOUNT = ("email", "first_name", "last_name", "username", "user_id", "organization", "avatar_url")


@dataclass(frozen=True, slots=True)
class Records:
    """A trigger's records: the columns, then a row each of the id, the cells and what is wrong with the id.

    ``hidden`` rows are not shown.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...], str], ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Result:
    """The tab. ``source`` names the value for loading more of it (``result`` or ``returned``).

    ``suggests`` tells whether an ``output_schema`` can be made from it.
    """

    title: str
    source: str
    tree: Node | None
    raw: str | None
    raw_cut: bool
    size: str
    records: Records | None = None
    account: tuple[tuple[str, str], ...] = ()
    cost: str = ""
    lossy: tuple[ReplacedValue, ...] = ()
    empty: str = ""
    suggests: bool = False


def present(run: Run, *, raw: bool = False) -> Result:
    """The tab; ``raw`` asks for the JSON text in place of the tree."""
    outcome = run.outcome
    succeeded = outcome.status is Status.SUCCEEDED
    returned = outcome.returned
    if not succeeded and returned is None:
        live = outcome.state is not RunState.FINISHED
        empty = "The handler has not returned yet." if live else "The handler did not return in this run."
        return Result("Result", "result", None, None, False, "", empty=empty)
    value = outcome.result if succeeded else returned.value if returned else None
    text = json_text(value, indent=2) if raw else ""
    return Result(
        title=_title(run, succeeded),
        source="result" if succeeded else "returned",
        tree=None if raw else grow(value),
        raw=text[:RAW_SHOWN] if raw else None,
        raw_cut=len(text) > RAW_SHOWN,
        size=size(len(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))),  # compact, for speed
        records=_records(value, outcome.warnings) if run.request.kind is Kind.TRIGGER else None,
        account=_account(value) if run.request.kind is Kind.ACCOUNT else (),
        cost="" if outcome.cost_usd is None else f"{outcome.cost_usd:g} USD",
        lossy=returned.lossy[:50] if returned else (),
        suggests=schema_suggestion.can_suggest(run),
    )


def _title(run: Run, succeeded: bool) -> str:
    returned = run.outcome.returned
    kind = bare(returned.type_name) if returned else ""
    if succeeded:
        return f"Result · {kind}" if kind in ("ActionResult", "ConnectedAccountInfo") else "Result"
    return f"Return value · {kind}"


def _records(value: JSON, warnings: Sequence[ValidationError]) -> Records | None:
    if not isinstance(value, list) or not value:
        return None
    shown = [item if isinstance(item, dict) else {} for item in value[:RECORDS]]
    data = [item.get("data") for item in shown]
    columns = tuple(dict.fromkeys(key for item in data if isinstance(item, dict) for key in item))[:COLUMNS]
    notes = {warning.pointer: warning.message for warning in reversed(warnings) if warning.code.is_of_record_id}
    rows = tuple(
        (_cell(item, "id"), tuple(_cell(cells, column) for column in columns), notes.get(f"/{number}/id", ""))
        for number, (item, cells) in enumerate(zip(shown, data, strict=True))
    )
    return Records(columns, rows, max(0, len(value) - RECORDS))


def _cell(item: JSON, key: str) -> str:
    if not isinstance(item, dict) or key not in item:
        return "–"
    value = item[key]
    return shorten(value, 80) if isinstance(value, str) else value_text(value)


def _account(value: JSON) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        return ()
    named = ((name, value.get(name)) for name in _ACCOUNT)
    texts = ((name, item if isinstance(item, str) else str(item)) for name, item in named if item not in (None, ""))
    return tuple((name.replace("_", " "), shorten(text, 200)) for name, text in texts)


class ResultTab(Tab):
    """The return value as a tree, as records or as raw JSON."""

    name = "result"
    title = "Result"
    template = "runs/tabs/result.html"

    def present(self, context: TabContext) -> Result:
        """The value; ``raw=result`` in the query asks for its JSON text."""
        return present(context.run, raw=context.query.raw == "result")
