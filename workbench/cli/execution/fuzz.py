"""The work of ``workbench fuzz``: the runs to vary, their replays, and the report of them."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.text import Text

from workbench.cli.credential_options import with_profile
from workbench.cli.execution.run import run_once
from workbench.cli.failure import CannotRun
from workbench.cli.requests import make_request, open_integration
from workbench.cli.signals import interrupt_on_signals
from workbench.domain import JSON, Credentials, Kind, Run, Status
from workbench.explain import headline
from workbench.explain.endings import is_workbench_failure
from workbench.explain.terminal_text import visible
from workbench.explain.text import plain
from workbench.fuzz import Finding, FuzzSession, Progress, Verdict, choose, variants_of, words
from workbench.recordings.files import find_files, read_recording
from workbench.recordings.recording import RecordingError
from workbench.testing.junit import Case, Suite, as_xml
from workbench.testing.replays import Replays

_COLOURS = {
    Verdict.CRASH: "bold red",
    Verdict.HANG: "bold red",
    Verdict.HIDDEN_FAILURE: "bold red",
    Verdict.INVALID_OUTPUT: "bold yellow",
    Verdict.PYTHON_TEXT: "bold yellow",
    Verdict.HANDLED: "green",
}


def live_run(path: Path, name: str, kind: Kind | None, *, inputs: JSON, credentials: Credentials, profile: str) -> Run:
    """One run on the network, with its secrets. Raises :class:`CannotRun`, also where it did not succeed."""
    integration = open_integration(path)
    given = with_profile(integration.root, profile, credentials) if profile else credentials
    request = make_request(
        integration, name, kind, inputs=inputs, credentials=given, profile=profile, timeout=60.0, last_poll_ts=None
    )
    masked: list[Run] = []
    run = run_once(request, reveal=True, on_finished=lambda view: masked.append(view()))
    if run.outcome.status is not Status.SUCCEEDED:
        why = plain(headline.tell(masked[0]))
        raise CannotRun(f"The run of {name} must succeed before it is varied. {why}")
    return run


def recorded_runs(path: Path, name: str, kind: Kind | None) -> list[Run]:
    """The recordings of an integration, or of one handler, each replayed once. Raises :class:`CannotRun`."""
    root = open_integration(path).root
    files = [file for file in find_files(root) if name in ("", file.handler)]
    try:
        known = [(file, read_recording(file)) for file in files]
        wanted = [(file, recording) for file, recording in known if kind in (None, recording.kind)]
        with Replays() as replays:
            requests = [replays.request(recording, root, file.label) for file, recording in wanted]
            runs = [replace(replays.run(request), request=request) for request in requests]
        if broken := next((run for run in runs if is_workbench_failure(run.outcome)), None):
            raise CannotRun(f"{broken.request.name} could not be replayed. {plain(headline.tell(broken))}")
    except RecordingError as error:
        raise CannotRun(str(error)) from error
    if not runs:
        raise CannotRun(
            f"{name or root.name} has no recordings. Make one with workbench record PATH HANDLER --as NAME, "
            "or use --live."
        )
    return runs


def execute(runs: Sequence[Run], form: str, *, most: int, seed: int) -> int:
    """Replay the variants of these runs and print the findings; returns the exit code."""
    sessions = [FuzzSession(run, choose(variants_of(run), most, seed)) for run in runs]
    with interrupt_on_signals():
        done = [(session.shown, _replayed(session)) for session in sessions]
    if form == "json":
        click.echo(json.dumps([_as_json(*each, seed) for each in done], ensure_ascii=False))
    elif form == "junit":
        sys.stdout.buffer.write(as_xml([_suite(*each) for each in done]))
    else:
        console = Console(highlight=False)
        for recorded, progress in done:
            for line in _lines(recorded, progress):
                console.print(line, soft_wrap=True)
    return int(any(finding.verdict is not Verdict.HANDLED for _, progress in done for finding in progress.findings))


def _replayed(session: FuzzSession) -> Progress:
    """The session at its end; the first Ctrl+C cancels what is left of it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(visible(_source(session.recorded)), total=session.progress.total)
        try:
            return session.run(lambda finding: bar.advance(task))
        except KeyboardInterrupt:
            session.cancel()
            return session.progress


def _lines(recorded: Run, progress: Progress) -> Iterator[Text]:
    """A line for each finding that is not handled, the worst first, then the count of all."""
    for finding in progress.worst_first:
        if finding.verdict is not Verdict.HANDLED:
            yield _line(finding, recorded)
    yield Text.assemble((visible(_source(recorded)), "bold"), f": {words.summary(progress)}.")


def _source(recorded: Run) -> str:
    """The recording that was varied, or the handler of a live run."""
    return recorded.request.answers.label or recorded.request.name


def _line(finding: Finding, recorded: Run) -> Text:
    doubt = "" if finding.is_confirmed else "\n    A second replay had another result."
    return Text.assemble(
        (words.verdict(finding.verdict), _COLOURS[finding.verdict]),
        f": {visible(plain(words.change(finding.variant, recorded)))}",
        (f"\n    {visible(plain(finding.headline))}{doubt}", "dim"),
    )


def _as_json(recorded: Run, progress: Progress, seed: int) -> JSON:
    request = recorded.request
    return {
        "handler": request.name,
        "kind": request.kind.value,
        "source": request.answers.label,
        "seed": seed,
        "replays": progress.total,
        "cancelled": progress.is_cancelled,
        "findings": [words.as_json(finding, recorded) for finding in progress.worst_first],
    }


def _suite(recorded: Run, progress: Progress) -> Suite:
    return Suite(_source(recorded), tuple(_case(finding, recorded) for finding in progress.findings))


def _case(finding: Finding, recorded: Run) -> Case:
    told = plain(finding.headline)
    is_handled = finding.verdict is Verdict.HANDLED
    failure = "" if is_handled else f"{words.verdict(finding.verdict)}: {told}"
    return Case(plain(words.change(finding.variant, recorded)), failure)
