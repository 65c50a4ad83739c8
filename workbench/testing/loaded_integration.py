"""An integration for tests by hand: its handlers run in workers, and what happened is there to assert on."""

import weakref
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from workbench.domain import JSON, Answers, Credentials, Exchange, Integration, Kind, Rule, Run, Status, ValidationError
from workbench.explain import headline
from workbench.explain.terminal_text import visible
from workbench.explain.text import plain
from workbench.recordings.files import FOLDER, RecordingFile, file_at, read_recording
from workbench.recordings.recording import Expected, Given, Recording, RecordingError
from workbench.recordings.replay import to_answers
from workbench.testing.replays import Replays
from workbench.testing.report import handler_location


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What came of a run. ``run`` has all that was recorded of it; secrets are masked in it."""

    run: Run

    @property
    def status(self) -> Status:
        """How the run ended: ``succeeded``, ``action_error``, ``invalid_output``, …"""
        return self.run.outcome.status or Status.CRASHED

    @property
    def result(self) -> Any:
        """What the caller of the integration would get; None where there is nothing."""
        return self.run.outcome.result

    @property
    def headline(self) -> str:
        """What happened in a sentence, the one of the page."""
        return plain(headline.tell(self.run))

    @property
    def error(self) -> str:
        """The message of the error that ended the run; empty where none did."""
        return self.run.outcome.error.message if self.run.outcome.error else ""

    @property
    def errors(self) -> tuple[ValidationError, ...]:
        """The validation errors of auth, inputs and output."""
        return self.run.outcome.errors

    problems = errors  # its name in earlier versions

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The requests that were sent and what each got."""
        return self.run.outcome.exchanges

    @property
    def output(self) -> str:
        """What was printed and logged."""
        return "".join(one.text if one.source != "log" else f"{one.text}\n" for one in self.run.outcome.output)

    def assert_status(self, status: Status | str) -> None:
        """Fail with the headline and the handler's line where the run ended otherwise."""
        if self.status != status:
            place = handler_location(self.run)
            lines = [self.headline, f"Status: expected {status}, got {self.status}.", f"At {place}" if place else ""]
            raise AssertionError(visible("\n".join(filter(None, lines))))

    def assert_succeeded(self) -> None:
        """Fail where the run did not succeed."""
        self.assert_status(Status.SUCCEEDED)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class LoadedIntegration:
    """An integration whose handlers can be run. Nothing of its code is imported in this process."""

    integration: Integration
    replays: Replays = field(repr=False)

    @property
    def root(self) -> Path:
        """Its folder."""
        return self.integration.root

    def run(
        self,
        handler: str,
        inputs: JSON = None,
        *,
        kind: Kind | str = Kind.ACTION,
        auth: JSON = None,
        answers: Answers | Path | str | None = None,
        rules: tuple[Rule, ...] = (),
        last_poll_ts: str | None = None,
        timeout: float = 60.0,
    ) -> RunOutcome:
        """The outcome of the action ``handler``, or of a trigger or the account where ``kind`` says so.

        ``answers`` is a recording (``handler/name`` or its path), or None for the network. Raises
        :class:`workbench.recordings.recording.RecordingError` where there is no such handler or recording.
        """
        given = Given(inputs={} if inputs is None else inputs, last_poll_ts=last_poll_ts, timeout=timeout)
        contract = self.integration.contract.version
        asked = Recording(Kind(kind), handler, contract, given, Expected(Status.SUCCEEDED))
        credentials = Credentials({} if auth is None else auth)
        request = self.replays.live_request(asked, self.root, credentials)
        source = self._answers(answers)
        return RunOutcome(self.replays.run(replace(request, answers=replace(source, rules=(*source.rules, *rules)))))

    def _answers(self, answers: Answers | Path | str | None) -> Answers:
        if isinstance(answers, Answers):
            return answers
        if answers is None:
            return Answers()
        file = self._recording_file(answers)
        return to_answers(read_recording(file), file.label)

    def _recording_file(self, name: Path | str) -> RecordingFile:
        path = Path(name)
        inside = self.root / FOLDER / path.parent / f"{path.name.removesuffix('.json')}.json"
        found = file_at(inside if inside.is_file() else path)
        if found is None:
            raise RecordingError(f"There is no recording {name} in {FOLDER} of {self.root}.")
        return found


def load(path: Path | str) -> LoadedIntegration:
    """The integration in a folder; its workers end with it.

    Raises :class:`workbench.recordings.recording.RecordingError`.
    """
    replays = Replays(1)
    integration, _ = replays.integration(Path(path).resolve())
    loaded = LoadedIntegration(integration, replays)
    weakref.finalize(loaded, replays.close)
    return loaded
