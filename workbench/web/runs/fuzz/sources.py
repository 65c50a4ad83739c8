"""The runs that a fuzz session can begin with: a recorded test, an earlier run, or a live run made first."""

import time

from flask import abort

from workbench.catalog.saved_inputs import SavedInputsError, read_inputs, saved_names
from workbench.domain import JSON, Integration, Run, RunRequest, RunState
from workbench.explain.statuses import status_word
from workbench.history import EntryFilter
from workbench.recordings.files import RecordingFile, find_files, read_recording, recording_file
from workbench.recordings.recording import RecordingError
from workbench.recordings.replay import replay_request
from workbench.web.services.app_context import app_context
from workbench.web.ui.handlers import Handler
from workbench.web.ui.run_requests import request_of
from workbench.web.ui.widgets import Option

_RUNS = 10
_TIME_LIMIT = 60.0
TEST, RUN, LIVE = "test", "run", "live"


def options(integration: Integration, handler: Handler, chosen: str) -> tuple[Option, ...]:
    """What can be chosen, the first as default: tests, then runs, then live runs."""
    pairs = [(f"{TEST}:{file.name}", f"test {file.label}") for file in _tests(integration, handler)]
    pairs += [(f"{RUN}:{run.id}", f"run {run.id}, {status_word(run).text}") for run in _runs(integration, handler)]
    pairs += [
        (f"{LIVE}:{name}", f"a live run first, with the saved inputs {name}")
        for name in saved_names(integration.root, handler.name)
    ]
    pairs.append((f"{LIVE}:", "a live run first, with the defaults of the inputs"))
    return tuple(Option(value, text, value == chosen) for value, text in pairs)


def request_or_422(integration: Integration, handler: Handler, chosen: str) -> RunRequest:
    """The run that a session begins with, to be made first; ends the request with a 422 where it cannot be made."""
    try:
        made = _request(integration, handler, *chosen.partition(":")[::2])
    except (RecordingError, SavedInputsError) as error:
        abort(422, str(error))
    if made is None:
        abort(422, "What the replays begin with is not available any more. Choose something else.")
    return made


def _request(integration: Integration, handler: Handler, source: str, name: str) -> RunRequest | None:
    context = app_context()
    file = next((one for one in _tests(integration, handler) if source == TEST and one.name == name), None)
    if file is not None:
        reads, environ = context.catalog.reads(integration), context.store.environ
        return replay_request(read_recording(file), integration, reads, environ, file.label, time.time())
    if source != LIVE:
        return None
    inputs = read_inputs(integration.root, handler.name, name) if name else _defaults(handler.input_schema)
    profile = context.vault.profile(integration.id, "")
    return request_of(integration, handler, inputs, profile, integration.contract, _TIME_LIMIT)


def _tests(integration: Integration, handler: Handler) -> list[RecordingFile]:
    folder = recording_file(integration.root, handler.name, "x").handler
    return [file for file in find_files(integration.root) if file.handler == folder]


def _runs(integration: Integration, handler: Handler) -> list[Run]:
    """The newest finished runs of the handler, from the history where there are none in memory."""
    store, archive = app_context().store, app_context().config.archive
    held = list(store.list(integration_id=integration.id, kind=handler.kind, name=handler.name, limit=_RUNS))
    if not held and archive:
        wanted = EntryFilter(integration.id, handler.kind, handler.name)
        kept = [store.get(str(entry.id)) for entry in archive.recent(wanted, _RUNS)]
        held = [run for run in kept if run is not None]
    return [run for run in held if run.outcome.state is RunState.FINISHED and not run.request.pasted]


def _defaults(schema: JSON) -> JSON:
    """The inputs that the schema's defaults make."""
    properties = schema.get("properties") if isinstance(schema, dict) else None
    declared = properties.items() if isinstance(properties, dict) else ()
    return {name: part["default"] for name, part in declared if isinstance(part, dict) and "default" in part}
