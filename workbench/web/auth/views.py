"""The credentials page of an integration: its profiles, their form, and what is saved of it."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench import forms
from workbench.profiles import InvalidName, ProfilesError, messages
from workbench.web.auth import auth_page, auth_state, auth_view, credential_check, env_import, env_mapping
from workbench.web.auth.auth_state import OPERATION, PREFIX, AuthState
from workbench.web.auth.env_mapping import Import
from workbench.web.services.app_context import app_context
from workbench.web.ui.own_paths import own_path
from workbench.web.ui.widgets import Notice

blueprint = Blueprint("auth", __name__, url_prefix="/integrations/<integration_id>/auth")


@blueprint.get("")
def show(integration_id: str) -> ResponseReturnValue:
    """The form of a profile, the selected one where the URL names none."""
    state = auth_state.load(app_context().integration_or_404(integration_id))
    return auth_page.render(state, notice=_saved(state) if "saved" in request.args else None)


@blueprint.post("")
def save(integration_id: str) -> ResponseReturnValue:
    """Save what was posted; what cannot be read is shown again as a 422 and not saved."""
    if OPERATION in request.form or f"{PREFIX}.{OPERATION}" in request.form:
        return form(integration_id)
    state = auth_state.read_posted(app_context().integration_or_404(integration_id))
    if state.has_errors:
        return auth_page.render(state, save=True), 422
    profiles, root = app_context().vault.profiles, state.integration.root
    try:
        profiles.put(root, state.profile, remember="remember" in request.form)
        profiles.select(root, state.saved_name)
    except ProfilesError as error:
        return auth_page.render(
            state, notice=Notice(f"In memory; what is saved did not change. {messages.trouble(error)}", "bad")
        ), 422
    if back := own_path(request.form.get("back", ""), ""):  # the run that lacked them
        return redirect(back, 303)
    return _to_page(state.integration.id, profile=state.saved_name, saved="1")


@blueprint.post("/form")
def form(integration_id: str) -> ResponseReturnValue:
    """The form after an edit that changes its shape; nothing is saved."""
    state = auth_state.read_posted(app_context().integration_or_404(integration_id))
    if f"{PREFIX}.{OPERATION}" in request.form and "HX-Request" in request.headers:
        node = auth_state.edited_node(state, auth_page.form_urls(state.integration))
        return node or (auth_page.render(state), {"HX-Retarget": "#auth", "HX-Reswap": "outerMorph"})
    return auth_page.render(state)


@blueprint.post("/preview")
def preview(integration_id: str) -> ResponseReturnValue:
    """What ``context.auth`` would be; nothing is saved."""
    state = auth_state.read_posted(app_context().integration_or_404(integration_id))
    return render_template("auth/_seen.html", seen=auth_view.seen(state.integration, state.credentials))


@blueprint.get("/completions")
def completions(integration_id: str) -> ResponseReturnValue:
    """What the schema of the declared fields has at the place ``pointer``, for the editor of JSON text."""
    state = auth_state.load(app_context().integration_or_404(integration_id))
    return jsonify(forms.complete(state.base.schema, request.args.get("pointer", "")).as_json())


@blueprint.post("/removal")
def forget(integration_id: str) -> ResponseReturnValue:
    """Delete the profile, on this machine too."""
    integration = app_context().integration_or_404(integration_id)
    profiles = app_context().vault.profiles
    name = request.form.get("profile") or profiles.selected(integration.root)
    try:
        profiles.forget(integration.root, name)
    except ProfilesError as error:
        state = auth_state.load(integration)
        return auth_page.render(
            state, notice=Notice(f"The profile was not deleted. {messages.trouble(error)}", "bad")
        ), 422
    app_context().drafts.forget(integration.id)
    return _to_page(integration.id)


@blueprint.post("/profiles")
def add(integration_id: str) -> ResponseReturnValue:
    """A new profile: empty, or with what the form has."""
    state = auth_state.read_posted(app_context().integration_or_404(integration_id))
    try:
        name = app_context().vault.profiles.add(state.integration.root, request.form.get("profile_name", ""))
    except InvalidName as error:
        return auth_page.render(state, notice=Notice(str(error), "bad")), 422
    if "copy" not in request.form:
        return _to_page(integration_id, profile=name)
    return _to_page(integration_id, profile=name, draft=app_context().drafts.put(integration_id, state.draft()))


@blueprint.post("/profiles/name")
def rename(integration_id: str) -> ResponseReturnValue:
    """Give the profile another name, on this machine too. What was typed stays."""
    state = auth_state.read_posted(app_context().integration_or_404(integration_id))
    try:
        new = request.form.get("profile_name", "")
        name = app_context().vault.profiles.rename(state.integration.root, state.saved_name, new)
    except InvalidName as error:
        return auth_page.render(state, notice=Notice(str(error), "bad")), 422
    except ProfilesError as error:
        return auth_page.render(state, notice=Notice(messages.trouble(error), "bad")), 422
    return _to_page(integration_id, profile=name, draft=app_context().drafts.put(integration_id, state.draft()))


@blueprint.post("/imports")
def import_values(integration_id: str) -> ResponseReturnValue:
    """The mapping of what is to be imported; nothing is saved."""
    state = auth_state.read_posted(app_context().integration_or_404(integration_id))
    try:
        found, others = env_import.find(state, request.form.get("source", ""))
    except env_import.VariablesError as error:
        return auth_page.render(state, notice=Notice(str(error), "bad")), 422
    return env_import.page(state, found, others=others)


@blueprint.post("/imports/values")
def apply_import(integration_id: str) -> ResponseReturnValue:
    """Fill the profile's form by the mapping; nothing is saved yet."""
    integration, drafts = app_context().integration_or_404(integration_id), app_context().drafts
    found = drafts.get(integration.id, request.form.get("import", ""), Import)
    if found is None:
        abort(404, "The imported values are not in memory any more. Import them again.")
    profile = env_mapping.apply(found, request.form.getlist("target"), env_import.targets_of(integration))
    state = auth_state.of_profile(integration, profile.name, profile)
    return _to_page(integration.id, profile=profile.name, draft=drafts.put(integration.id, state.draft()))


@blueprint.get("/env-example")
def env_example(integration_id: str) -> ResponseReturnValue:
    """A ``.env.example`` without values, to be saved."""
    text = env_import.example(app_context().integration_or_404(integration_id))
    headers = {"Content-Disposition": "attachment; filename=.env.example"}
    return Response(text, mimetype="text/plain", headers=headers)


@blueprint.post("/checks")
def check(integration_id: str) -> ResponseReturnValue:
    """Run the connected account, or the action that was picked, with the credentials as typed."""
    state = auth_state.read_posted(app_context().integration_or_404(integration_id))
    handler = credential_check.handler_of(state.integration, state.profile.check)
    if state.has_errors or handler is None:
        notice = None if handler else Notice("Select the action that checks the credentials.", "bad")
        return auth_page.render(state, save=True, notice=notice), 422
    auth_state.remember_check(state)
    run = credential_check.start(state.integration, handler, state.profile)
    draft = app_context().drafts.put(integration_id, state.draft())
    return _to_page(integration_id, profile=state.saved_name, draft=draft, checked=run.id)


@blueprint.get("/checks/<run_id>")
def check_result(integration_id: str, run_id: str) -> ResponseReturnValue:
    """The result of a check alone, for htmx."""
    integration = app_context().integration_or_404(integration_id)
    return render_template("auth/_check.html", check=credential_check.result_of(integration, run_id))


def _saved(state: AuthState) -> Notice:
    profiles, root = app_context().vault.profiles, state.integration.root
    where = messages.where(profiles.place(root, state.saved_name), profiles.path(root))
    return Notice(f"Credentials saved. {where}", "ok")


def _to_page(integration_id: str, **query: str) -> ResponseReturnValue:
    values: dict[str, Any] = {"integration_id": integration_id, **query}
    return redirect(url_for("auth.show", **values), 303)
