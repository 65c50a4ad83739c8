"""The JSON values and bodies of a run by name, for loading more of a tree and for downloads."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.domain import ABSENT, JSON, Absent, Exchange, Request, Response, Run, RunRequest, ShapeDecision
from workbench.explain import auth_shape
from workbench.explain.warnings import cut_values
from workbench.jsondoc import pointer as pointers
from workbench.web.runs.bodies import json_body, parts_body
from workbench.web.ui import json_tree

_BODY = re.compile(r"(request|response)-(\d{1,9})(?:-part-(\d{1,3}))?")
_LARGEST = 10**9


def find(run: Run, name: str, pointer: str = "") -> JSON | Absent:
    """The value ``name`` of a run, or what stands at ``pointer`` in it; ABSENT where there is none.

    Names: ``result``, ``returned``, ``inputs``, ``auth`` (the fields), ``context-auth``, ``metadata``, ``environment``,
    ``request-<n>``, ``response-<n>``, either with ``-part-<m>``, ``input-schema``, ``auth-schema``, ``output-schema``.
    """
    document = _whole(run, name)
    return ABSENT if document is ABSENT else pointers.resolve(document, pointer)


def mark(run: Run, name: str) -> str:
    """What the name of a downloaded file says of a value that is not there as a whole."""
    return "-cut" if name in ("result", "returned") and cut_values.cut_of(run) is not None else ""


def _whole(run: Run, name: str) -> JSON | Absent:
    request, outcome = run.request, run.outcome
    if name == "returned":
        return outcome.returned.value if outcome.returned else ABSENT
    if match := _BODY.fullmatch(name):
        return _body_value(run, int(match[2]), match[1], int(match[3] or 0))
    known: dict[str, JSON] = {
        "result": outcome.result,
        "inputs": request.inputs,
        "auth": request.auth_fields,
        "context-auth": request.context_auth,
        "metadata": request.metadata,
        "environment": _environment(request),
        "input-schema": request.input_schema,
        "auth-schema": request.auth_schema,
        "output-schema": request.output_schema,
    }
    return known.get(name, ABSENT)


def exchange(run: Run, number: int) -> Exchange | None:
    """The exchange of that number; None where the run has none."""
    return next((each for each in run.outcome.exchanges if each.id == number), None)


def _body_value(run: Run, number: int, side: str, part: int) -> JSON | Absent:
    found, message = exchange(run, number), message_of(run, number, side, part)
    return json_body.read(message, found.library)[0] if found and message else ABSENT


def message_of(run: Run, number: int, side: str, part: int = 0) -> Request | Response | None:
    """The request or the response, or one part of its body from 1; None where there is no such one."""
    found = exchange(run, number)
    message = None if found is None else found.request if side == "request" else found.response
    return parts_body.part_of(message, part) if part and message else message


def member_range(args: Mapping[str, str]) -> tuple[int, int]:
    """``start`` and ``stop`` of the entries asked for, where they are valid numbers."""
    start, stop = (_natural(args.get(name, ""), fallback) for name, fallback in (("start", 0), ("stop", _LARGEST)))
    return start, max(start, stop)


def _natural(text: str, fallback: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else fallback


def dump(value: JSON) -> bytes:
    """The value as indented JSON in UTF-8; half surrogates stay escaped."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=2).encode()


@dataclass(frozen=True, slots=True)
class ReceivedValue:
    """A value that the handler received: its title, its name for :func:`find`, its tree, and what to say of it."""

    title: str
    name: str
    root: json_tree.Node
    note: str = ""


def handler_values(run: Run) -> tuple[ReceivedValue, ...]:
    """The inputs and ``context.auth``, and metadata and environment variables where there are any."""
    request = run.request
    decision = ShapeDecision(request.auth_shape, request.shape_reason)
    found = [
        ReceivedValue("Inputs", "inputs", json_tree.grow(request.inputs, budget=120)),
        ReceivedValue(
            "context.auth",
            "context-auth",
            json_tree.grow(request.context_auth, budget=60),
            f"{auth_shape.sentence(decision, request.contract)} {auth_shape.undeclared(request)}".strip(),
        ),
    ]
    if request.metadata:
        found.append(ReceivedValue("context.metadata", "metadata", json_tree.grow(request.metadata, budget=60)))
    if request.environment:
        found.append(ReceivedValue("Environment", "environment", json_tree.grow(_environment(request), budget=60)))
    return tuple(found)


def _environment(request: RunRequest) -> JSON:
    """The variables of the run by name; null where one was taken out."""
    return {variable.name: variable.value for variable in request.environment}
