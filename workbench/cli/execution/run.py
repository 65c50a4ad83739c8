"""The work of ``workbench run``: one run to its end, and the report of it."""

import os
import sys
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.text import Text

from workbench.catalog.sdk_choices import SdkChoiceError, choose_sdk, other_sdk
from workbench.cli.answer_options import AnswerOptions, answers_of
from workbench.cli.credential_options import with_profile
from workbench.cli.failure import CannotRun
from workbench.cli.output.agreement_text import show_both
from workbench.cli.output.run_text import print_run
from workbench.cli.output.saved_test_text import check_test_name, save_run
from workbench.cli.parameter_types import SavedName
from workbench.cli.requests import make_request, open_integration
from workbench.cli.signals import interrupt_on_signals
from workbench.cli.traces import open_export
from workbench.domain import (
    JSON,
    ContractVersion,
    Credentials,
    Integration,
    Kind,
    ResourceLimits,
    Run,
    RunRequest,
    RunState,
    SdkChoice,
    Status,
)
from workbench.explain import agreement, headline
from workbench.explain.documents.report import as_json, report
from workbench.explain.endings import is_workbench_failure
from workbench.explain.terminal_text import visible
from workbench.explain.text import plain
from workbench.explain.warnings import run_warnings
from workbench.explain.warnings.cut_values import cut_of, reason
from workbench.installer import SdkCache
from workbench.runner import Runner, inherited_environment
from workbench.store import Store
from workbench.system import system

_LOOK = 0.25
"""Seconds between two looks at a run that goes on."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Which handler is run, and with what."""

    path: Path
    name: str
    kind: Kind | None
    inputs: JSON | SavedName = field(repr=False)
    credentials: Credentials = field(repr=False)
    profile: str
    sdk: str
    contract: ContractVersion | None
    answers: AnswerOptions
    timeout: float
    last_poll_ts: str | None
    max_retries: int | None
    fetch_timeout: float | None
    resources: ResourceLimits

    def integration(self) -> Integration:
        """The integration, read again each time. Raises :class:`CannotRun`."""
        return open_integration(self.path, self.contract)

    def request(self, integration: Integration, choice: SdkChoice) -> RunRequest:
        """The request for a run. Raises :class:`CannotRun`."""
        root, given = integration.root, self.credentials
        return make_request(
            integration,
            self.name,
            self.kind,
            inputs=self.inputs,
            credentials=with_profile(root, self.profile, given) if self.profile else given,
            profile=self.profile,
            timeout=self.timeout,
            last_poll_ts=self.last_poll_ts,
            max_retries=self.max_retries,
            fetch_timeout=self.fetch_timeout,
            resources=self.resources,
            sdk=choice,
            answers=answers_of(root, self.answers),
        )


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """What becomes of the run: how it is printed, where it goes, and whether it is made again after each save.

    With ``watch_answers`` (see :mod:`workbench.cli.execution.watch`) it is. It is written to ``report`` as a file to
    send, to ``otlp`` as a trace, and saved as the test ``save_as``, over an existing one if ``replace_existing``.
    """

    form: str
    watch_answers: str = ""
    strict: bool = False
    reveal: bool = False
    report: Path | None = None
    otlp: str = ""
    save_as: str = ""
    replace_existing: bool = False

    def check(self, sdk: str) -> None:
        """Raises :class:`CannotRun` where two of them exclude each other, or one the choice of ``sdk``."""
        if self.report and self.reveal:
            raise CannotRun("--report writes no secrets. Leave out --reveal.")
        if sdk != "both":
            return
        if self.report:
            raise CannotRun("--sdk both makes two runs, and a report is about one. Choose one SDK.")
        if self.save_as:
            raise CannotRun("--sdk both makes two runs, and a test is one. Choose one SDK.")
        if self.watch_answers:
            raise CannotRun("--sdk both makes two runs, and --watch follows one. Choose one SDK.")


def execute(options: RunOptions, output: OutputOptions) -> int:
    """Run the handler and print the run; returns the exit code. Raises :class:`CannotRun`."""
    output.check(options.sdk)
    integration = options.integration()
    if output.save_as:  # before anything is sent
        check_test_name(integration.root, options.name, output.save_as, replace_existing=output.replace_existing)
    requests = [options.request(integration, choice) for choice in _choices(integration, options.sdk, options.contract)]
    if output.watch_answers:
        return _watch(options, output, requests[0])
    with closing(open_export(output.otlp)) if output.otlp else nullcontext() as traces:
        hear = traces.put if traces else None
        done = [run_once(request, reveal=output.reveal, on_finished=hear) for request in requests]
    if len(done) == 1:
        return _finish(done[0], output, integration)
    show_both(done[0], done[1], output.form)
    code = max(exit_code(run, strict=output.strict) for run in done)
    return code or int(bool(agreement.differences(done[0], done[1])))


def _watch(options: RunOptions, output: OutputOptions, first: RunRequest) -> int:
    from workbench.cli.execution.watch import WatchAnswers, watch  # imports what follows files

    return watch(
        first,
        lambda: options.request(options.integration(), first.sdk),
        answers=WatchAnswers(output.watch_answers),
        form=output.form,
        show=lambda run: _show(run, output.form),
        exit_code=lambda run: exit_code(run, strict=output.strict),
        reveal=output.reveal,
    )


def _finish(run: Run, output: OutputOptions, integration: Integration) -> int:
    """Print a run, and write and save it where the options say so; returns the exit code."""
    _show(run, output.form)
    if output.report:
        _write_report(run, integration.title, output.report)
    if output.save_as:
        return save_run(
            run, integration.root, output.save_as, replace_existing=output.replace_existing, form=output.form
        )
    return exit_code(run, strict=output.strict)


def _write_report(run: Run, title: str, path: Path) -> None:
    from workbench.cli.shared_run import write_report  # imports the pages

    write_report(run, title, path)
    Console(stderr=True, highlight=False).print(Text(f"Wrote {visible(str(path))}."))


def _choices(integration: Integration, sdk: str, contract: ContractVersion | None) -> list[SdkChoice]:
    """The SDKs to run with, one or two. Raises :class:`CannotRun`."""
    try:
        choices = [SdkChoice(), other_sdk(integration)] if sdk == "both" else [choose_sdk(integration, sdk)]
    except SdkChoiceError as error:
        raise CannotRun(f"--sdk: {error}") from error
    if contract is not None and choices != [SdkChoice()]:
        raise CannotRun(
            "--contract is for the workbench's own SDK. A published release has one contract: leave it out."
        )
    return choices


def exit_code(run: Run, *, strict: bool = False) -> int:
    """0, 1 or 2, as the command's help says; with ``strict`` warnings count as failures.

    A result that is not there as a whole is a failure too: nobody takes a part of it for all.
    """
    if run.outcome.status is Status.SUCCEEDED:
        if cut_of(run) is not None:
            return 1
        return int(strict and bool(run_warnings.of_run(run) or run.outcome.warnings))
    return 2 if is_workbench_failure(run.outcome) else 1


def run_once(
    request: RunRequest, *, reveal: bool, on_finished: Callable[[Callable[[], Run]], None] | None = None
) -> Run:
    """The run at its end; ``on_finished`` gets it. The first Ctrl+C (or SIGTERM) cancels it, the second ends all."""
    store = Store(environ=inherited_environment(os.environ), on_finished=on_finished)
    system().forbid_inspection()  # by what the handler does, as the same user
    with interrupt_on_signals(), Runner(store, max_running=1, spare=False, forks=False, sdks=SdkCache()) as runner:
        run_id = runner.submit(request).id
        try:
            _wait(runner, run_id, request.name)
        except KeyboardInterrupt:
            runner.cancel(run_id)
            runner.wait(run_id)
    done = store.get(run_id, reveal=reveal)
    assert done is not None, "the store keeps its newest run"  # noqa: S101
    return done


def _wait(runner: Runner, run_id: str, name: str) -> None:
    """Wait for the end of the run; a terminal shows its headline meanwhile."""
    console = Console(stderr=True)
    with console.status(Text(f"Running {name} …")) as status:
        pause = _LOOK if console.is_terminal else None
        while (run := runner.wait(run_id, pause)).outcome.state is not RunState.FINISHED:
            status.update(Text(visible(plain(headline.tell(run)))))


def _show(run: Run, form: str) -> None:
    if (cut := cut_of(run)) is not None:
        Console(stderr=True, highlight=False).print(Text(f"Warning: {reason(cut)}", style="yellow"))
    if form == "json":
        sys.stdout.buffer.write(as_json(report(run)).encode() + b"\n")
        sys.stdout.flush()
    else:
        print_run(run, Console(highlight=False))
