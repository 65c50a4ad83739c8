"""What a handler returned that JSON has no form for."""

import re
from dataclasses import replace

from workbench.domain import Run, Status, ValidationError
from workbench.explain.hints.evidence import Hint, hint, returned_at
from workbench.explain.text import Sentence, prose, shorten

_KINDS: tuple[tuple[str, str, Sentence], ...] = (
    (r"datetime\.timedelta\(", "a `timedelta`", prose("Return `.total_seconds()`.")),
    (r"datetime\.datetime\(", "a `datetime`", prose("Return `.isoformat()`.")),
    (r"datetime\.date\(", "a `date`", prose("Return `.isoformat()`.")),
    (r"datetime\.time\(", "a `time`", prose("Return `.isoformat()`.")),
    (r"(?:b|bytearray\(b)['\"]", "bytes", prose("Return text: `.decode()`, or `base64.b64encode(…).decode()`.")),
    (r"(?:frozen)?set\(|\{", "a `set`", prose("Return `sorted(…)` or `list(…)` of it.")),
    (r"-?(?:nan|inf)$", "not a finite number", prose("Return `None` in its place.")),
    (r"Decimal\(", "a `Decimal`", prose("Return `float(…)` or `str(…)` of it.")),
    (r"UUID\(", "a `UUID`", prose("Return `str(…)` of it.")),
    (r"<generator |<async_generator ", "a generator", prose("Return `list(…)` of it.")),
    (r"<class ", "a class", prose("Return a value made from it.")),
    (
        r"<|[A-Za-z_][\w.]*\(",
        "a Python object",
        prose("Return a dict, list, string, number, boolean or `None` made from it."),
    ),
)
_JUDGED = (Status.SUCCEEDED, Status.INVALID_OUTPUT)
_ENOUGH = 20
"""Values that are looked at."""


def of_return(run: Run) -> Hint | None:
    """The first such value; of an invalid result, only one that is invalid itself."""
    returned = run.outcome.returned if run.outcome.status in _JUDGED else None
    for pointer, text in returned.lossy[:_ENOUGH] if returned else ():
        if run.outcome.status is Status.INVALID_OUTPUT and not _is_invalid(run.outcome.problems, pointer):
            continue
        for pattern, what, fix in _KINDS:
            if re.match(pattern, text):
                cause = prose(f"`{{}}` is {what}, which is not JSON", pointer or "The result")
                return hint(cause, fix, returned_at(run))
    return None


def of_cost(run: Run) -> Hint | None:
    """A ``cost_usd`` that is no number; the run went on without it."""
    returned = run.outcome.returned
    if returned is None or not returned.odd_cost or run.outcome.status not in (Status.SUCCEEDED, Status.ACTION_ERROR):
        return None
    number = "Write `float(…)` of it" if returned.odd_cost.startswith("Decimal(") else "Write it as `cost_usd=0.05`"
    cause = prose("`cost_usd` is `{}`, which is not a number; the cost is dropped", shorten(returned.odd_cost, 60))
    found = hint(cause, prose(f"{number}, in US dollars, or leave it out."), returned_at(run))
    return replace(found, beside=True)


def _is_invalid(problems: tuple[ValidationError, ...], pointer: str) -> bool:
    return any(problem.pointer == pointer for problem in problems)
