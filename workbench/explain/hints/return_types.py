"""What an action returned, against what its contract wants."""

import json

from workbench.domain import ContractVersion, Kind, Returned, Run, Status
from workbench.explain.hints.evidence import Hint, hint, missing_method, returned_at
from workbench.explain.text import Sentence, bare, prose

_WRAPPED = ("ActionResult", "ActionError")
_WRAP = prose("Write `return ActionResult(data=…)`, or run it under contract 0.1.")


def of_return(run: Run) -> Hint | None:
    """A value that is wrapped, or not, as another contract wants it."""
    returned, contract = run.outcome.returned, run.request.contract.version
    if returned is None or run.request.kind is not Kind.ACTION:
        return None
    name, place = bare(returned.type_name), returned_at(run)
    if name == "FetchResponse" or any(bare(part.type_name) == "FetchResponse" for part in returned.lossy):
        cause = prose("The handler returned fetch’s `FetchResponse` itself, which is not JSON")
        return hint(cause, prose("Return `response.data`, the parsed body."), place)
    if (inner := _within(returned)) is not None:
        cause = prose("The handler returned an `{}` inside of something else", inner)
        return hint(cause, prose("Return it itself: `return {}(…)`.", inner), place)
    if name in _WRAPPED and contract is ContractVersion.V0_1:
        cause = prose("The handler returned an `{}`, which contract 0.1 does not have", name)
        return hint(cause, prose("Return the value itself, or run it under contract 2."), place)
    if contract is not ContractVersion.V0_1 and name not in _WRAPPED:
        return _unwrapped(run, name)
    return _nothing(run, name) or _as_text(run, returned)


def _nothing(run: Run, name: str) -> Hint | None:
    if name != "NoneType" or run.outcome.status is not Status.INVALID_OUTPUT:
        return None
    cause = prose("The handler returned nothing (`None`), but the schema requires a value")
    return hint(cause, prose("Write `return` with the value at each end of it."), returned_at(run))


def _within(returned: Returned) -> str | None:
    names = (bare(part.type_name) for part in returned.lossy if part.pointer)
    return next((name for name in names if name in _WRAPPED), None)


def _unwrapped(run: Run, name: str) -> Hint:
    if (missing := missing_method(run)) is not None:
        return missing
    contract, place = run.request.contract.version, returned_at(run)
    if name == "type":
        cause = prose("The handler returned a class and not an `ActionResult`")
        return hint(cause, prose("Write `return ActionResult(data=…)`."), place)
    what, code = ("nothing (`None`)", ()) if name == "NoneType" else ("a bare `{}`", (name,))
    return hint(
        prose(f"The handler returned {what}; contract {{}} expects an `ActionResult`", *code, contract), _WRAP, place
    )


def _as_text(run: Run, returned: Returned) -> Hint | None:
    """JSON that was returned as text, where the schema wants what it says."""
    whole = run.outcome.status is Status.INVALID_OUTPUT and any(not each.pointer for each in run.outcome.errors)
    if not whole or not isinstance(returned.value, str) or not _is_json(returned.value):
        return None
    fix: Sentence = prose("Return the value itself, without `json.dumps`.")
    return hint(
        prose("The handler returned JSON as a string, but the schema expects the value itself"), fix, returned_at(run)
    )


def _is_json(text: str) -> bool:
    try:
        return text[:1] in "{[" and isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False
