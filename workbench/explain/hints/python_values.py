"""What a handler returned that JSON has no form for."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from workbench.domain import ReplacedValue, Run, Status
from workbench.explain.hints.evidence import Hint, hint, returned_at
from workbench.explain.text import Sentence, bare, prose, shorten

_SET = ("a `set`", prose("Return `sorted(…)` or `list(…)` of it."))
_BYTES = ("bytes", prose("Return text: `.decode()`, or `base64.b64encode(…).decode()`."))
_GENERATOR = ("a generator", prose("Return `list(…)` of it."))
_OBJECT = (
    "a Python object",
    prose("Return a dict, list, string, number, boolean or `None` made from it."),
)
_KINDS: Mapping[str, tuple[str, Sentence]] = MappingProxyType(
    {
        "datetime.timedelta": ("a `timedelta`", prose("Return `.total_seconds()`.")),
        "datetime.datetime": ("a `datetime`", prose("Return `.isoformat()`.")),
        "datetime.date": ("a `date`", prose("Return `.isoformat()`.")),
        "datetime.time": ("a `time`", prose("Return `.isoformat()`.")),
        "bytes": _BYTES,
        "bytearray": _BYTES,
        "set": _SET,
        "frozenset": _SET,
        "float": ("not a finite number", prose("Return `None` in its place.")),
        "decimal.Decimal": ("a `Decimal`", prose("Return `float(…)` or `str(…)` of it.")),
        "uuid.UUID": ("a `UUID`", prose("Return `str(…)` of it.")),
        "generator": _GENERATOR,
        "async_generator": _GENERATOR,
        "str": ("a string with half of a surrogate pair", prose("Return text that can be encoded as UTF-8.")),
        "type": ("a class", prose("Return a value made from it.")),
    }
)
_NEARLY_JSON = frozenset({"", "int", "dict", "list", "tuple"})
"""Types that are JSON but for a size, a nesting, or being a tuple, which is written as an array."""

_KEY = prose("Write `str(…)` of it as the key.")
_TUPLE = prose("Return `list(…)` of it.")


def of_return(run: Run) -> Hint | None:
    """The first value that is invalid because it is not JSON."""
    returned = run.outcome.returned if run.outcome.status is Status.INVALID_OUTPUT else None
    invalid = {error.pointer for error in run.outcome.errors}
    for part in returned.lossy if returned else ():
        if part.pointer not in invalid:
            continue
        if part.type_name == "tuple":
            cause = prose("`{}` is a `tuple`, which the SDK does not accept as an array", part.pointer or "The result")
            return hint(cause, _TUPLE, returned_at(run))
        if is_foreign(part):
            return foreign(run, part)
    return None


def is_foreign(part: ReplacedValue) -> bool:
    """Whether JSON has no form for a part; where it is a string, that half of a surrogate pair stands in it."""
    return part.is_key or part.type_name not in _NEARLY_JSON


def foreign(run: Run, part: ReplacedValue) -> Hint:
    """What the part is, and what to return in its place."""
    at = returned_at(run)
    if part.is_key and part.type_name != "str":
        place, kind = part.pointer, bare(part.type_name)
        return hint(prose("The key of `{}` is of type `{}`, but JSON keys are strings", place, kind), _KEY, at)
    what, fix = _KINDS.get(part.type_name, _OBJECT)
    cause = prose(f"`{{}}` is {what}, which is not JSON", part.pointer or "The result")
    return hint(cause, fix, at)


def of_cost(run: Run) -> Hint | None:
    """A ``cost_usd`` that is no number; the run went on without it."""
    returned = run.outcome.returned
    cost = returned.odd_cost if returned else None
    if cost is None or run.outcome.status not in (Status.SUCCEEDED, Status.ACTION_ERROR):
        return None
    number = "Write `float(…)` of it" if cost.type_name == "decimal.Decimal" else "Write it as `cost_usd=0.05`"
    cause = prose("`cost_usd` is `{}`, which is not a number; the cost is dropped", shorten(cost.text, 60))
    found = hint(cause, prose(f"{number}, in US dollars, or leave it out."), returned_at(run))
    return replace(found, beside=True)
