"""``context.auth`` read flat where an envelope came, the other way round, or for a field that it has not."""

import re

from workbench.domain import AuthShape, ErrorInfo, Run, Status
from workbench.explain.code_locations import CodeLocation
from workbench.explain.hints.evidence import Hint, handler_source, hint, line_at, raised_at, raising_line
from workbench.explain.text import bare, prose

_FLAT_READ = re.compile(r"""\bauth(?:\.get\(|\[)\s*["'](\w+)["']""")
_DOTTED = re.compile(r"'dict' object has no attribute '(\w+)'")
_ENVELOPE_READ = re.compile(r"""\bauth(?:\.get\(|\[)\s*["']credentials["']""")
_REFUSED = (401, 403)


def of_error(run: Run, error: ErrorInfo) -> Hint | None:
    """The reading of the auth that raised, or that gave nothing and so led to the error."""
    return _dotted(run, error) or _of_shape(run, error) or _unknown(run, error)


def of_error_status(run: Run) -> Hint | None:
    """A credential read at the wrong place, where an ``ActionError`` tells of the 401 that came of it."""
    if run.outcome.status is not Status.ACTION_ERROR or not _was_rejected(run):
        return None
    if run.request.auth_shape is AuthShape.FLAT:
        return _of_envelope_read(run, None)
    return _enveloped(_read_flat(run), line_at(run, _FLAT_READ)) if _read_flat(run) else None


def _of_shape(run: Run, error: ErrorInfo) -> Hint | None:
    key = _missing_key(error)
    if run.request.auth_shape is AuthShape.FLAT:
        if key == "credentials" or _looks_into_envelope(run, error, key):
            return _flat(run, key, raised_at(run, error))
        return _of_envelope_read(run, error) if _explains(run, error) and bare(error.type) == "HTTPError" else None
    if key:
        known = key in _fields(run) and _speaks_of_auth(error)
        return _enveloped(key, raised_at(run, error)) if known else None
    name = _read_flat(run) if _explains(run, error) else ""
    return _enveloped(name, line_at(run, _FLAT_READ)) if name else None


def _flat(run: Run, key: str, place: CodeLocation | None) -> Hint:
    field = key if key and key != "credentials" else next(iter(sorted(_fields(run))), "<field>")
    return hint(
        prose('The handler reads `context.auth["credentials"]`, but the auth came flat: its fields are the keys'),
        prose('Read `context.auth["{}"]`, or run it with the envelope, as contract 2 has it.', field),
        place,
    )


def _enveloped(name: str, place: CodeLocation | None) -> Hint:
    return hint(
        prose('The handler reads `context.auth["{}"]`, but the auth came as an envelope', name),
        prose('Read `context.auth["credentials"]["{}"]`, or run it with the fields flat.', name),
        place,
    )


def _of_envelope_read(run: Run, error: ErrorInfo | None) -> Hint | None:
    """Flat auth that the handler looks for in an envelope, without noticing that there is none."""
    if not _ENVELOPE_READ.search(handler_source(run)):
        return None
    names = re.findall(r"""["'](\w+)["']""", handler_source(run))
    field = next((name for name in names if name in _fields(run)), "")
    return _flat(run, field, line_at(run, _ENVELOPE_READ)) if field else None


def _dotted(run: Run, error: ErrorInfo) -> Hint | None:
    seen = _DOTTED.search(error.message) if bare(error.type) == "AttributeError" else None
    if seen is None or seen[1] not in _fields(run) or not _speaks_of_auth(error):
        return None
    way = '["credentials"]' if run.request.auth_shape is AuthShape.ENVELOPE else ""
    cause = prose("`{}` was read as an attribute, but `context.auth` is a dict", seen[1])
    return hint(cause, prose(f'Read `context.auth{way}["{{}}"]`.', seen[1]), raised_at(run, error))


def _unknown(run: Run, error: ErrorInfo) -> Hint | None:
    """A field that is read where it may stand, and that was not given, or that ``auth.fields`` does not declare."""
    key = _missing_key(error)
    if not key or key == "credentials" or not _is_field_read(run, key, raising_line(error)):
        return None
    if key in _declared(run):
        fix = prose("Fill it in on the Auth page, or read it with `.get` where it may be absent.")
        return hint(prose("The auth has no `{}`: it is not filled in", key), fix, raised_at(run, error))
    fields = sorted(_fields(run))
    if not fields:
        return None
    cause = prose("The auth has no field `{}`; those of `auth.fields` are `{}`", key, ", ".join(fields[:8]))
    return hint(cause, prose("Read one of these, or declare it in config.json."), raised_at(run, error))


def _is_field_read(run: Run, key: str, line: str) -> bool:
    """Whether the line reads ``key`` of the auth, or of what the handler has named it."""
    named = re.findall(r"\b(\w+)\s*=[^=\n]*\bcontext\.auth\b", handler_source(run))
    holders = "|".join((r"context\.auth", *(rf"\b{name}" for name in named)))
    return re.search(rf"""(?:{holders})(?:\[["']credentials["']\])?\[["']{re.escape(key)}["']\]""", line) is not None


def _looks_into_envelope(run: Run, error: ErrorInfo, key: str) -> bool:
    """Whether the raising line looks for the envelope with ``get`` and found nothing in it."""
    line = raising_line(error)
    found_nothing = key in _fields(run) or "NoneType" in error.message
    return found_nothing and "auth" in line and "credentials" in line


def _explains(run: Run, error: ErrorInfo) -> bool:
    """Whether a missing credential explains the error: nothing was there, or the server rejected the request."""
    return "NoneType" in error.message or (bare(error.type) == "HTTPError" and _was_rejected(run))


def _was_rejected(run: Run) -> bool:
    return any(each.response is not None and each.response.status in _REFUSED for each in run.outcome.exchanges)


def _read_flat(run: Run) -> str:
    """The auth field that the handler reads flat; empty where it knows of the envelope."""
    source = handler_source(run)
    if "credentials" in source:
        return ""
    return next((name for name in _FLAT_READ.findall(source) if name in _fields(run)), "")


def _missing_key(error: ErrorInfo) -> str:
    if bare(error.type) != "KeyError":
        return ""
    text = error.message.removeprefix("KeyError: ").strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def _declared(run: Run) -> set[str]:
    schema = run.request.auth_schema
    declared = schema.get("properties") if isinstance(schema, dict) else None
    return set(declared) if isinstance(declared, dict) else set()


def _fields(run: Run) -> set[str]:
    fields = run.request.auth_fields
    return _declared(run) | (set(fields) if isinstance(fields, dict) else set())


def _speaks_of_auth(error: ErrorInfo) -> bool:
    """Whether the raising line reads the auth; where its source is unknown, the field's name has to do."""
    line = raising_line(error)
    return not line or "auth" in line or "cred" in line
