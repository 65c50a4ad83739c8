"""The work of ``workbench run --watch``: a run, and another one after each save, with what differs between them."""

import os
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from time import time

from rich.console import Console
from rich.text import Text

from workbench.cli.failure import CannotRun
from workbench.cli.output.comparison_text import comparison_lines
from workbench.cli.signals import interrupt_on_signals
from workbench.comparison import compare
from workbench.domain import Run, RunRequest
from workbench.explain.documents.comparison_report import comparison_report
from workbench.explain.documents.report import as_json
from workbench.explain.terminal_text import visible
from workbench.installer import SdkCache
from workbench.reruns import FileWatch, concerns, rerun_answers, saved_since
from workbench.runner import Runner, inherited_environment
from workbench.store import Store
from workbench.system import system

_LOOK = 60.0
"""Seconds between two beginnings of the wait for a save."""


class WatchAnswers(StrEnum):
    """Where the answers of the runs come from that follow a save."""

    RECORDING = "recording"
    LIVE = "live"
    LIVE_WITH_EFFECTS = "live-with-effects"


def watch(
    first: RunRequest,
    again: Callable[[], RunRequest],
    *,
    answers: WatchAnswers,
    form: str,
    show: Callable[[Run], None],
    exit_code: Callable[[Run], int],
    reveal: bool,
) -> int:
    """Run ``first``, then what ``again`` makes after each save that matters to it; the exit code of the last run.

    ``again`` may raise :class:`CannotRun`, which is printed: a file may be in the middle of an edit.
    """
    store = Store(environ=inherited_environment(os.environ))
    console = Console(highlight=False, stderr=form == "json")
    system().forbid_inspection()  # by what the handler does, as the same user
    system().return_freed_memory()
    with (
        interrupt_on_signals(),
        Runner(store, max_running=1, forks=False, sdks=SdkCache()) as runner,
        FileWatch(first.root) as files,
    ):
        run = _do(runner, store, first, reveal=reveal)
        show(run)
        since = run.created_at
        try:
            while True:
                console.print(
                    Text(f"\nWaiting for a file of {first.root.name} to be saved (Ctrl+C ends).", style="dim")
                )
                saved = concerns(run, saved_since(first.root, since)) or _next(files, run)
                since = time()
                console.print(Text(f"{visible(', '.join(saved))} saved", style="dim"))
                after = _rerun(runner, store, run, again, answers, console, reveal=reveal)
                if after is not None:
                    _print(run, after, form)
                    run = after
        except KeyboardInterrupt:
            return exit_code(run)


def _next(files: FileWatch, run: Run) -> tuple[str, ...]:
    """The files that were saved and matter to ``run``, once there are any."""
    while not (saved := concerns(run, files.wait(_LOOK))):
        pass
    return saved


def _rerun(
    runner: Runner,
    store: Store,
    run: Run,
    again: Callable[[], RunRequest],
    answers: WatchAnswers,
    console: Console,
    *,
    reveal: bool,
) -> Run | None:
    masked = store.get(run.id)
    assert masked is not None, "the store keeps its newest run"  # noqa: S101
    try:
        request = again()
    except CannotRun as error:
        console.print(Text(visible(error.message), style="red"))
        return None
    live = answers is not WatchAnswers.RECORDING
    effects = answers is WatchAnswers.LIVE_WITH_EFFECTS
    source = rerun_answers(masked, request.answers, store.list()[1:], live=live, with_effects=effects)
    return _do(runner, store, replace(request, answers=source), reveal=reveal)


def _do(runner: Runner, store: Store, request: RunRequest, *, reveal: bool) -> Run:
    run_id = runner.submit(request).id
    try:
        runner.wait(run_id)
    except KeyboardInterrupt:
        runner.cancel(run_id)
        runner.wait(run_id)
        raise
    done = store.get(run_id, reveal=reveal)
    assert done is not None, "the store keeps its newest run"  # noqa: S101
    return done


def _print(before: Run, after: Run, form: str) -> None:
    comparison = compare(before, after)
    console = Console(highlight=False)
    if form == "json":
        console.file.write(as_json(comparison_report(comparison)) + "\n")
        console.file.flush()
        return
    for line in comparison_lines(comparison):
        console.print(line, soft_wrap=True)
