"""How the SDK calls a handler and hears of its errors, against how the handler was written."""

import re

from workbench.domain import ContractVersion, ErrorInfo, Kind, Run
from workbench.domain.error_facts import raising_line
from workbench.explain.hints.evidence import Hint, hint, line_at, raised_at
from workbench.explain.text import bare, prose

_METHODS = "|".join(kind.handler.method for kind in Kind)
_COUNTED = re.compile(rf"\.({_METHODS})\(\) (?:takes|missing) ")
_SWAPPED = re.compile(
    r"'ExecutionContext' object (?:is not|does not support)|argument of type 'ExecutionContext'"
    r"|'ExecutionContext' object has no attribute '(?:get|keys|items|values)'"
    r"|'dict' object has no attribute '(?:fetch|auth|logger|metadata)'"
)
_DEF = re.compile(rf"\bdef (?:{_METHODS})\b")
_YIELD = re.compile(r"(?:^|[=(:;])\s*yield\b")
_DICT_ATTRIBUTE = re.compile(r"'dict' object has no attribute '(\w+)'")


def of_error(run: Run, error: ErrorInfo) -> Hint | None:
    """An error that was raised instead of returned, parameters of another number or order, a dict read by a dot."""
    if bare(error.type) not in ("TypeError", "AttributeError"):
        return None
    looks = (_raised_result, _not_awaited, _parameters, _dotted_inputs)
    return next(filter(None, (look(run, error) for look in looks)), None)


def _raised_result(run: Run, error: ErrorInfo) -> Hint | None:
    seen = re.search(r"\braise\s+(ActionError|ActionResult)\b", raising_line(error))
    if "must derive from BaseException" not in error.message or seen is None:
        return None
    fix = prose("Write `return {}(…)`.", seen[1])
    if run.request.contract.version is ContractVersion.V0_1:
        fix = prose("Contract 0.1 has no `{}`: raise an exception, or run it under contract 2.", seen[1])
    return hint(prose("`{}` is not an exception, so it cannot be raised", seen[1]), fix, raised_at(run, error))


def _not_awaited(run: Run, error: ErrorInfo) -> Hint | None:
    returned = run.outcome.returned
    if returned is None or not error.not_awaitable:
        return None
    write = run.request.kind.handler.signature
    if bare(returned.type_name) not in ("async_generator", "generator"):
        cause = prose("The handler is a plain `def`, and the SDK awaits what it returns")
        return hint(cause, prose("Write `{}`.", write), line_at(run, _DEF))
    what = "records" if run.request.kind is Kind.TRIGGER else "results"
    cause = prose(f"The handler gives its {what} by `yield`, which makes it a generator; the SDK awaits one value")
    returns = {
        Kind.ACTION: "return ActionResult(data=…)",
        Kind.TRIGGER: "return records",
        Kind.ACCOUNT: "return ConnectedAccountInfo(…)",
    }[run.request.kind]
    if run.request.kind is Kind.ACTION and run.request.contract.version is ContractVersion.V0_1:
        returns = "return results"
    fix = prose(f"Collect the {what} in a list (`{what}.append(…)` for each `yield`) and write `{{}}`", returns)
    return hint(cause, fix + prose(" at the end of `{}`.", write), line_at(run, _YIELD))


def _parameters(run: Run, error: ErrorInfo) -> Hint | None:
    wanted = prose("Write `{}`.", run.request.kind.handler.signature)
    if _COUNTED.search(error.message):
        return hint(prose("The handler does not accept the parameters that the SDK passes"), wanted)
    if _SWAPPED.search(error.message):
        cause = prose("The handler’s parameters are in another order than the SDK passes them")
        return hint(cause, wanted, raised_at(run, error))
    return None


def _dotted_inputs(run: Run, error: ErrorInfo) -> Hint | None:
    seen, line = _DICT_ATTRIBUTE.search(error.message), raising_line(error)
    if seen is None or not re.search(rf"\binputs\.{seen[1]}\b", line):
        return None
    cause = prose("`inputs.{}` was read, but the inputs are a dict", seen[1])
    return hint(cause, prose('Read `inputs["{}"]`.', seen[1]), raised_at(run, error))
