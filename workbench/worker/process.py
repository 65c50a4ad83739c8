"""The worker process: warm up, wait, do one run, end."""

import asyncio
import atexit
import contextlib
import faulthandler
import os
import resource
import signal
import sys
import traceback
from _thread import start_new_thread
from dataclasses import replace
from os import _exit
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from workbench.domain import PIPE_LOST_CODE, WORKER_BROKEN_CODE, ResourceLimits, RunRequest, Status
from workbench.events import HangLocated, PackagesImported, WorkerFailed, WorkerReady
from workbench.system import MARK, system
from workbench.worker.background_work import BackgroundWatch
from workbench.worker.builtin_names import BuiltinNames
from workbench.worker.capture import Capture, Recorder
from workbench.worker.channel import Channel
from workbench.worker.control import Control
from workbench.worker.environment import set_environment
from workbench.worker.errors import trim_traceback
from workbench.worker.event_loop import EventLoopClosed, EventLoopStopped, WorkerLoop, is_open
from workbench.worker.execution import Verdict, error_verdict, execute, require_handler, result_verdict
from workbench.worker.handlers import HandlerWatch, loaded_event
from workbench.worker.hang_location import is_waiting, locate, locate_validation
from workbench.worker.import_path import ImportPath, forget_replaced
from workbench.worker.loader import LoadError, load
from workbench.worker.output import LogTap, OutputBudget, event_stream
from workbench.worker.own_end import OwnEndWatch
from workbench.worker.packages import imported_files, imported_packages
from workbench.worker.peer.network.guard import NetworkGuard
from workbench.worker.sdk import find_config_in, sdk
from workbench.worker.source import OwnCode
from workbench.worker.unawaited_calls import UnawaitedWatch

GRACE = 1.0
"""Seconds that tasks, threads and exit functions of user code have after the handler has finished."""


class Worker:
    """One process, one run."""

    def __init__(self, channel: Channel, control: Control, path: ImportPath, *, warm: bool) -> None:
        self._warm = warm
        self._path = path
        self._channel = channel
        self._control = control
        self._own = OwnCode()
        self._budget = OutputBudget(channel)
        self._builtin_names = BuiltinNames()
        self._watch = HandlerWatch(channel, self._builtin_names)
        self._log = LogTap(channel, self._budget, lambda error: trim_traceback(error, self._own))
        self._recorder = Recorder(channel, self._own)
        self._capture = Capture(self._recorder)
        self._loop = WorkerLoop()
        self._background = BackgroundWatch(channel, self._own, self._loop)
        self._cancelled = False

    def serve(self) -> None:
        """Report that the worker is ready, wait for its run and do it."""
        is_spare = not self._control.has_command  # a run that waits already comes first
        if is_spare and not self._warm and not self._path.sdk:
            from workbench.worker.warm_up import warm_up  # imports our SDK

            warm_up(self._loop)
        self._channel.protect()
        release = self._path.sdk_release or sdk().__version__
        self._channel.send(WorkerReady(monotonic(), os.getpid(), release))
        try:
            self._do_run()
        except Exception as error:
            self._builtin_names.restore()
            self._report_replaced()
            if not self._builtin_names.replaced and not self._is_of_integration(error):
                self._channel.send(WorkerFailed(monotonic(), f"{type(error).__name__}: {error}"))
            raise

    def _do_run(self) -> None:
        self._capture.install()  # after WorkerReady, the first event: an adapter may note that a hook is missing
        assigned = self._control.assigned()
        if assigned is None:
            return
        request = replace(assigned, root=assigned.root.absolute())
        self._own.set_root(request.root)
        forget_replaced(request.dependencies)
        self._control.listen(cancel=self._cancel, locate=self._locate)
        self._redirect()
        self._set_environment(request)
        _limit(request.resources)
        self._prepare_answers(request)
        if request.clock_shift:
            from workbench.worker.shifted_clock import shift_clock  # few runs need it

            shift_clock(request.clock_shift)
        with self._contract(request):
            verdict = self._run(request)
        self._recorder.finish()
        self._report_packages(request)
        self._budget.report()
        self._report_replaced()
        self._report_closed()
        self._channel.send(verdict.event)
        self._leave()

    def _is_of_integration(self, error: Exception) -> bool:
        """Whether the integration's code raised it within ours, as an audit hook does."""
        *_, (frame, _) = traceback.walk_tb(error.__traceback__)
        return self._own.has(frame.f_code.co_filename)

    def _prepare_answers(self, request: RunRequest) -> None:
        if request.answers.are_changed:
            from workbench.worker.peer.engine import AnswerEngine  # few runs need these
            from workbench.worker.peer.http_client import connections  # noqa: F401  before gevent is imported
            from workbench.worker.peer.waits import skip_waits

            engine = self._recorder.answers = AnswerEngine(request, self._recorder.note)
            if engine.closes_network:
                NetworkGuard(engine.refused).install()
                if engine.opens_none:
                    self._recorder.network_closed = system().close_network()
            if engine.skips_waits:
                skip_waits(self._loop, engine.in_flight)

    def _contract(self, request: RunRequest) -> contextlib.AbstractContextManager[object]:
        """The run's contract in our SDK; a published release has one only."""
        if self._path.sdk:
            return contextlib.nullcontext()
        contracts = sdk().contracts
        made: contextlib.AbstractContextManager[object] = contracts.use(request.contract)
        return made

    def _prepare_sdk(self, request: RunRequest) -> None:
        if self._path.sdk and Path(self._path.sdk) != request.root / "dependencies":
            with contextlib.suppress(Exception):  # it cannot be imported: the integration's own import says why
                find_config_in(request.root)

    def _report_packages(self, request: RunRequest) -> None:
        try:
            packages, files = imported_packages(request.root, self._path), imported_files(request.root)
        except Exception as error:  # the integration may have put anything into sys.modules
            self._channel.note(f"The packages that were imported could not be listed: {error!r}")
        else:
            self._channel.send(PackagesImported(monotonic(), packages, files))

    def _redirect(self) -> None:
        sys.stdout = event_stream("stdout", 1, self._channel, self._budget)
        sys.stderr = event_stream("stderr", 2, self._channel, self._budget)
        self._log.install()
        UnawaitedWatch(self._channel, self._own).install()
        self._background.install()
        OwnEndWatch(self._channel, self._own).install()

    def _set_environment(self, request: RunRequest) -> None:
        if rejected := set_environment(request.environment):
            self._channel.note(f"These environment variables could not be set: {', '.join(map(repr, rejected))}.")

    def _run(self, request: RunRequest) -> Verdict:
        try:
            self._prepare_sdk(request)
            integration = load(request, self._own)
            self._channel.send(loaded_event(integration, closely=request.load_only))
            if request.load_only:
                self._background.report(of_handler=None)
                return Verdict(Status.SUCCEEDED)
            require_handler(integration, request)
        except LoadError as error:
            return Verdict(Status.LOAD_FAILED, error=error.info)
        self._watch.put_before(integration, request.kind, request.name)
        return self._execute(execute(integration, request))

    def _execute(self, coroutine: Any) -> Verdict:
        asyncio.set_event_loop(self._loop)
        self._watch.task = self._loop.create_task(coroutine)
        if self._cancelled:
            self._watch.task.cancel()
        try:
            result = self._result_of(self._watch.task)
        except BaseException as error:
            self._builtin_names.restore()
            return error_verdict(error, self._watch, self._own)
        finally:
            if not self._cancelled:  # else the handler was not given the time to wait for them
                self._background.report(of_handler=self._watch.task)
        return result_verdict(result, self._watch, self._own)

    def _result_of(self, task: asyncio.Task[Any]) -> Any:
        try:
            return self._loop.run_until_complete(task)
        except OSError as error:
            if self._loop.is_open or task.done():
                raise
            if not self._watch.has_left:
                self._locate()
                raise EventLoopClosed(
                    "The integration closed the event loop's file descriptors, as os.closerange does, "
                    "so the handler could not go on."
                ) from error
            self._loop.reopen()  # what is left to do is the SDK's work and ours
        except RuntimeError:
            if self._loop.is_closed() or task.done():
                raise
            if not self._watch.has_left:
                self._locate()
                raise EventLoopStopped(
                    "The integration stopped the event loop, as loop.stop() does, so the handler could not go on."
                ) from None
        return self._loop.run_until_complete(task)

    def _cancel(self) -> None:
        self._cancelled = True
        if (task := self._watch.task) is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: there is nothing left to cancel
                self._loop.call_soon_threadsafe(task.cancel)

    def _locate(self) -> None:
        try:
            frames, place = locate(self._watch.task, self._own), locate_validation()
            self._channel.send(HangLocated(monotonic(), frames, place, is_waiting=is_waiting()))
        except Exception as error:
            self._channel.note(f"The run's place in the code could not be found: {error!r}")

    def _report_replaced(self) -> None:
        if replaced := ", ".join(self._builtin_names.replaced):
            self._channel.note(
                f"The integration replaced built-in names of Python: {replaced}. They were restored after its handler."
            )

    def _report_closed(self) -> None:
        closed = ", ".join(str(fd) for fd in (0, 1, 2) if not is_open(fd))
        if self._channel.was_closed:
            self._channel.note(
                "The integration closed file descriptors that it did not open, the workbench's pipe among them, as "
                "os.closerange does. Nothing that this run sent is lost."
            )
        if closed:
            self._channel.note(
                f"The integration closed file descriptors {closed}, which are stdin, stdout or stderr. "
                "What C code or child processes wrote there is lost."
            )

    def _leave(self) -> None:
        """End the process; tasks and threads of user code get :data:`GRACE` seconds."""

        def give_up() -> None:
            sleep(GRACE)
            self._exit()

        try:
            start_new_thread(give_up, ())
        except RuntimeError:  # the integration has used up what it may have of memory or threads
            self._channel.note("Exit functions and tasks of the integration were not run: no thread could be started.")
        else:
            with contextlib.suppress(BaseException):
                self._cancel_tasks()
            with contextlib.suppress(BaseException):
                atexit._run_exitfuncs()
        self._channel.flush()
        system().wait_to_be_seen()
        for stream in (sys.__stdout__, sys.__stderr__):
            with contextlib.suppress(Exception):
                if stream is not None:
                    stream.flush()
        system().flush_c_streams()
        self._exit()

    def _exit(self) -> None:
        _exit(PIPE_LOST_CODE if self._channel.is_lost else 0)

    def _cancel_tasks(self) -> None:
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        if tasks and not self._loop.is_running():
            self._loop.run_until_complete(asyncio.wait(tasks))


def _limit(resources: ResourceLimits) -> None:
    """Limit this process and its children; the hard limit is a moment later, so that the soft one is named."""
    if resources.memory is not None:
        system().limit_memory(resources.memory * 1_000_000)
    if resources.cpu is not None:
        with contextlib.suppress(ValueError, OSError):  # a lower limit is in force already
            resource.setrlimit(resource.RLIMIT_CPU, (resources.cpu, resources.cpu + 1))


def main(events_fd: int, control_fd: int, path: ImportPath | None = None, *, warm: bool = False) -> None:
    """Be a worker on these descriptors; ``warm`` is one that was forked, and imports nothing in advance."""
    if not sys.flags.safe_path and sys.path:
        del sys.path[0]  # ``python -m`` put the parent's current folder there
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as under a command in the background of a script
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if mark := os.environ.get(MARK):
        system().set_mark(mark)
    stderr = system().move_high(os.dup(2))
    faulthandler.enable(stderr)  # C code that crashes says where
    faulthandler.register(signal.SIGUSR1, stderr)  # … and where it hangs, if the runner asks
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    events, control = (system().move_high(fd) for fd in (events_fd, control_fd))
    worker = Worker(Channel(events), Control(control), path or ImportPath(), warm=warm)
    try:
        worker.serve()
    except:  # noqa: E722 - the integration may have replaced the names of exceptions, too
        try:
            traceback.print_exc()
        finally:
            _exit(WORKER_BROKEN_CODE)
