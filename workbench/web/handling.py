"""The pages on which something is run (action, trigger, account): draw them, read them back, start the run."""

from dataclasses import replace

from flask import abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from workbench import forms
from workbench.catalog import config_digest
from workbench.domain import ABSENT, JSON, Absent, Integration, Kind, Problem, Run, RunRequest
from workbench.runner import RunnerBusy, RunnerClosed
from workbench.trace.redact import Redactor
from workbench.trace.secrets import passwords_of
from workbench.web import editing, mended, outcomes
from workbench.web.editing import Draft, Posts, schema_of
from workbench.web.pages import navigate, the_handler, url_of
from workbench.web.picked import Pairs
from workbench.web.posted import Settings, settings
from workbench.web.presenters.handlers import Handler
from workbench.web.presenters.request import RequestView, Urls, contracts
from workbench.web.restoring import restored
from workbench.web.state import bench

_OUTDATED = (
    "config.json changed since this form was drawn. What you typed is kept: where the schema has a place for it, else "
    "below “Not declared by the schema” or as JSON. Look it over."
)


def show(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """The page, with the run that the URL names or the last one, and the inputs of that run."""
    integration, handler = the_handler(integration_id, kind, name)
    run, notice = shown_run(integration, handler)
    loaded = None if "new" in request.args else run
    posts = posts_of(integration, handler)
    filled, notice = mended.applied(loaded, notice) if loaded else (None, notice)
    draft = editing.of_run(handler, filled, posts) if filled else editing.fresh(handler, posts)
    chosen = settings_of(run, loaded)
    return page(integration, handler, request_view(integration, handler, draft, chosen, notice), run)


def start(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """Run it with what was posted; with problems, the pane again with each at its place and nothing lost."""
    if editing.wants_edit(request.form):
        return redraw(integration_id, kind, name)
    pairs, untaken = editing.taken(request, bench().config.shelf)
    integration, handler = the_handler(integration_id, kind, name)
    pairs, outdated = fitted(handler, pairs)
    chosen = settings(request.form)
    posts = posts_of(integration, handler, chosen.from_run)
    draft = editing.posted(handler, pairs, posts)
    inputs, masked = unmasked(integration, handler, draft, chosen.from_run)
    if masked:
        draft = editing.posted(handler, pairs, posts, masked)
    notice = untaken or outdated or (masked[0].message if masked else chosen.problem())
    if draft.blocked or notice:
        return refused(integration, handler, draft, chosen, notice)
    run = submit(run_request(integration, handler, inputs, chosen))
    if "HX-Request" not in request.headers:
        return redirect(url_of(integration, handler, run=run.id), 303)
    found = [] if inputs != draft.reading.value else editing.faults(handler, inputs)
    return started(integration, handler, run, editing.posted(handler, pairs, posts, found))


def unmasked(
    integration: Integration, handler: Handler, draft: Draft, from_run: str
) -> tuple[JSON | Absent, list[Problem]]:
    """The inputs with the secrets that the page showed masked, and what of them is not to be had any more."""
    value = draft.reading.value
    if not from_run or value is ABSENT or draft.blocked:
        return value, []
    shown, raw = earlier(integration, handler, from_run), earlier(integration, handler, from_run, reveal=True)
    if shown is None or raw is None:
        inputs, found = restored(value, None, ABSENT)
        return inputs, found + editing.missing(draft.reading)
    return restored(value, shown.request.inputs, raw.request.inputs)


def earlier(integration: Integration, handler: Handler, run_id: str, *, reveal: bool = False) -> Run | None:
    """A run of this handler that is still kept."""
    run = bench().store.get(run_id, reveal=reveal)
    own = (integration.id, handler.kind, handler.name)
    return run if run and (run.request.integration_id, run.request.kind, run.request.name) == own else None


def submit(asked: RunRequest) -> Run:
    """Hand the run to the runner; ends the request with a 503 where it takes none."""
    try:
        return bench().runner.submit(asked)
    except (RunnerBusy, RunnerClosed) as error:
        abort(503, str(error))


def redraw(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """The form after an edit that changes its shape: for htmx the node that changed, or all of the pane if it asks."""
    integration, handler = the_handler(integration_id, kind, name)
    posts = posts_of(integration, handler, request.form.get("from_run", ""))
    pairs, untaken = editing.taken(request, bench().config.shelf)
    pairs, outdated = fitted(handler, pairs)
    edit = editing.edit(handler, pairs, posts)
    draft, chosen = editing.draft_of(edit, posts), settings(request.form)
    if untaken:
        return refused(integration, handler, draft, chosen, untaken)
    if not outdated and request.headers.get("HX-Target", "#request").endswith(f"#{edit.node_id}"):
        return edit.node_markup
    return pane(integration, handler, request_view(integration, handler, draft, chosen, outdated))


def payload(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """What would be sent of the inputs as they stand."""
    integration, handler = the_handler(integration_id, kind, name)
    posts = posts_of(integration, handler, request.form.get("from_run", ""))
    pairs, outdated = fitted(handler, editing.pairs_of(request))
    draft = editing.posted(handler, pairs, posts)
    return render_template("actions/_payload.html", draft=draft, outdated=outdated, form_url=posts.edit)


def refused(
    integration: Integration, handler: Handler, draft: Draft, chosen: Settings, notice: str
) -> ResponseReturnValue:
    """The pane with its problems, as a 422."""
    return pane(integration, handler, request_view(integration, handler, draft, chosen, notice), 422)


def pane(integration: Integration, handler: Handler, view: RequestView, status: int = 200) -> ResponseReturnValue:
    """The middle pane for htmx, whatever it asked to be swapped, and the page around it for everybody else."""
    if "HX-Request" not in request.headers:
        return page(integration, handler, view, shown_run(integration, handler)[0]), status
    body = render_template("actions/_request.html", integration=integration, request_view=view)
    return make_response(body, status, {"HX-Retarget": "#request", "HX-Reswap": "outerMorph"})


def fitted(handler: Handler, pairs: Pairs) -> tuple[Pairs, str]:
    """What was posted as the schema of now takes it, and a sentence where the form was drawn of another one."""
    old, schema = bench().drawn.get(request.form.get("drawn", "")), schema_of(handler)
    moved = None if old is None or old == schema else forms.moved(old, schema, pairs)
    return (pairs, "") if moved is None else (moved, _OUTDATED)


def started(integration: Integration, handler: Handler, run: Run, draft: Draft) -> ResponseReturnValue:
    """The outcome pane and what else on the page a new run changes; the address becomes that of the run."""
    here = url_of(integration, handler, run=run.id)
    outcome = outcomes.context_of(run, outcomes.wanted(run.id, {}, here))
    nav = navigate(integration, handler)
    view = request_view(integration, handler, draft, replace(settings(request.form), from_run=run.id))
    body = render_template("actions/_started.html", integration=integration, nav=nav, request_view=view, **outcome)
    return make_response(body, 200, {"HX-Push-Url": here})


def posts_of(integration: Integration, handler: Handler, from_run: str = "") -> Posts:
    """Where the handler's form posts to, and the secrets that it may leave unchanged and must not show."""
    run = earlier(integration, handler, from_run, reveal=True) if from_run else None
    credentials = bench().secrets(integration)

    def mask(value: JSON) -> JSON:
        return Redactor(credentials | passwords_of(handler.input_schema, value)).json(value)

    edit, preview = url_of(integration, handler, "form"), url_of(integration, handler, "payload")
    serves_files = bench().config.shelf is not None
    return Posts(edit, preview, serves_files, run.request.inputs if run else ABSENT, mask)


def shown_run(integration: Integration, handler: Handler) -> tuple[Run | None, str]:
    """The run that the URL names, or else the last one of this handler; and what there is to say about it."""
    store, asked = bench().store, request.args.get("run", "")
    if asked:
        if run := earlier(integration, handler, asked):
            return run, ""
        return None, f"Run {asked[:40]} is not kept: runs live in memory until the workbench stops."
    last = store.list(integration_id=integration.id, kind=handler.kind, name=handler.name)
    return next((run for run in last if not run.request.pasted), None), ""


def settings_of(run: Run | None, loaded: Run | None) -> Settings:
    """The settings of an earlier run, for its page; ``loaded`` is the run whose inputs the form is filled with."""
    if run is None:
        return Settings()
    asked = run.request
    chosen = asked.contract.version if asked.contract.reason == "chosen for this run" else ""
    return Settings(f"{asked.timeout:g}", chosen, asked.last_poll_ts or "", loaded.id if loaded else "")


def run_request(integration: Integration, handler: Handler, inputs: JSON | Absent, chosen: Settings) -> RunRequest:
    """The run as asked for, with everything of ``config.json`` that it will be judged by."""
    contract = chosen.contract_of(integration)
    kept = bench().vault.get(integration.id)
    return RunRequest(
        integration_id=integration.id,
        root=integration.root,
        entry_point=integration.entry_point,
        kind=handler.kind,
        name=handler.name,
        contract=contract,
        inputs={} if inputs is ABSENT else inputs,
        auth=kept.values,
        auth_shape=kept.shape or contract.auth_shape,
        auth_type=integration.auth.auth_type,
        timeout=chosen.seconds or 60.0,
        last_poll_ts=chosen.last_poll_ts or None,
        input_schema=handler.input_schema,
        output_schema=handler.output_schema,
        auth_schema=integration.auth.fields,
        config_digest=config_digest(integration.root),
    )


def request_view(
    integration: Integration, handler: Handler, draft: Draft, chosen: Settings, notice: str = ""
) -> RequestView:
    """The middle pane."""
    urls = Urls(*(url_of(integration, handler, view) for view in ("show", "run", "form")))
    options = contracts(integration.contract, chosen.contract)
    poll = last_poll(integration, handler) if handler.kind is Kind.TRIGGER else ""
    return RequestView(handler, draft, chosen, urls, options, notice, poll, bench().drawn.note(schema_of(handler)))


def last_poll(integration: Integration, handler: Handler) -> str:
    """When this trigger was polled last, in whole seconds since the epoch; empty where it never was."""
    runs = bench().store.list(integration_id=integration.id, kind=handler.kind, name=handler.name)
    last = next((run for run in runs if not run.request.pasted), None)
    return str(int(last.created_at)) if last else ""


def page(integration: Integration, handler: Handler, view: RequestView, run: Run | None) -> str:
    """The whole page in three parts."""
    here = url_of(integration, handler, **({"run": run.id} if run else {}))
    outcome = outcomes.context(run, here) if run else outcomes.NOTHING_RUN
    nav = navigate(integration, handler)
    return render_template(
        "actions/show.html", integration=integration, nav=nav, request_view=view, handler=handler, run=run, **outcome
    )
