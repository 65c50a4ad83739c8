"""The sources of answers that a run form offers, and the answers of the one that is chosen."""

from typing import Final

from werkzeug.datastructures import FileStorage

from workbench.answers.from_run import answers_of_run, same_answers
from workbench.answers.recording import incomplete_responses
from workbench.domain import Answers, Exchange, Integration, Run
from workbench.explain.text import count
from workbench.history import EntryFilter
from workbench.recordings.answer_file import answers_of_archive, answers_of_file, find_archives
from workbench.recordings.files import RecordingFile, find_files, recording_file
from workbench.recordings.recording import RecordingError
from workbench.web.services.app_context import app_context
from workbench.web.ui.handlers import Handler
from workbench.web.ui.widgets import Option

UPLOAD: Final = "answers_file"
"""The field of a file that is chosen on this machine."""
LIVE: Final = "live"
"""The network, where ``workbench.toml`` names a recording."""
_RUNS = 15
"""Earlier runs of the handler to choose from."""
_RUN, _SAME, _FILE, _ARCHIVE, _UPLOADED = "run", "same", "file", "har", "upload"


class AnswerError(Exception):
    """The answers that the form says cannot be had; the message says why and what to do."""


def answers_from(integration: Integration, handler: Handler, chosen: str, recording: str) -> Answers:
    """The answers of the chosen source; with nothing chosen those of ``recording``, the path in ``workbench.toml``.

    Raises :class:`AnswerError`.
    """
    kind, _, name = chosen.partition(":")
    if chosen == LIVE or not (chosen or recording):
        return Answers()
    try:
        if not chosen:
            return app_context().answer_files.of_file(integration.root, recording)
        if kind in (_FILE, _ARCHIVE):
            return _of_file(integration, handler, kind, name)
        return _uploaded(integration, name) if kind == _UPLOADED else _of_run(integration, kind, name)
    except RecordingError as error:
        raise AnswerError(str(error)) from error


def store_upload(integration: Integration, file: FileStorage) -> str:
    """The source that a chosen file is from now on. Raises :class:`AnswerError`."""
    data, name = file.read(), (file.filename or "")[:120]
    try:
        answers = answers_of_archive(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise AnswerError(f"{name} is not UTF-8, so it is not an HTTP archive (HAR).") from error
    except RecordingError as error:
        raise AnswerError(str(error)) from error
    return f"{_UPLOADED}:" + app_context().answer_files.put(integration.id, data, answers)


def options(integration: Integration, handler: Handler, chosen: str, recording: str) -> tuple[Option, ...]:
    """What can be chosen."""
    pairs = [("", f"workbench.toml: {recording}"), (LIVE, "the network")] if recording else [("", "the network")]
    pairs += [(f"{_RUN}:{number}", f"run {number} ({about})") for number, about in _runs(integration, handler)]
    pairs += [(f"{_FILE}:{file.name}", f"recording {file.name}") for file in _files(integration, handler)]
    pairs += [(f"{_ARCHIVE}:{path}", f"file {path}") for path in find_archives(integration.root)]
    uploaded = app_context().answer_files.labels(integration.id)
    pairs += [(f"{_UPLOADED}:{token}", f"file {label}, from this machine") for token, label in uploaded.items()]
    if chosen and chosen not in dict(pairs):
        pairs.append((chosen, "the network" if chosen == LIVE else _other(chosen)))
    return tuple(Option(value, text, value == chosen) for value, text in pairs)


def newest_exchange(integration: Integration, handler: Handler) -> Exchange | None:
    """The first exchange of the last runs in memory; None where they sent nothing."""
    held = app_context().store.list(integration_id=integration.id, kind=handler.kind, name=handler.name, limit=3)
    return next((run.outcome.exchanges[0] for run in held if run.outcome.exchanges), None)


def source_of_run(run_id: str) -> str:
    """The source that repeats the answers of that run."""
    return f"{_SAME}:{run_id}"


def _of_run(integration: Integration, kind: str, run_id: str) -> Answers:
    run = app_context().store.get(run_id)
    if run is None or run.request.integration_id != integration.id:
        raise AnswerError(f"Run {run_id[:40]} is not available any more. Choose other answers.")
    if kind != _RUN:
        return same_answers(run)
    if run.outcome.status is None:
        raise AnswerError(f"Run {run_id} has not ended yet. Wait for its end, or choose other answers.")
    return answers_of_run(run)


def _of_file(integration: Integration, handler: Handler, kind: str, name: str) -> Answers:
    if kind == _ARCHIVE and name in find_archives(integration.root):
        return app_context().answer_files.of_file(integration.root, name)
    file = next((one for one in _files(integration, handler) if kind == _FILE and one.name == name), None)
    if file is None:
        what = "recording of this handler" if kind == _FILE else "file"
        raise AnswerError(f"The {what} {name[:80]} does not exist any more. Choose other answers.")
    return answers_of_file(file.path)


def _uploaded(integration: Integration, token: str) -> Answers:
    found = app_context().answer_files.get(integration.id, token)
    if found is None:
        raise AnswerError("The file that was chosen is not in memory any more. Choose it again, or other answers.")
    return found


def _files(integration: Integration, handler: Handler) -> list[RecordingFile]:
    folder = recording_file(integration.root, handler.name, "x").handler
    return [file for file in find_files(integration.root) if file.handler == folder]


def _runs(integration: Integration, handler: Handler) -> list[tuple[str, str]]:
    """The newest runs of the handler that sent something, in memory and kept: the id, and what answers it has.

    A run that has not ended yet is among them: the list stays on the page while it goes on.
    """
    store, archive = app_context().store, app_context().config.archive
    held = store.list(integration_id=integration.id, kind=handler.kind, name=handler.name, limit=_RUNS)
    wanted = EntryFilter(integration.id, handler.kind, handler.name)
    kept = archive.recent(wanted, _RUNS) if archive else ()
    found = {
        str(entry.id): _answers(entry.summary.exchanges, entry.summary.incomplete)
        for entry in kept
        if entry.summary.exchanges
    }
    found |= {run.id: _about(run) for run in held if run.outcome.exchanges or run.outcome.status is None}
    return sorted(found.items(), key=lambda item: int(item[0]) if item[0].isdecimal() else 0, reverse=True)[:_RUNS]


def _about(run: Run) -> str:
    """What answers a run has for another one."""
    if run.outcome.status is None:
        return "the last run"
    return _answers(len(run.outcome.exchanges), incomplete_responses(run.outcome.exchanges))


def _answers(exchanges: int, incomplete: int | None) -> str:
    told = count(exchanges, "exchange")
    return f"{told}, {count(incomplete, 'response')} not stored whole" if incomplete else told


def _other(chosen: str) -> str:
    """What is chosen and is not in the list of today: the source of an earlier run, or what is gone."""
    kind, _, name = chosen.partition(":")
    if kind != _SAME:
        return name[:80]
    run = app_context().store.get(name)
    return f"the same as run {name}" + (f" ({run.request.answers.label})" if run else "")
