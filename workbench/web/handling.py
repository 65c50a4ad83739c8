"""The pages on which something is run (action, trigger, account): draw them, read them back, start the run."""

from flask import abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from workbench.domain import ABSENT, JSON, Absent, Integration, Kind, Run, RunRequest
from workbench.runner import RunnerBusy, RunnerClosed
from workbench.web import editing, outcomes
from workbench.web.editing import Draft, Posts
from workbench.web.pages import navigate, the_handler, url_of
from workbench.web.posted import Settings, settings
from workbench.web.presenters.handlers import Handler
from workbench.web.presenters.request import RequestView, Urls, contracts
from workbench.web.state import bench


def show(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """The page, with the run that the URL names or the last one, and the inputs of that run."""
    integration, handler = the_handler(integration_id, kind, name)
    run, notice = shown_run(integration, handler)
    posts = posts_of(integration, handler)
    new = run is None or "new" in request.args
    draft = editing.fresh(handler, posts) if new or run is None else editing.of_run(handler, run, posts)
    return page(integration, handler, request_view(integration, handler, draft, settings_of(run), notice), run)


def start(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """Run it with what was posted; with problems, the pane again with each at its place and nothing lost."""
    pairs = editing.pairs_of(request)
    if editing.wants_edit(pairs):
        return redraw(integration_id, kind, name)
    integration, handler = the_handler(integration_id, kind, name)
    draft = editing.posted(handler, pairs, posts_of(integration, handler))
    chosen = settings(request.form)
    if draft.blocked or chosen.problem():
        return refused(integration, handler, draft, chosen)
    run = submit(run_request(integration, handler, draft.reading.value, chosen))
    if "HX-Request" not in request.headers:
        return redirect(url_of(integration, handler, run=run.id), 303)
    found = editing.faults(handler, draft.reading.value)
    shown = editing.posted(handler, pairs, posts_of(integration, handler), found)
    return started(integration, handler, run, shown)


def submit(asked: RunRequest) -> Run:
    """Hand the run to the runner; ends the request with a 503 where it takes none."""
    try:
        return bench().runner.submit(asked)
    except (RunnerBusy, RunnerClosed) as error:
        abort(503, str(error))


def redraw(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """The form after an edit that changes its shape: for htmx the node that changed, or all of the pane if it asks."""
    integration, handler = the_handler(integration_id, kind, name)
    edit = editing.edit(handler, editing.pairs_of(request), posts_of(integration, handler))
    if request.headers.get("HX-Target", "#request").endswith(f"#{edit.node_id}"):
        return edit.node_markup
    view = request_view(integration, handler, Draft(edit.markup, edit.reading), settings(request.form))
    if "HX-Request" in request.headers:
        return render_template("actions/_request.html", integration=integration, request_view=view)
    return page(integration, handler, view, shown_run(integration, handler)[0])


def payload(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """What would be sent of the inputs as they stand."""
    integration, handler = the_handler(integration_id, kind, name)
    draft = editing.posted(handler, editing.pairs_of(request), posts_of(integration, handler))
    return render_template("actions/_payload.html", draft=draft)


def refused(integration: Integration, handler: Handler, draft: Draft, chosen: Settings) -> ResponseReturnValue:
    """The pane with its problems, as a 422."""
    view = request_view(integration, handler, draft, chosen, chosen.problem())
    if "HX-Request" not in request.headers:
        return page(integration, handler, view, shown_run(integration, handler)[0]), 422
    body = render_template("actions/_request.html", integration=integration, request_view=view)
    return make_response(body, 422, {"HX-Retarget": "#request", "HX-Reswap": "outerHTML"})


def started(integration: Integration, handler: Handler, run: Run, draft: Draft) -> ResponseReturnValue:
    """The outcome pane and what else on the page a new run changes; the address becomes that of the run."""
    here = url_of(integration, handler, run=run.id)
    outcome = outcomes.context_of(run, outcomes.wanted(run.id, {}, here))
    nav = navigate(integration, handler)
    body = render_template("actions/_started.html", integration=integration, nav=nav, draft=draft, **outcome)
    return make_response(body, 200, {"HX-Push-Url": here})


def posts_of(integration: Integration, handler: Handler) -> Posts:
    """Where the handler's form posts to."""
    return Posts(url_of(integration, handler, "form"), url_of(integration, handler, "payload"))


def shown_run(integration: Integration, handler: Handler) -> tuple[Run | None, str]:
    """The run that the URL names, or else the last one of this handler; and what there is to say about it."""
    store, asked = bench().store, request.args.get("run", "")
    if asked:
        run = store.get(asked)
        if run and (run.request.integration_id, run.request.kind, run.request.name) == (
            integration.id, handler.kind, handler.name,
        ):  # fmt: skip
            return run, ""
        return None, f"Run {asked[:40]} is not kept: runs live in memory until the workbench stops."
    last = store.list(integration_id=integration.id, kind=handler.kind, name=handler.name, limit=1)
    return (last[0] if last else None), ""


def settings_of(run: Run | None) -> Settings:
    """The settings of an earlier run, for its page."""
    if run is None:
        return Settings()
    asked = run.request
    chosen = asked.contract.version if asked.contract.reason == "chosen for this run" else ""
    return Settings(f"{asked.timeout:g}", chosen, asked.last_poll_ts or "")


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
    )


def request_view(
    integration: Integration, handler: Handler, draft: Draft, chosen: Settings, notice: str = ""
) -> RequestView:
    """The middle pane."""
    urls = Urls(*(url_of(integration, handler, view) for view in ("show", "run", "form")))
    options = contracts(integration.contract, chosen.contract)
    poll = last_poll(integration, handler) if handler.kind is Kind.TRIGGER else ""
    return RequestView(handler, draft, chosen, urls, options, notice, poll)


def last_poll(integration: Integration, handler: Handler) -> str:
    """When this trigger was polled last, in whole seconds since the epoch; empty where it never was."""
    last = bench().store.list(integration_id=integration.id, kind=handler.kind, name=handler.name, limit=1)
    return str(int(last[0].created_at)) if last else ""


def page(integration: Integration, handler: Handler, view: RequestView, run: Run | None) -> str:
    """The whole page in three parts."""
    here = url_of(integration, handler, **({"run": run.id} if run else {}))
    outcome = outcomes.context(run, here) if run else outcomes.NOTHING_RUN
    nav = navigate(integration, handler)
    return render_template(
        "actions/show.html", integration=integration, nav=nav, request_view=view, handler=handler, run=run, **outcome
    )
