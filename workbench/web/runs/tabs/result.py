"""The Result tab: what the handler gave, as a tree, a table of records or a card."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workbench.domain import JSON, CutReason, Kind, ReplacedValue, Returned, Run, RunState, Status
from workbench.domain.masked_text import json_text
from workbench.explain.text import Sentence, bare, shorten, size
from workbench.explain.warnings import cut_values, polls
from workbench.web.runs.bodies import search
from workbench.web.runs.fixes import schema_suggestion
from workbench.web.runs.tabs.tab import Tab, TabContext
from workbench.web.runs.values.record_table import RecordTable, record_table
from workbench.web.ui.json_tree import Node

RAW_SHOWN = 50_000
"""Characters of the raw JSON that are shown; the download has all."""

_REPLACED = 50
"""Replaced parts that are listed."""

_SHOWN = 60
"""Characters of each end of a long place, half of those of a text."""

_ACCOUNT = ("email", "first_name", "last_name", "username", "user_id", "organization", "avatar_url")


class Shape(StrEnum):
    """A way to see the value, by what ``raw`` says in the URL."""

    TABLE = "table"
    TREE = "tree"
    RAW = "result"

    @property
    def label(self) -> str:
        """What it is called."""
        return {Shape.TABLE: "Table", Shape.TREE: "JSON tree", Shape.RAW: "JSON text"}[self]

    @property
    def icon(self) -> str:
        """The name of its icon."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Replaced:
    """A part of the value that stands there as its ``repr``: its place, cut in the middle where it is long."""

    place: str
    text: str
    is_key: bool


@dataclass(frozen=True, slots=True)
class Result:
    """The tab. ``source`` names the value for loading more of it (``result`` or ``returned``).

    ``shapes`` are the ways to see it, of which ``shape`` is shown; ``suggests`` tells whether an ``output_schema`` can
    be made from it. ``polled`` says how many records are new; ``changed_ids`` that ids change from poll to poll.
    ``find`` is what is searched for in the tree, where ``can_find``; ``matches`` says how often it is there.
    """

    title: str
    source: str
    tree: Node | None
    raw: str | None
    raw_cut: bool
    size: str
    records: RecordTable | None = None
    shape: Shape | None = None
    shapes: tuple[Shape, ...] = ()
    account: tuple[tuple[str, str], ...] = ()
    cost: str = ""
    lossy: tuple[Replaced, ...] = ()
    endless: tuple[Replaced, ...] = ()
    cut: bool = False
    empty: str = ""
    suggests: bool = False
    polled: str = ""
    changed_ids: Sentence = ()
    find: str = ""
    can_find: bool = False
    matches: str = ""


def present(run: Run, asked: str = "", others: Callable[[], Sequence[Run]] = tuple, *, words: str = "") -> Result:
    """The tab in the shape that is ``asked`` for, else in the first that there is.

    ``others`` reads other runs of the handler: a poll is compared with those before it.
    ``words`` are marked in the tree.
    """
    outcome = run.outcome
    succeeded = outcome.status is Status.SUCCEEDED
    returned = outcome.returned
    if not succeeded and returned is None:
        live = outcome.state is not RunState.FINISHED
        empty = "The handler has not returned yet." if live else "The handler did not return in this run."
        return Result("Result", "result", None, None, False, "", empty=empty)
    if returned is not None and returned.cut is not None and returned.cut.reason is CutReason.MADE_ROOM:
        return Result("Result", "result", None, None, False, "", empty=cut_values.reason(returned.cut))
    value = outcome.result if succeeded else returned.value if returned else None
    compared = polls.compare(run, others()) if run.request.kind is Kind.TRIGGER else None
    new = compared.new if compared else frozenset()
    records = record_table(value, outcome.warnings, new) if run.request.kind is Kind.TRIGGER else None
    shapes = tuple(Shape) if records else (Shape.TREE, Shape.RAW)
    shape = next((each for each in shapes if each == asked), shapes[0])
    raw = shape is Shape.RAW
    text = json_text(value, indent=2) if raw else ""
    lossy = returned.lossy[:_REPLACED] if returned else ()
    tree, matches = search.tree(value, words) if shape is Shape.TREE else (None, None)
    length = _length(value, returned)
    return Result(
        title=_title(run, succeeded),
        source="result" if succeeded else "returned",
        tree=tree,
        find=words,
        can_find=shape is Shape.TREE and (bool(words) or length >= search.LONG),
        matches="" if matches is None else search.count_text(matches, in_tree=True),
        raw=text[:RAW_SHOWN] if raw else None,
        raw_cut=len(text) > RAW_SHOWN,
        size=cut_values.amount(returned.cut) if returned and returned.cut else size(length),
        cut=returned is not None and returned.cut is not None,
        records=records if shape is Shape.TABLE else None,
        shape=shape,
        shapes=shapes,
        account=_account(value) if run.request.kind is Kind.ACCOUNT else (),
        cost="" if outcome.cost_usd is None else f"{outcome.cost_usd:g} USD",
        lossy=tuple(_replaced(part) for part in lossy if not part.is_endless),
        endless=tuple(_replaced(part) for part in lossy if part.is_endless),
        suggests=schema_suggestion.can_suggest(run),
        polled=compared.summary if compared else "",
        changed_ids=polls.warning(compared) if compared else (),
    )


def _replaced(part: ReplacedValue) -> Replaced:
    place, text = part.pointer or "(root)", part.text
    if len(place) > 2 * _SHOWN:
        place = f"{place[:_SHOWN]} … {place[-_SHOWN:]}"
    return Replaced(place, text[: 2 * _SHOWN] + "…" if len(text) > 2 * _SHOWN else text, part.is_key)


def _length(value: JSON, returned: Returned | None) -> int:
    """The bytes as JSON, counted by the worker where it could."""
    if returned is not None and returned.size and value is returned.value:
        return returned.size
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))  # compact, for speed


def _title(run: Run, succeeded: bool) -> str:
    returned = run.outcome.returned
    kind = bare(returned.type_name) if returned else ""
    if succeeded:
        return f"Result · {kind}" if kind in ("ActionResult", "ConnectedAccountInfo") else "Result"
    return f"Return value · {kind}"


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
        """The value; ``raw=tree`` and ``raw=result`` in the query ask for its tree and its JSON text."""
        query = context.query
        return present(context.run, query.raw, lambda: context.around().runs, words=query.find)
