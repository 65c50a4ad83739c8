"""An error that a handler returned in its data: ``{"success": false, "message": …}``, ``{"result": [], "error": …}``.

The SDK has ``ActionError`` for that; real handlers catch the exception and return such an object instead. A flag that
says false and a text are an error; so is a text alone, where everything beside it is empty. An answer to a question
(``{"is_member": false}``, ``{"valid": false, "errors": […]}``, ``{"id": 7, "status": "failed"}``) is none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbench.domain import JSON
from workbench.domain.masked_text import json_text, one_line
from workbench.jsondoc import pointer as pointers

_FLAGS = ("success", "ok", "succeeded", "successful", "is_success", "isSuccess")
"""Names that say how it went: false alone is an error."""
_RESULTS = ("result", "results", "data")
"""Names whose false may be the answer to a question, so that it is an error only beside a text."""
_ERRORS = ("error", "errors", "error_message", "errorMessage", "err", "exception")
_MESSAGES = ("message", "error_description", "reason", "detail", "details", "msg", "title", "description")
_ABOUT = (
    *_FLAGS, *_ERRORS, *_MESSAGES, "status", "state", "code", "status_code", "statusCode", "error_code", "errorCode",
    "type", "error_type", "errorType", "hint", "help", "retry_after", "request_id", "requestId", "timestamp",
    "traceback", "documentation_url",
)  # fmt: skip
"""Names of what an error object may hold besides; anything else that is not empty is data."""
_BAD = ("error", "failed", "failure", "fail")
_GOOD = ("success", "ok", "succeeded", "completed", "complete", "done")
_PREFIX = "error:"
_WRAPPERS = ("result", "data", "response", "output")
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class ReportedError:
    """The error's place in the result, as a JSON Pointer, and its text; empty where a flag is all there is."""

    pointer: str
    message: str = ""


def find(value: JSON, pointer: str = "") -> ReportedError | None:
    """The error in a result, or None where it holds none."""
    if isinstance(value, str):
        return ReportedError(pointer, one_line(value[len(_PREFIX) :])) if _is_error_text(value) else None
    if not isinstance(value, dict) or not value:
        return None
    if len(value) == 1 and (name := next(iter(value))) in _WRAPPERS and pointer.count("/") < _DEEPEST:
        return find(value[name], pointers.join(pointer, name))
    return _in_object(value, pointer)


def _in_object(value: Mapping[str, JSON], pointer: str) -> ReportedError | None:
    if any(value.get(name) is True for name in _FLAGS) or _word(value, _GOOD):
        return None
    name = next((name for name in _ERRORS if _is_filled(value.get(name))), "")
    flag = _flag(value)
    if not flag and not (name and (_is_refused(value) or not any(_is_data(*item) for item in value.items()))):
        return None
    if not name or value[name] is True:
        name = next((each for each in _MESSAGES if _is_filled(value.get(each))), name or flag)
    has_text = value[name] is not True and name != flag
    return ReportedError(pointers.join(pointer, name), _text(value[name]) if has_text else "")


def _flag(value: Mapping[str, JSON]) -> str:
    """The name of the property that alone says that it failed; empty where none does."""
    said = next((name for name in _FLAGS if value.get(name) is False), "")
    if said:
        return said
    failed = _word(value, _BAD) and not any(_is_data(*item) for item in value.items())
    return "status" if failed else "error" if value.get("error") is True else ""


def _is_refused(value: Mapping[str, JSON]) -> bool:
    return any(value.get(name) is False for name in _RESULTS)


def _word(value: Mapping[str, JSON], words: tuple[str, ...]) -> bool:
    status = value.get("status")
    return isinstance(status, str) and status.casefold() in words


def _is_data(name: str, value: JSON) -> bool:
    """Whether a property holds anything besides the error; false is an answer, so it counts."""
    return name not in _ABOUT and (value is False or bool(value))


def _is_filled(value: JSON) -> bool:
    return bool(value) and (not isinstance(value, str) or bool(value.strip()))


def _is_error_text(value: str) -> bool:
    return value[: len(_PREFIX)].casefold() == _PREFIX and len(value) > len(_PREFIX)


def _text(value: JSON) -> str:
    """An error's text: itself, that of the first of several, or what its object says."""
    texts = list(_texts(value, 0))
    return texts[0] if texts else one_line(json_text(value))


def _texts(value: JSON, depth: int) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield one_line(value)
    elif isinstance(value, list) and depth < _DEEPEST:
        for item in value[:1]:
            yield from _texts(item, depth + 1)
    elif isinstance(value, dict) and depth < _DEEPEST:
        for name in (*_MESSAGES, *_ERRORS):
            yield from _texts(value.get(name), depth + 1)
