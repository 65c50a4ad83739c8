"""The check of credentials: a run of the connected account, or of an action that the person picks, and its result."""

from dataclasses import dataclass

from flask import abort, request, url_for

from workbench.domain import JSON, Integration, Kind, Run, RunState
from workbench.explain import headline
from workbench.explain.statuses import status_word
from workbench.explain.text import plain
from workbench.profiles import Profile
from workbench.runner import RunnerBusy, RunnerClosed
from workbench.web.services.app_context import app_context
from workbench.web.ui.handlers import Handler, handlers
from workbench.web.ui.run_requests import request_of
from workbench.web.ui.widgets import Option

_LONGEST_RUN = 60.0
_LONGEST_WAIT = 5.0
"""Seconds that the page waits for the result; after these it looks again by itself."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The run of a check. ``poll_url`` is where its result will be, empty once the run has ended."""

    text: str
    tone: str
    headline: str
    url: str
    poll_url: str = ""


def choices(integration: Integration, chosen: str) -> tuple[Option, ...]:
    """What a check can run: the connected account, where there is one, and each action."""
    account = [Option("", "Connected account", not chosen)] if integration.connected_account else []
    none = [] if account else [Option("", "Select an action", not chosen)]
    actions = [Option(one.name, one.title, one.name == chosen) for one in handlers(integration, Kind.ACTION)]
    return (*account, *none, *actions) if actions or account else ()


def handler_of(integration: Integration, name: str) -> Handler | None:
    """What a check runs; None where it must be picked first."""
    found = handlers(integration, Kind.ACTION if name else Kind.ACCOUNT)
    return next((one for one in found if not name or one.name == name), None)


def start(integration: Integration, handler: Handler, profile: Profile) -> Run:
    """The run, waited for a moment. An action gets the inputs of its last run."""
    inputs = _last_inputs(integration, handler)
    asked = request_of(integration, handler, inputs, profile, integration.contract, _LONGEST_RUN)
    try:
        run = app_context().runner.submit(asked)
    except (RunnerBusy, RunnerClosed) as error:
        abort(503, str(error))
    return app_context().runner.wait(run.id, _LONGEST_WAIT)


def result_of(integration: Integration, run_id: str) -> CheckResult | None:
    """The result of a check; None where there is no such run of the integration."""
    run = app_context().store.get(run_id) if run_id else None
    if run is None or run.request.integration_id != integration.id:
        return None
    word, live = status_word(run), run.outcome.state is not RunState.FINISHED
    poll = url_for("auth.check_result", integration_id=integration.id, run_id=run.id) if live else ""
    return CheckResult(word.text, word.tone, plain(headline.tell(run)), url_for("runs.show", run_id=run.id), poll)


def asked_run() -> str:
    """The run of the check that the URL names."""
    return request.args.get("checked", "")


def _last_inputs(integration: Integration, handler: Handler) -> JSON:
    store = app_context().store
    for run in store.list(integration_id=integration.id, kind=handler.kind, name=handler.name):
        if not run.request.pasted and (raw := store.get(run.id, reveal=True)):
            return raw.request.inputs
    return {}
