"""The credentials page of an integration."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.web.auth import auth_form, auth_view
from workbench.web.services.app_context import app_context
from workbench.web.ui.file_fields import posted_pairs

blueprint = Blueprint("auth", __name__, url_prefix="/integrations/<integration_id>/auth")


@blueprint.get("")
def show(integration_id: str) -> ResponseReturnValue:
    """The form of the saved credentials."""
    integration = app_context().integration_or_404(integration_id)
    saved = app_context().vault.get(integration.id)
    return auth_form.page(integration, saved, auth_form.saved_form(integration))


@blueprint.post("")
def save(integration_id: str) -> ResponseReturnValue:
    """Save what was posted, in memory; what the form cannot read is shown again as a 422 and not saved."""
    integration, (pairs, _) = app_context().integration_or_404(integration_id), posted_pairs(request)
    if any(name == f"{auth_form.PREFIX}.op" for name, _ in pairs):
        return form(integration_id)
    credentials, reading = auth_form.read(integration, pairs)
    if reading.problems:
        edit = auth_form.edit(integration, pairs, reading.problems)
        return auth_form.page(integration, credentials, edit.markup), 422
    app_context().vault.put(integration.id, credentials)
    return redirect(url_for("auth.show", integration_id=integration.id, saved=1), 303)


@blueprint.post("/form")
def form(integration_id: str) -> ResponseReturnValue:
    """The form after an edit that changes its shape; nothing is saved."""
    integration, (pairs, _) = app_context().integration_or_404(integration_id), posted_pairs(request)
    edit = auth_form.edit(integration, pairs)
    if "HX-Request" in request.headers:
        return edit.node_markup
    return auth_form.page(integration, auth_form.read(integration, pairs)[0], edit.markup)


@blueprint.post("/preview")
def preview(integration_id: str) -> ResponseReturnValue:
    """What ``context.auth`` would be; nothing is saved."""
    integration = app_context().integration_or_404(integration_id)
    credentials, _ = auth_form.read(integration, posted_pairs(request)[0])
    return render_template("auth/_seen.html", seen=auth_view.seen(integration, credentials))


@blueprint.post("/removal")
def forget(integration_id: str) -> ResponseReturnValue:
    """Delete the saved credentials."""
    integration = app_context().integration_or_404(integration_id)
    app_context().vault.forget(integration.id)
    return redirect(url_for("auth.show", integration_id=integration.id), 303)
