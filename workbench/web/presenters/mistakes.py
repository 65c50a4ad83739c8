"""Mistakes between an integration and the SDK contract it runs under, recognised from what was seen of a run."""

import re
from dataclasses import dataclass

from workbench.domain import AuthShape, ContractVersion, ErrorInfo, Kind, Run, RunState
from workbench.web.presenters.words import Sentence, prose


@dataclass(frozen=True, slots=True)
class Mistake:
    """A likely cause: what is wrong, and what to write instead."""

    cause: Sentence
    remedy: Sentence


_BODY_ATTRIBUTES = {"data", "status", "headers"}
_NO_ATTRIBUTE = re.compile(r"'(dict|list|str|NoneType|int|float|bool)' object has no attribute '(\w+)'")


def recognise(run: Run) -> Mistake | None:
    """The mistake that explains how the run ended, or None where nothing speaks for one."""
    if run.outcome.state is not RunState.FINISHED:
        return None
    for error in _errors(run.outcome.error):
        if (found := _of_fetch(run, error) or _of_auth(run, error)) is not None:
            return found
    return _of_return(run)


def _errors(error: ErrorInfo | None) -> tuple[ErrorInfo, ...]:
    return () if error is None else (error, *error.causes)


def _bare(name: str) -> str:
    return name.rpartition(".")[2]


def _of_return(run: Run) -> Mistake | None:
    returned, contract = run.outcome.returned, run.request.contract.version
    if returned is None or run.request.kind is not Kind.ACTION:
        return None
    name = _bare(returned.type_name)
    if name == "FetchResponse" or any("FetchResponse(" in text for _, text in returned.lossy):
        return Mistake(
            prose("The handler returned fetch’s `FetchResponse` itself, which is no JSON."),
            prose("Return `response.data`, the parsed body."),
        )
    if contract is not ContractVersion.V0_1 and name not in ("ActionResult", "ActionError"):
        return Mistake(
            prose("The handler returned a bare `{}`; contract {} wants an `ActionResult`.", name, contract),
            prose("Write `return ActionResult(data=…)`, or run it under contract 0.1."),
        )
    return None


def _of_fetch(run: Run, error: ErrorInfo) -> Mistake | None:
    contract = run.request.contract.version
    if contract is ContractVersion.V2 and "FetchResponse" in error.message and _bare(error.type) in _MISUSES:
        return Mistake(
            prose(
                "Under contract 2 `context.fetch()` returns a `FetchResponse`, which was used as if it were the body."
            ),
            prose("Read `response.data` (and `response.status`), or run it under contract 1 or 0.1."),
        )
    seen = _NO_ATTRIBUTE.search(error.message) if _bare(error.type) == "AttributeError" else None
    if contract is not ContractVersion.V2 and seen and seen.group(2) in _BODY_ATTRIBUTES:
        kind, name = seen.groups()
        return Mistake(
            prose(
                "`.{}` was read, but under contract {} fetch returns the parsed body, here a `{}`.",
                name,
                contract,
                kind,
            ),
            prose("Use the response as it is, or run it under contract 2."),
        )
    return None


_MISUSES = {"TypeError", "AttributeError", "KeyError"}


def _of_auth(run: Run, error: ErrorInfo) -> Mistake | None:
    key = _missing_key(error)
    shape = run.request.auth_shape
    if key == "credentials" and shape is AuthShape.FLAT:
        return Mistake(
            prose('The handler reads `context.auth["credentials"]`, but the auth came flat: its fields are the keys.'),
            prose('Read `context.auth["<field>"]`, or run it with the envelope, as contract 2 has it.'),
        )
    if key and shape is AuthShape.ENVELOPE and key in _auth_fields(run) and _speaks_of_auth(error):
        return Mistake(
            prose('The handler reads `context.auth["{}"]`, but the auth came as an envelope.', key),
            prose('Read `context.auth["credentials"]["{}"]`, or run it with the fields flat.', key),
        )
    return None


def _missing_key(error: ErrorInfo) -> str:
    if _bare(error.type) != "KeyError":
        return ""
    text = error.message.removeprefix("KeyError: ").strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def _auth_fields(run: Run) -> set[str]:
    fields = run.request.auth_fields
    schema = run.request.auth_schema
    declared = schema.get("properties") if isinstance(schema, dict) else None
    names = set(declared) if isinstance(declared, dict) else set()
    return names | (set(fields) if isinstance(fields, dict) else set())


def _speaks_of_auth(error: ErrorInfo) -> bool:
    """Whether the raising line reads the auth; where its source is unknown, the field's name has to do."""
    line = _raising_line(error)
    return not line or "auth" in line or "cred" in line


def _raising_line(error: ErrorInfo) -> str:
    frame = error.frames[-1] if error.frames else None
    lines = frame.source.splitlines() if frame else []
    at = frame.line - frame.source_line if frame and frame.source_line else 0
    return lines[at].strip() if 0 <= at < len(lines) else ""
