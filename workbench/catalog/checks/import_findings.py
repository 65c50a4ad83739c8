"""The findings of an import of an integration's code in a worker."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from workbench.catalog.checks.handlers import undeclared
from workbench.catalog.code.module_facts import Registration
from workbench.catalog.files.file_reader import MAX_SOURCE, UnreadableError, read_text
from workbench.catalog.findings.check_registry import finding
from workbench.catalog.packages.requirements import required_name
from workbench.domain import ErrorInfo, Finding, Frame, Integration, Kind, LoadFailure, Outcome, Registered, Status
from workbench.domain.error_facts import missing_variable
from workbench.domain.module_names import is_required
from workbench.domain.split_url import split_url

_MODULE = re.compile(r"No module named '([^']+)'")
_SYNTAX = ("SyntaxError", "IndentationError", "TabError")
_REPORTED = (LoadFailure.ENTRY_POINT_MISSING,)
"""Errors of the worker that the check of the folder has already reported."""

_REASONS = {
    "no-class": "the decorator is not on a class",
    "no-method": "it has no method {method}",
    "parameters": "its {method} does not accept ({parameters})",
    "generator": "its {method} is a generator because it contains yield, but the SDK awaits one value",
}


class ImportRun:
    """The result of a run that imported the integration and called no handler."""

    def __init__(self, integration: Integration, outcome: Outcome, timeout: float) -> None:
        self._integration = integration
        self._outcome = outcome
        self._timeout = timeout
        self._lines: dict[str, list[str]] = {}

    @property
    def registrations(self) -> tuple[Registration, ...] | None:
        """What is really registered; None where the code did not load."""
        if self._outcome.status is not Status.SUCCEEDED or self._outcome.registered is None:
            return None
        return tuple(Registration(one.kind, one.name, *self._place(one.place)) for one in self._outcome.registered)

    def findings(self, known: Sequence[Finding]) -> Iterator[Finding]:
        """Why it did not load, or what is wrong with its handlers. ``known`` is what the folder alone has shown."""
        error, status = self._outcome.error, self._outcome.status
        yield from self._exchanges()
        yield from self._background()
        if status is Status.SUCCEEDED:
            yield from map(self._flaw, (one for one in self._outcome.registered or () if one.flaw))
        elif status is Status.TIMED_OUT:
            place = self._place(next(filter(self._is_own, self._outcome.stuck_at), None))
            words = {"module": self._integration.entry_point, "seconds": f"{self._timeout:g}"}
            yield finding("load-timeout", *place, **words)
        elif status is Status.CRASHED:
            yield finding("load-exited", *self._place(None), message=error.message if error else "The process died.")
        elif error is not None and error.type not in _REPORTED:
            yield from self._of_error(error, known)

    def _exchanges(self) -> Iterator[Finding]:
        """The requests that were sent before anyone called a handler."""
        for exchange in self._outcome.exchanges:
            host = split_url(exchange.request.url).hostname or "an unknown host"  # all else may hold a secret
            yield finding("load-request", *self._place(exchange.call_site), method=exchange.request.method, host=host)

    def _background(self) -> Iterator[Finding]:
        """The threads and tasks that the import has left running."""
        for work in self._outcome.background:
            if work.error is None:
                name = f": {work.name}" if work.name else ""
                yield finding("load-background", *self._place(work.place), kind=str(work.kind), name=name)

    def _of_error(self, error: ErrorInfo, known: Sequence[Finding]) -> Iterator[Finding]:
        place = self._place(next(filter(self._is_own, reversed(error.frames)), None))
        explain: dict[str, Callable[[ErrorInfo, tuple[str, int, int]], Finding]] = {
            "IntegrationMissing": lambda error, at: finding("load-no-integration", *at, module=at[0]),
            "ModuleNotFoundError": self._module_missing,
            "SystemExit": lambda error, at: finding("load-exited", *at, message=error.message),
            "KeyboardInterrupt": lambda error, at: finding("load-exited", *at, message=error.message),
        }
        if error.type == "HiddenModule":
            yield finding("load-hidden", *place, message=error.message)
            return
        if error.type in _SYNTAX and any(one.code == "source-invalid" for one in known):
            return
        if name := missing_variable(error):
            yield finding("load-variable-missing", *place, name=name)
        elif error.type == "ConfigurationError":
            yield from self._configuration_error(error, place, known)
        else:
            yield explain.get(error.type, _plain)(error, place)

    def _configuration_error(
        self, error: ErrorInfo, at: tuple[str, int, int], known: Sequence[Finding]
    ) -> Iterator[Finding]:
        """What the SDK rejects: an undeclared handler, or a config that the check has already reported."""
        if (handler := error.undeclared) is not None:
            if not any(one.code == "handler-undeclared" and (one.path, one.line) == at[:2] for one in known):
                yield undeclared(handler.kind, handler.name, *at)
        elif not any(one.code.startswith(("config-", "schema-", "interval-", "file-")) for one in known):
            yield _plain(error, at)

    def _module_missing(self, error: ErrorInfo, at: tuple[str, int, int]) -> Finding:
        match = _MODULE.search(error.message)
        if match is None:
            return _plain(error, at)
        required = {required_name(entry) for entry in self._integration.requirements}
        though = ", although requirements.txt lists it" if is_required(match[1].partition(".")[0], required) else ""
        return finding("load-module-missing", *at, name=match[1], though=though)

    def _flaw(self, one: Registered) -> Finding:
        rules = one.kind.handler
        handler = rules.noun if one.kind is Kind.ACCOUNT else f"{rules.noun} {one.name!r}"
        words = {"handler": handler, "method": rules.method, "parameters": ", ".join(("self", *rules.parameters))}
        if one.flaw == "not-async":
            return finding("handler-not-async", *self._place(one.place), **words)
        reason = _REASONS[one.flaw].format(**words)
        return finding("handler-method", *self._place(one.place), reason=reason, base=rules.base, **words)

    def _place(self, frame: Frame | None) -> tuple[str, int, int]:
        """The place of an own frame within the folder; that of the entry point for any other."""
        if frame is None or not self._is_own(frame):
            return self._integration.entry_point, 1, 1
        path = Path(frame.file).relative_to(self._integration.root).as_posix()
        return path, max(frame.line, 1), self._column(path, frame.line)

    def _column(self, path: str, line: int) -> int:
        """Where the text of a line begins, that of a decorator after its ``@``."""
        if path not in self._lines:
            try:
                self._lines[path] = read_text(self._integration.root, path, most=MAX_SOURCE).text.splitlines()
            except UnreadableError:
                self._lines[path] = []
        try:
            text = self._lines[path][line - 1]
        except IndexError:
            return 1
        return len(text) - len(text.lstrip().removeprefix("@")) + 1

    def _is_own(self, frame: Frame) -> bool:
        file, root = Path(frame.file), self._integration.root
        return file.is_relative_to(root) and "dependencies" not in file.relative_to(root).parts


def _plain(error: ErrorInfo, at: tuple[str, int, int]) -> Finding:
    return finding("load-error", *at, module=at[0], error=f"{error.type}: {error.message}".rstrip(". "))
