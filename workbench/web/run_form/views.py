"""The pages on which a handler runs: one blueprint for actions, one for triggers, one for the connected account."""

from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from workbench import forms
from workbench.domain import Kind
from workbench.web.run_form import form_state, named_inputs, responses
from workbench.web.run_form.inputs_form import OPERATION, schema_of
from workbench.web.runs.fuzz import handler_views as fuzz_tab
from workbench.web.runs.reruns import after_save
from workbench.web.ui.handler_pages import handler_or_404
from workbench.web.ui.handlers import ACCOUNT


def show(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """The page, with the run that the URL names or the last one, and the inputs of that run."""
    state, run = form_state.open_form(*handler_or_404(integration_id, kind, name))
    state = named_inputs.load(state)
    return responses.page(state, state.view(state.inputs()), run)


def run(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """A run of what was posted; a button of the form edits instead."""
    state = form_state.read_form(*handler_or_404(integration_id, kind, name))
    return responses.answer_edit(state) if OPERATION in request.form else responses.start(state)


def form(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """The form after an edit that changes its shape; nothing is run or stored."""
    return responses.answer_edit(form_state.read_form(*handler_or_404(integration_id, kind, name)))


def save(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """The form after its inputs were saved under a name; nothing is run."""
    state = form_state.read_form(*handler_or_404(integration_id, kind, name))
    return responses.pane(state, *named_inputs.save(state))


def rerun(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """The outcome of the run made again once a file was saved; nothing (204) where none was for a while."""
    integration, handler = handler_or_404(integration_id, kind, name)
    run = form_state.run_of(integration, handler, request.form.get("run", ""), reveal=True)
    if run is None:
        abort(404, "Run not found. It was deleted, or belongs to another workbench.")
    after = after_save.wait_and_rerun(run, responses.rerun_choice(request.form))
    return ("", 204) if after is None else responses.outcome_of(integration, handler, after)


def payload(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """What would be sent of the inputs as they stand; nothing is run or stored."""
    state = form_state.read_form(*handler_or_404(integration_id, kind, name), uploads=False)
    return render_template(
        "run_form/_payload.html", payload=state.payload(), outdated=state.outdated, form_url=state.target.edit
    )


def completions(integration_id: str, kind: Kind, name: str) -> ResponseReturnValue:
    """What the schema of the inputs has at the place ``pointer``, for the editor of JSON text."""
    _, handler = handler_or_404(integration_id, kind, name)
    return jsonify(forms.complete(schema_of(handler), request.args.get("pointer", "")).as_json())


def _blueprint(endpoint: str, kind: Kind, path: str, **defaults: str) -> Blueprint:
    """The views for handlers of one kind; ``defaults`` are what its URLs do not name."""
    prefix = f"/integrations/<integration_id>{path}"
    made = Blueprint(endpoint, __name__, url_prefix=prefix, url_defaults={"kind": kind, **defaults})
    made.add_url_rule("", "show", show)
    made.add_url_rule("/runs", "run", run, methods=["POST"])
    made.add_url_rule("/form", "form", form, methods=["POST"])
    made.add_url_rule("/inputs", "save", save, methods=["POST"])
    made.add_url_rule("/reruns", "rerun", rerun, methods=["POST"])
    made.add_url_rule("/payload", "payload", payload, methods=["POST"])
    made.add_url_rule("/completions", "completions", completions)
    made.add_url_rule("/fuzz", "fuzz", fuzz_tab.show)
    made.add_url_rule("/fuzz", "start_fuzz", fuzz_tab.start, methods=["POST"])
    return made


actions = _blueprint("actions", Kind.ACTION, "/actions/<name:name>")
triggers = _blueprint("triggers", Kind.TRIGGER, "/triggers/<name:name>")
account = _blueprint("account", Kind.ACCOUNT, "/account", name=ACCOUNT)
