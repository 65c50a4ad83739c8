"""The supervision of one run in one worker: its events, its time limits, its stop."""

import signal
from functools import partial
from time import monotonic

from workbench.domain import Outcome, RunRequest, Status
from workbench.events import (
    Assign,
    Cancel,
    CaptureNoted,
    ErrorsFound,
    Event,
    ExchangeEvents,
    HandlerFinished,
    HandlerLeft,
    HandlerReturned,
    HangLocated,
    Locate,
    Message,
    QueueMoved,
    RunFinished,
    RunQueued,
    RunStarted,
    StopRequested,
    WarningsFound,
    WireError,
    WorkerReady,
)
from workbench.runner import run_end
from workbench.runner.background_diagnosis import SOON, BackgroundDiagnosis
from workbench.runner.conclusion import Conclusion
from workbench.runner.diagnosis import diagnose_request, warn_of_request
from workbench.runner.limits import RunnerLimits
from workbench.runner.message_types import check_types
from workbench.runner.observations import Observations
from workbench.runner.process import WorkerProcess, read_some
from workbench.runner.raw_output import RawOutput
from workbench.runner.reactor import Reactor, StopRequests
from workbench.runner.stack_dump import StackDump
from workbench.store import Store
from workbench.system import system

_DYING = 0.5
"""Seconds within which a worker ends that was killed before it got its run."""

_MEMORY_LOOK = 0.2
"""Seconds between two looks at a worker's memory, where the system does not limit it."""

_EXIT = 0.1
"""Seconds that a process may take from the end of its pipe to its own."""

_NOT_THE_WORKERS = (
    RunQueued,
    QueueMoved,
    RunStarted,
    StopRequested,
    ErrorsFound,
    WarningsFound,
    RunFinished,
    Assign,
    Cancel,
    Locate,
)


class Supervision:
    """One run. :meth:`watch` is the body of a thread; :meth:`stop` may come from any."""

    def __init__(self, store: Store, run_id: str, request: RunRequest, limits: RunnerLimits) -> None:
        self._store = store
        self._run_id = run_id
        self._request = request
        self._limits = limits
        self._stop_requests = StopRequests()
        self._diagnoses = BackgroundDiagnosis(self._append)
        self._worker: WorkerProcess
        self._reactor: Reactor
        self._raw: list[tuple[int, RawOutput]] = []
        self._dumps: dict[str, StackDump] = {}
        self._seen = Observations()
        self._spare = self._gone = self._diagnosed = self._cancelled = False
        self._begun = 0.0
        self._memory_kills = system().memory_kills()

    def stop(self, reason: Status, *, at_once: bool = False) -> bool:
        """Request the end of the run; False where it is over already. ``at_once`` kills it without a cancellation."""
        return self._stop_requests.add(reason, at_once=at_once)

    @property
    def stop_requested(self) -> bool:
        """Whether someone has requested the end of the run."""
        return self._stop_requests.requested

    def abandon(self) -> None:
        """Close this without :meth:`watch`."""
        self._stop_requests.close()

    def watch(self, worker: WorkerProcess, *, spare: bool) -> bool:
        """Do the run in ``worker`` and close it: True once the process is gone and the run is finished.

        False where the worker is a spare that died before it read the request: nothing has happened, take another.
        """
        if not self._do_in(worker, spare=spare):
            return False
        self._conclusion(worker).conclude()
        self._stop_requests.close()
        return True

    def _do_in(self, worker: WorkerProcess, *, spare: bool) -> bool:
        self._worker, self._spare = worker, spare
        self._seen, self._gone, self._begun = Observations(), False, monotonic()
        self._dumps = {name: StackDump() for name, _ in worker.streams}
        self._raw = [(fd, RawOutput(name, self._limits.raw_output, self._dumps[name])) for name, fd in worker.streams]
        with worker, Reactor() as reactor:
            self._reactor = reactor
            reactor.read(worker.events, self._read_events)
            for fd, output in self._raw:
                reactor.read(fd, partial(self._read_raw, fd, output))
            reactor.read(self._stop_requests.fd, self._read_stop_request)
            reactor.read(worker.exit, self._see_exit)
            reactor.after(self._limits.boot, self._give_up_booting)
            worker.send(Assign(self._request))
            while not self._gone:
                if reactor.step(write=worker.control if worker.has_unsent else None):
                    worker.flush()
            if self._died_before_start():
                return False
            self._clean_up()
            return True

    def _died_before_start(self) -> bool:
        """Whether a spare was dying when it got the run: it did not read it, or was killed before it sent an event."""
        worker = self._worker
        if not self._spare or self._seen.stopped or worker.killed:
            return False
        silent = not self._seen.has_events and monotonic() - self._begun < _DYING
        return not worker.has_read_all or (silent and worker.reap() == -signal.SIGKILL)

    def _clean_up(self) -> None:
        """The worker is dead: end its child processes, read what is left in the pipes, reap it."""
        worker, reactor = self._worker, self._reactor
        reactor.forget(self._stop_requests.fd)
        by_itself = not worker.killed
        orphans = worker.processes.end()
        worker.reap()
        deadline = monotonic() + self._limits.drain
        while not reactor.idle and (left := deadline - monotonic()) > 0:
            reactor.step(wait=left)
        for _, output in self._raw:
            for event in output.end():
                self._append(event)
        for orphan in orphans if by_itself else ():
            self._note(f"A process that the integration started outlived the run and was killed: {orphan}.")

    # What comes from the worker

    def _read_events(self) -> bool:
        try:
            messages = self._worker.receive()
            if messages is None:
                self._reactor.after(_EXIT, self._see_lost_pipe)
                return False
            for message in messages:
                if isinstance(message, ExchangeEvents):
                    self._take_exchanges(message)
                else:
                    self._take(message)
        except (WireError, ValueError, TypeError) as error:
            self._seen.broken = self._seen.broken or run_end.broken_frame(error)
            self._worker.kill()
            return False
        return True

    def _take(self, message: Message) -> None:
        """One message of the worker. Raises :class:`WireError` for one that no worker sends."""
        if isinstance(message, _NOT_THE_WORKERS):
            raise WireError(f"A worker does not send {type(message).__name__}.")
        check_types(message)
        has_left = self._seen.left is not None
        self._seen.take(message)
        if isinstance(message, WorkerReady):
            self._start(message)
            return
        self._append(message)
        if isinstance(message, HandlerReturned | HandlerFinished):
            self._worker.processes.look()
        if isinstance(message, HandlerLeft) and not has_left:
            self._reactor.after(max(self._limits.finish, self._request.timeout), self._time_out_after_handler)
        elif isinstance(message, HandlerFinished):
            self._reactor.after(self._limits.leave, self._kill_after_verdict)
        elif isinstance(message, HangLocated) and self._seen.stopped:
            self._cancel()

    def _take_exchanges(self, message: ExchangeEvents) -> None:
        """What came of exchanges, types checked. Raises :class:`WireError` where none can come yet."""
        self._seen.take(message)
        self._store.extend(self._run_id, message.events)

    def _start(self, ready: WorkerReady) -> None:
        warm = self._spare and ready.at < self._begun
        self._append(RunStarted(monotonic(), self._worker.pid, ready.sdk_version, warm))
        self._reactor.after(self._request.timeout, self._time_out)
        if self._request.resources.memory is not None and not system().limits_memory:
            self._watch_memory(self._request.resources.memory * 1_000_000)
        if not self._diagnosed:
            self._diagnosed = True
            self._diagnoses.begin(
                (
                    (ErrorsFound, lambda: diagnose_request(self._request)),
                    (WarningsFound, lambda: warn_of_request(self._request)),
                )
            )
            self._diagnoses.wait(SOON)

    def _read_raw(self, fd: int, output: RawOutput) -> bool:
        data = read_some(fd)
        if data and (event := output.take(data)):
            self._append(event)
        return data != b""

    def _see_exit(self) -> bool:
        self._gone = True
        return False

    def _see_lost_pipe(self) -> None:
        """The pipe ended a moment ago: that of a process which ends, too, if it is gone by now."""
        self._seen.lost_pipe = not self._gone and not self._worker.killed

    # Stopping: by the clock or by a person

    def _read_stop_request(self) -> bool:
        reason, at_once = self._stop_requests.take()
        if reason is not None:
            self._stop(reason)
        if at_once or self._seen.ready is None or self._seen.verdict:
            self._worker.kill()
        return True

    def _watch_memory(self, most: int) -> None:
        if system().memory_of(self._worker.pid) > most:
            self._seen.memory_used_up = True
            self._worker.kill()
        elif not self._gone:
            self._reactor.after(_MEMORY_LOOK, partial(self._watch_memory, most))

    def _time_out(self) -> None:
        if self._seen.left is None:
            self._stop(Status.TIMED_OUT)

    def _time_out_after_handler(self) -> None:
        self._stop(Status.TIMED_OUT)

    def _stop(self, reason: Status) -> None:
        if self._seen.stopped or self._seen.verdict:
            return
        self._seen.stopped = StopRequested(monotonic(), reason)
        self._seen.was_suspended = system().is_suspended(self._worker.pid)
        self._append(self._seen.stopped)
        self._worker.send(Locate())
        self._reactor.after(self._limits.locate, self._cancel_unlocated)

    def _cancel_unlocated(self) -> None:
        """No thread of the worker could respond: C code holds the interpreter. So faulthandler prints the stacks."""
        if not self._cancelled and self._seen.ready and hasattr(signal, "SIGUSR1"):
            self._dumps["stderr"].expect()
            self._worker.signal(signal.SIGUSR1)
        self._cancel()

    def _cancel(self) -> None:
        if not self._cancelled:
            self._cancelled = True
            self._worker.send(Cancel())
            self._reactor.after(self._limits.cancel, self._worker.kill)

    def _give_up_booting(self) -> None:
        if self._seen.ready is None:
            self._worker.kill()

    def _kill_after_verdict(self) -> None:
        self._note(
            "The handler had finished, but its process did not exit, so it was killed. A thread may have been running."
        )
        self._worker.kill()

    # The end

    def _conclusion(self, worker: WorkerProcess) -> Conclusion:
        return Conclusion(
            self._request,
            self._seen,
            worker,
            self._begun,
            self._memory_kills,
            self._dumps["stderr"],
            self._diagnoses,
            self._stop_requests,
            self._append,
            self._outcome,
        )

    def _outcome(self) -> Outcome:
        run = self._store.get(self._run_id, reveal=True)
        return run.outcome if run else Outcome()

    def _note(self, message: str) -> None:
        self._append(CaptureNoted(monotonic(), message))

    def _append(self, event: Event) -> None:
        self._store.append(self._run_id, event)
