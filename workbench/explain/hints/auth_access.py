"""``context.auth`` read flat where an envelope came, the other way round, or for a field that it has not."""

import re

from workbench.domain import AuthShape, ErrorInfo, KeySource, MissingKey, Run, ShapeRule, Status, is_envelope
from workbench.domain.error_facts import missing_key, raising_line
from workbench.explain.code_locations import CodeLocation
from workbench.explain.hints import reported
from workbench.explain.hints.evidence import Hint, credential_hint, handler_source, hint, line_at, raised_at
from workbench.explain.text import Sentence, bare, prose

_FLAT_READ = re.compile(r"""\bauth(?:\.get\(|\[)\s*["'](\w+)["']""")
_DOTTED = re.compile(r"'dict' object has no attribute '(\w+)'")
_ENVELOPE_READ = re.compile(r"""\bauth(?:\.get\(|\[)\s*["']credentials["']""")


def of_error(run: Run, error: ErrorInfo) -> Hint | None:
    """The reading of the auth that raised, or that gave nothing and so led to the error."""
    if error.missing is not None:
        return _of_missing(run, error, error.missing)
    return _dotted(run, error) or _of_absent_key(run, error) or _of_shape(run, error) or _unknown(run, error)


def _of_missing(run: Run, error: ErrorInfo, missing: MissingKey) -> Hint | None:
    """The key that was read of ``context.auth`` or of its credentials, wherever the code read it."""
    place = raised_at(run, error)
    if missing.source is KeySource.CREDENTIALS:
        return _absent(run, missing.key, place)
    if missing.source is not KeySource.AUTH:
        return None
    if "credentials" in missing.keys and missing.key in _fields(run):
        return _enveloped(run, missing.key, place)
    return _flat(run, missing.key, place) if missing.key == "credentials" else _absent(run, missing.key, place)


def of_report(run: Run) -> Hint | None:
    """A credential that is read at the wrong place, or was not given, where the run reports an error itself."""
    text = reported.message(run)
    if text is None or run.outcome.status is Status.FAILED:
        return None
    return (_of_rejected(run) if reported.is_rejected(run) else None) or _of_other_shape(run) or _of_absent(run, text)


def _of_rejected(run: Run) -> Hint | None:
    if run.request.auth_shape is AuthShape.FLAT:
        return _of_envelope_read(run, None)
    return _enveloped(run, _read_flat(run), line_at(run, _FLAT_READ)) if _read_flat(run) else None


def _of_other_shape(run: Run) -> Hint | None:
    """The first line that reads the other shape, where no line reads the one that the run handed over."""
    request, reads = run.request, run.request.reads
    if is_envelope(request.auth) or request.auth_shape is AuthShape.ENVELOPE:
        if reads.flat is None or reads.envelope is not None:
            return None
        return _enveloped(run, reads.flat.name, CodeLocation(reads.flat.file, reads.flat.line))
    if reads.envelope is None or reads.flat is not None:
        return None
    return _flat(run, reads.envelope.name, CodeLocation(reads.envelope.file, reads.envelope.line))


def _of_absent_key(run: Run, error: ErrorInfo) -> Hint | None:
    """A credential, or a property of ``context.metadata``, that is read where it would stand and was not given."""
    place, key, reads = raised_at(run, error), missing_key(error), run.request.reads
    if place is None or not key:
        return None
    if any(read.name == key and read.file == place.file for read in reads.absent):
        return _absent(run, key, place)
    if not any(read.name == key and read.file == place.file for read in reads.no_metadata):
        return None
    fix = prose("Add it on the Auth page or with `--metadata`, or read it with `.get` where it may be absent.")
    return credential_hint(prose("`context.metadata` has no `{}`: it was not given", key), fix, place)


def _of_absent(run: Run, text: str) -> Hint | None:
    """A credential that the error names, that the code reads, and that was not given."""
    found = next((read for read in run.request.reads.absent if reported.names(text, read.name)), None)
    return _absent(run, found.name, CodeLocation(found.file, found.line)) if found else None


def _of_shape(run: Run, error: ErrorInfo) -> Hint | None:
    key = missing_key(error)
    if run.request.auth_shape is AuthShape.FLAT:
        if key == "credentials" or _looks_into_envelope(run, error, key):
            return _flat(run, key, raised_at(run, error))
        if not _explains(run, error):
            return None
        found = _of_envelope_read(run, error) if bare(error.type) == "HTTPError" else None
        return found or _of_other_shape(run)
    if key:
        known = key in _fields(run) and _speaks_of_auth(error)
        return _enveloped(run, key, raised_at(run, error)) if known else None
    if not _explains(run, error):
        return None
    name = _read_flat(run)
    return _enveloped(run, name, line_at(run, _FLAT_READ)) if name else _of_other_shape(run)


def _flat(run: Run, key: str, place: CodeLocation | None) -> Hint:
    field = key if key and key != "credentials" else next(iter(sorted(_fields(run))), "<field>")
    return credential_hint(
        prose('The handler reads `context.auth["credentials"]`, but the auth came flat: its fields are the keys'),
        prose('Read `context.auth["{}"]`', field) + _choice(run, AuthShape.ENVELOPE),
        place,
    )


def _enveloped(run: Run, name: str, place: CodeLocation | None) -> Hint:
    return credential_hint(
        prose('The handler reads `context.auth["{}"]`, but the auth came as an envelope', name),
        prose('Read `context.auth["credentials"]["{}"]`', name) + _choice(run, AuthShape.FLAT),
        place,
    )


def _choice(run: Run, other: AuthShape) -> Sentence:
    """What to do besides editing the code."""
    if run.request.shape_reason.rule is ShapeRule.CHOSEN:
        return prose(", or let the workbench choose the shape: on the Auth page, or without `--auth-shape`.")
    return prose(
        ", as the platform hands it over, or try the other shape on the Auth page or with `--auth-shape {}`.", other
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
    key = missing_key(error)
    if not key or key == "credentials" or not _is_field_read(run, key, raising_line(error)):
        return None
    return _absent(run, key, raised_at(run, error))


def _absent(run: Run, key: str, place: CodeLocation | None) -> Hint:
    """The credential that is not there, and where to give it."""
    declared = sorted(_declared(run))
    if key in declared:
        fix = prose("Fill it in on the Auth page or with `--auth`, or read it with `.get` where it may be absent.")
        return credential_hint(prose("The credential `{}` is not filled in", key), fix, place)
    if not declared:
        fix = prose("Add it on the Auth page or with `--auth`.")
        return credential_hint(prose("The credential `{}` was not given", key), fix, place)
    cause = prose("The credential `{}` was not given; auth.fields declares `{}`", key, ", ".join(declared[:8]))
    fix = prose("Read one of these, or add it on the Auth page or with `--auth` and declare it in config.json.")
    return credential_hint(cause, fix, place)


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
    return "NoneType" in error.message or (bare(error.type) == "HTTPError" and reported.is_rejected(run))


def _read_flat(run: Run) -> str:
    """The auth field that the handler reads flat; empty where it knows of the envelope."""
    source = handler_source(run)
    if "credentials" in source:
        return ""
    return next((name for name in _FLAT_READ.findall(source) if name in _fields(run)), "")


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
