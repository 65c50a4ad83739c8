"""The work of ``workbench test``: find the recordings, replay them, print the results."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, time

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from workbench import __version__
from workbench.cli.credential_options import with_profile
from workbench.cli.failure import CannotRun
from workbench.cli.output.report_file import write_report_file
from workbench.cli.signals import interrupt_on_signals
from workbench.domain import Credentials
from workbench.explain.terminal_text import visible
from workbench.explain.text import span
from workbench.recordings.differences import DifferencePart
from workbench.recordings.files import RecordingFile, file_at, find_files, read_recording
from workbench.recordings.messages import difference_text
from workbench.recordings.recording import RecordingError
from workbench.testing.replays import ReplayResult, Replays, ReplayState, find_tests
from workbench.testing.report import as_document, as_junit, failure_report, summary
from workbench.testing.saved_test import accept_outcome, can_accept, save_test

_MARKS = {
    ReplayState.PASSED: ("✓", "bold green"),
    ReplayState.FAILED: ("✗", "bold red"),
    ReplayState.UNTESTED: ("!", "bold yellow"),
}
_REQUESTS = (DifferencePart.NEW_REQUEST, DifferencePart.LOST_REQUEST)


def execute(
    paths: Sequence[Path],
    *,
    words: str,
    form: str,
    report: Path | None = None,
    jobs: int | None,
    update: bool,
    record: bool,
    credentials: Credentials,
    profile: str,
) -> int:
    """Replay the recordings at ``paths`` and print the results as ``form``; returns the exit code.

    They are also written to ``report`` as one HTML file.

    Raises :class:`CannotRun`.
    """
    files, reasons = _files(paths, words)
    began = perf_counter()
    try:
        with interrupt_on_signals(), Replays(jobs) as replays:
            if record:
                _record_all(files, replays, credentials, profile)
            results = []
            with _progress(len(files)) as show:
                for result in replays.replay_all(files):
                    results.append(result)
                    show(result)
            if update:
                results = [_updated(result, replays) for result in results]
    except KeyboardInterrupt as error:
        raise CannotRun("Interrupted before every test was run.") from error
    took = perf_counter() - began
    _show(results, form, took)
    if report:
        _write_report(results, took, report)
    for reason in reasons:
        click.echo(f"Error: {reason}", err=True)
    if reasons or any(one.state is ReplayState.UNTESTED for one in results):
        return 2
    return int(any(one.state is ReplayState.FAILED for one in results))


def _files(paths: Sequence[Path], words: str) -> tuple[list[RecordingFile], list[str]]:
    own = [found for path in paths if path.is_file() and (found := file_at(path)) is not None]
    folders = [path for path in paths if not path.is_file() or file_at(path) is None]
    files, reasons = find_tests(folders, find_files)
    chosen = [one for one in (*own, *files) if words.lower() in one.label.lower()]
    if not chosen and not reasons:
        if own or files:
            raise CannotRun(f"No recording has {words!r} in its handler/name. There are {len(own) + len(files)}.")
        raise CannotRun(
            "There are no recordings in tests/recordings. Make one with workbench record PATH HANDLER --as NAME."
        )
    if not chosen:
        raise CannotRun("\n".join(reasons))
    return chosen, reasons


def _record_all(files: Sequence[RecordingFile], replays: Replays, credentials: Credentials, profile: str) -> None:
    """Run each with the network and write it again; what cannot be recorded is said and left as it was."""
    console = Console(stderr=True, highlight=False)
    for file in files:
        try:
            given = with_profile(file.root, profile, credentials) if profile else credentials
            run = replays.run(replays.live_request(read_recording(file), file.root, given))
            save_test(run, file.root, file.name, replace_existing=True)
        except RecordingError as error:
            raise CannotRun(f"{file.label} was not recorded again. {error}") from error
        console.print(Text(f"Recorded {visible(file.label)} again."))


def _updated(result: ReplayResult, replays: Replays) -> ReplayResult:
    """The result once its outcome is accepted, where no request differs; what differed goes to stderr."""
    file = result.file
    if result.state is not ReplayState.FAILED or result.run is None:
        return result
    console = Console(stderr=True, highlight=False)
    if not can_accept(result):
        console.print(Text(f"{visible(file.label)} sends other requests now, so only --record can write it again."))
        return result
    console.print(Text(f"Updated {visible(file.label)}:"))
    for one in result.differences:
        console.print(Text(f"  {visible(difference_text(one))}"), soft_wrap=True)
    return accept_outcome(result, replays)


@contextmanager
def _progress(total: int) -> "Iterator[_Shown]":
    """Counts tests on a terminal."""
    console = Console(stderr=True)
    columns = TextColumn("Testing"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}")
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Shown(progress, total)


class _Shown:
    """Moves the progress bar on by one test."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=total)

    def __call__(self, result: ReplayResult) -> None:
        self._progress.update(self._task, advance=1, description=escape(visible(result.file.label)))


def _show(results: Sequence[ReplayResult], form: str, seconds: float) -> None:
    if form == "text":
        _print_text(results, seconds)
        return
    document = json.dumps(as_document(results, seconds), ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )
    sys.stdout.buffer.write(as_junit(results) if form == "junit" else document + b"\n")
    sys.stdout.flush()


def _write_report(results: Sequence[ReplayResult], seconds: float, path: Path) -> None:
    from workbench.web.runs.share.results_page import results_page  # imports the pages

    write_report_file(path, results_page(results, seconds, time(), __version__))


def _print_text(results: Sequence[ReplayResult], seconds: float) -> None:
    console = Console(highlight=False)
    for result in results:
        name = f"{visible(result.file.root.name)} {visible(result.file.label)}"
        console.print(Text.assemble(_MARKS[result.state], " ", name, (f"  {span(result.seconds)}", "dim")))
        if (told := failure_report(result)) is not None:
            for line in told.lines:
                console.print(Text(f"  {visible(line)}"), soft_wrap=True)
    console.print(Text(summary(results, seconds), style="bold"))
