"""Reads, keeps and shows the credentials of an integration. They stay in the vault: no page ever holds a secret."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from workbench import forms
from workbench.domain import ABSENT, JSON, AuthShape, Integration
from workbench.web.pages import navigate
from workbench.web.presenters import credentials
from workbench.web.presenters.credentials import AuthView
from workbench.web.run_form.uploads import Pairs, posted_pairs
from workbench.web.state import bench
from workbench.web.vault import Credentials

PREFIX = "auth"


def show(integration_id: str) -> ResponseReturnValue:
    """The form of what is kept, with what the schema says against it."""
    integration = bench().integration(integration_id)
    kept = bench().vault.get(integration.id)
    schema = credentials.form_schema(integration)
    edit, preview = _urls(integration)
    form = forms.render(
        schema,
        kept.values or ABSENT,
        prefix=PREFIX,
        problems=credentials.faults(integration, kept.values) if kept.values else (),
        edit_url=edit,
        preview_url=preview,
    )
    return _page(integration, kept, form if credentials.asks(integration) else None)


def save(integration_id: str) -> ResponseReturnValue:
    """Keep what was posted; what the form cannot read is shown again, with nothing of it lost or kept."""
    integration, pairs = bench().integration(integration_id), posted_pairs(request)[0]
    if any(name == f"{PREFIX}.op" for name, _ in pairs):
        return redraw(integration_id)
    kept, reading = _posted(integration, pairs)
    if reading.problems:
        return _page(integration, kept, _edit(integration, pairs, reading.problems).markup), 422
    bench().vault.put(integration.id, kept)
    return redirect(url_for("auth.show", integration_id=integration.id, saved=1), 303)


def redraw(integration_id: str) -> ResponseReturnValue:
    """The form after an edit that changes its shape; nothing is kept."""
    integration, pairs = bench().integration(integration_id), posted_pairs(request)[0]
    edit = _edit(integration, pairs)
    if "HX-Request" in request.headers:
        return edit.node_markup
    return _page(integration, _posted(integration, pairs)[0], edit.markup)


def preview(integration_id: str) -> ResponseReturnValue:
    """What the handler would see of the form as it stands."""
    integration = bench().integration(integration_id)
    kept, _ = _posted(integration, posted_pairs(request)[0])
    return render_template("auth/_seen.html", seen=credentials.seen(integration, kept))


def forget(integration_id: str) -> ResponseReturnValue:
    """Drop what is kept."""
    integration = bench().integration(integration_id)
    bench().vault.forget(integration.id)
    return redirect(url_for("auth.show", integration_id=integration.id), 303)


def _posted(integration: Integration, pairs: Pairs) -> tuple[Credentials, forms.Reading]:
    stored = bench().vault.get(integration.id).values
    if not credentials.asks(integration):
        return Credentials(stored, _shape(dict(pairs))), forms.Reading(stored)
    reading = forms.read(credentials.form_schema(integration), pairs, prefix=PREFIX, previous=stored)
    values: JSON = {} if reading.value is ABSENT else reading.value
    return Credentials(values, _shape(dict(pairs))), reading


def _shape(posted: Mapping[str, str]) -> AuthShape | None:
    asked = posted.get("shape", "")
    return AuthShape(asked) if asked in tuple(AuthShape) else None


def _edit(integration: Integration, pairs: Pairs, problems: tuple[forms.Problem, ...] = ()) -> forms.Edit:
    edit_url, preview_url = _urls(integration)
    return forms.edit(
        credentials.form_schema(integration),
        pairs,
        prefix=PREFIX,
        problems=problems,
        edit_url=edit_url,
        preview_url=preview_url,
        previous=bench().vault.get(integration.id).values,
    )


def _urls(integration: Integration) -> tuple[str, str]:
    edit = url_for("auth.form", integration_id=integration.id)
    return edit, url_for("auth.preview", integration_id=integration.id)


def _page(integration: Integration, kept: Credentials, form: Markup | None) -> str:
    view = AuthView(
        intro=credentials.intro(integration),
        provider=integration.auth.provider,
        scopes=integration.auth.scopes,
        form=form,
        shapes=credentials.shapes(integration.contract, kept.shape),
        seen=credentials.seen(integration, kept),
        saved="saved" in request.args,
        filled=bool(bench().vault.get(integration.id).values),
    )
    return render_template("auth/show.html", integration=integration, nav=navigate(integration, page="Auth"), auth=view)
