"""What ``context.fetch`` returns, taken for what it returns under another contract."""

import re

from workbench.domain import ContractVersion, ErrorInfo, Run
from workbench.domain.error_facts import raising_line
from workbench.explain.hints.evidence import Hint, handler_source, hint, raised_at
from workbench.explain.text import Sentence, bare, prose

_BODY_ATTRIBUTES = {"data", "status", "headers", "json", "text", "body", "ok", "status_code", "content"}
_MISUSES = {"TypeError", "AttributeError", "KeyError"}
_NO_ATTRIBUTE = re.compile(r"'(\w+)' object has no attribute '(\w+)'")
_ASSIGNED = re.compile(r"\b(\w+)\s*(?::[^=\n]+)?=\s*await\s+[\w.]+\.fetch\(")


def of_error(run: Run, error: ErrorInfo) -> Hint | None:
    """A ``FetchResponse`` used as the body, or the body used as a ``FetchResponse``."""
    name, contract = bare(error.type), run.request.contract.version
    if contract is ContractVersion.V2 and "FetchResponse" in error.message and name in _MISUSES:
        cause = "Under contract 2 `context.fetch()` returns a `FetchResponse`, which was used as if it were the body"
        return hint(prose(cause), _instead(run, error), raised_at(run, error))
    seen = _NO_ATTRIBUTE.search(error.message) if name == "AttributeError" else None
    if contract is ContractVersion.V2 or seen is None or seen[2] not in _BODY_ATTRIBUTES:
        return None
    if seen[1] not in ("dict", "list", "str", "NoneType", "int", "float", "bool"):
        return None
    return hint(
        prose("`.{}` was read, but under contract {} fetch returns the parsed body, here a `{}`",
              seen[2], contract, seen[1]),
        prose("Use the response as it is, or run it under contract 2."),
        raised_at(run, error),
    )  # fmt: skip


def _instead(run: Run, error: ErrorInfo) -> Sentence:
    name, seen = _variable(run, error), _NO_ATTRIBUTE.search(error.message)
    if seen and seen[2] in ("status_code", "ok"):
        return prose("Read `{}.status`, an integer, or run it under contract 1 or 0.1.", name)
    return prose("Read `{}.data` (and `{}.status`), or run it under contract 1 or 0.1.", name, name)


def _variable(run: Run, error: ErrorInfo) -> str:
    """The name that the handler gave what it fetched, where the raising line has it."""
    line = raising_line(error)
    given = _ASSIGNED.findall(handler_source(run))
    return next((name for name in given if re.search(rf"\b{name}\b", line)), "response")
