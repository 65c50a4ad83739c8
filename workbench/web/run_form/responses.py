"""The responses of the request pane: the whole page, the pane alone for htmx, and the start of a run."""

from collections.abc import Mapping
from dataclasses import replace

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.catalog.sdk_choices import choose_sdk, other_sdk
from workbench.domain import JSON, Absent, Integration, Run, SdkChoice, ValidationError
from workbench.web.run_form import form_state, inputs_form
from workbench.web.run_form.form_state import FormState
from workbench.web.run_form.request_view import RequestView
from workbench.web.run_form.run_start import run_request
from workbench.web.runs.outcome import outcome_page
from workbench.web.runs.reruns.after_save import RerunChoice
from workbench.web.services.app_context import app_context
from workbench.web.ui.handler_pages import navigate, url_of
from workbench.web.ui.handlers import Handler
from workbench.web.ui.run_requests import submit_or_503

LIVE, LIVE_WITH_EFFECTS = "live", "live-with-effects"
"""The answers of reruns that a form can ask for; recorded ones by default."""
BOTH = "both"
"""The button that runs with two SDKs."""


def page(state: FormState, view: RequestView, run: Run | None, *, not_started: bool = False) -> str:
    """The whole page in three parts. ``not_started``: its outcome is that of an earlier run."""
    integration, handler = state.integration, state.handler
    here = url_of(integration, handler, **({"run": run.id} if run else {}))
    outcome = outcome_page.context(run, here) if run else outcome_page.NOTHING_RUN
    nav = navigate(integration, handler)
    return render_template(
        "run_form/show.html",
        integration=integration,
        nav=nav,
        request_view=view,
        handler=handler,
        run=run,
        not_started=not_started,
        **outcome,
    )


def pane(state: FormState, view: RequestView, status: int = 200, *, not_started: bool = False) -> ResponseReturnValue:
    """The request pane for htmx, whatever it asked to be swapped, and the page around it for everybody else."""
    if "HX-Request" not in request.headers:
        run = form_state.shown_run(state.integration, state.handler)[0]
        return page(state, view, run, not_started=not_started), status
    template = "run_form/_blocked.html" if not_started else "run_form/_request.html"
    body = render_template(template, integration=state.integration, request_view=view)
    return make_response(body, status, {"HX-Retarget": "#request", "HX-Reswap": "outerMorph"})


def start(state: FormState) -> ResponseReturnValue:
    """A run of what was posted; where something blocks it the pane as a 422, each error at its field."""
    payload = state.payload()
    inputs, masked = state.resolved(payload)
    notice = state.upload_error or state.outdated or (masked[0].message if masked else state.error())
    lost = payload.reading.new_orphans and "HX-Request" not in request.headers  # the page of the run has another form
    if payload.blocked or notice or lost:
        at_field = (state.settings.poll_error, state.answers_message())  # these stand at their fields
        above = "" if notice in at_field else notice
        return pane(state, state.view(state.inputs(masked), above), 422, not_started=True)
    app_context().vault.profiles.select(state.integration.root, state.settings.profile)
    choice = choose_sdk(state.integration, state.settings.sdk)
    if BOTH in request.form:
        return _start_both(state, inputs, choice)
    run = submit_or_503(run_request(state.integration, state.handler, inputs, state.resolved_settings(), choice))
    if "HX-Request" not in request.headers:
        return redirect(url_of(state.integration, state.handler, run=run.id), 303)
    errors = [] if inputs != payload.reading.value else inputs_form.errors_of(state.handler, inputs)
    return _started(state, run, errors)


def _start_both(state: FormState, inputs: JSON | Absent, choice: SdkChoice) -> ResponseReturnValue:
    """A run with our SDK and one with the other, on the page that compares them."""
    other = other_sdk(state.integration) if choice.is_ours else choice
    first, second = (
        submit_or_503(run_request(state.integration, state.handler, inputs, state.resolved_settings(), sdk))
        for sdk in (SdkChoice(), other)
    )
    url = url_for("runs.agreement", run_id=first.id, other_id=second.id)
    if "HX-Request" in request.headers:
        return make_response("", 200, {"HX-Redirect": url})
    return redirect(url, 303)


def answer_edit(state: FormState) -> ResponseReturnValue:
    """The form after an edit that changes its shape: for htmx the node that changed, or all of the pane if it asks."""
    edit = state.edit()
    whole = request.headers.get("HX-Target", "#request")
    is_refused = bool(state.upload_error or state.answers_error)
    kept = edit.held == state.target.held
    if kept and not is_refused and not state.is_outdated and whole.endswith(f"#{edit.node_id}"):
        return edit.node_markup
    view = state.view(inputs_form.form_of(edit, state.target), state.upload_error or state.outdated)
    return pane(state, view, 422 if is_refused else 200)


def rerun_choice(posted: Mapping[str, str]) -> RerunChoice:
    """Where the answers of a rerun come from, as the form says it."""
    chosen = posted.get("rerun_answers", "")
    return RerunChoice(live=chosen in (LIVE, LIVE_WITH_EFFECTS), with_effects=chosen == LIVE_WITH_EFFECTS)


def outcome_of(integration: Integration, handler: Handler, run: Run) -> ResponseReturnValue:
    """The outcome pane of a run that was made again; the address becomes that of the run."""
    here = url_of(integration, handler, run=run.id)
    body = outcome_page.render(run, outcome_page.query_of(run.id, {}, here))
    return make_response(body, 200, {"X-Page": here})


def _started(state: FormState, run: Run, errors: list[ValidationError]) -> ResponseReturnValue:
    """The outcome pane and what else on the page a new run changes; the address becomes that of the run."""
    here = url_of(state.integration, state.handler, run=run.id)
    outcome = outcome_page.context_of(run, outcome_page.query_of(run.id, {}, here))
    nav = navigate(state.integration, state.handler)
    view = replace(state, settings=replace(state.settings, from_run=run.id)).view(state.inputs(errors))
    body = render_template(
        "run_form/_started.html", integration=state.integration, nav=nav, request_view=view, **outcome
    )
    return make_response(body, 200, {"HX-Push-Url": here})
