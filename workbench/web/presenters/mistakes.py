"""Mistakes between an integration and the SDK contract it runs under, recognised from what was seen of a run."""

import re
from dataclasses import dataclass

from workbench.domain import AuthShape, ContractVersion, ErrorInfo, Kind, Run, RunState, Status
from workbench.web.presenters.words import Sentence, prose


@dataclass(frozen=True, slots=True)
class Mistake:
    """A likely cause: what is wrong, and what to write instead."""

    cause: Sentence
    remedy: Sentence


_BODY_ATTRIBUTES = {"data", "status", "headers", "json", "text", "body", "ok", "status_code"}
_TOLD = (Status.FAILED, Status.INVALID_OUTPUT)
"""How runs end for which a mistake is what there is to say."""
_OF_NOTHING = re.compile(r"'NoneType' object (?:has no attribute|is not subscriptable|is not iterable)")
_FLAT_READ = re.compile(r"""\bauth(?:\.get\(|\[)\s*["'](\w+)["']""")
_NO_ATTRIBUTE = re.compile(r"'(dict|list|str|NoneType|int|float|bool)' object has no attribute '(\w+)'")


def recognise(run: Run) -> Mistake | None:
    """The mistake that explains how the run ended, or None where nothing speaks for one."""
    if run.outcome.state is not RunState.FINISHED:
        return None
    for error in _errors(run.outcome.error):
        if (found := _of_fetch(run, error) or _of_auth(run, error)) is not None:
            return found
    return _of_return(run)


def decisive(run: Run) -> Mistake | None:
    """The mistake that ended the run: the first thing to be told of it. None where something else did."""
    return recognise(run) if run.outcome.status in _TOLD else None


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
        what, told = ("nothing (`None`)", ()) if name == "NoneType" else ("a bare `{}`", (name,))
        return Mistake(
            prose(f"The handler returned {what}; contract {{}} wants an `ActionResult`.", *told, contract),
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
    if shape is AuthShape.FLAT and (key == "credentials" or _looks_into_envelope(run, error, key)):
        field = key if key and key != "credentials" else next(iter(sorted(_auth_fields(run))), "<field>")
        return Mistake(
            prose('The handler reads `context.auth["credentials"]`, but the auth came flat: its fields are the keys.'),
            prose('Read `context.auth["{}"]`, or run it with the envelope, as contract 2 has it.', field),
        )
    if shape is AuthShape.ENVELOPE and key and not (key in _auth_fields(run) and _speaks_of_auth(error)):
        return None
    name = key or _flat_read(run, error)
    if shape is AuthShape.ENVELOPE and name:
        return Mistake(
            prose('The handler reads `context.auth["{}"]`, but the auth came as an envelope.', name),
            prose('Read `context.auth["credentials"]["{}"]`, or run it with the fields flat.', name),
        )
    return None


def _looks_into_envelope(run: Run, error: ErrorInfo, key: str) -> bool:
    """Whether the raising line looks for the envelope with ``get`` and found nothing in it."""
    line = _raising_line(error)
    found_nothing = key in _auth_fields(run) or bool(_OF_NOTHING.search(error.message))
    return found_nothing and "auth" in line and "credentials" in line


def _flat_read(run: Run, error: ErrorInfo) -> str:
    """The auth field that the handler reads flat, where its absence explains the error: nothing there, or a 401."""
    refused = any(each.response is not None and each.response.status in (401, 403) for each in run.outcome.exchanges)
    if not _OF_NOTHING.search(error.message) and not (refused and _bare(error.type) == "HTTPError"):
        return ""
    source = run.outcome.handler.source if run.outcome.handler else ""
    if "credentials" in source:
        return ""
    known = _auth_fields(run)
    return next((name for name in _FLAT_READ.findall(source) if name in known), "")


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
