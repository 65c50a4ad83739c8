"""The form of an integration's credentials: read, rendered, and put on its page. No page ever holds a secret."""

from collections.abc import Mapping

from flask import render_template, request, url_for
from markupsafe import Markup

from workbench import forms
from workbench.domain import ABSENT, JSON, AuthShape, Credentials, Integration
from workbench.web.auth import auth_view
from workbench.web.auth.auth_view import AuthView
from workbench.web.services.app_context import app_context
from workbench.web.ui.file_fields import Pairs
from workbench.web.ui.handler_pages import navigate

PREFIX = "auth"


def saved_form(integration: Integration) -> Markup | None:
    """The form of the saved credentials with their errors; None where the integration asks for nothing."""
    if not auth_view.asks(integration):
        return None
    values = app_context().vault.get(integration.id).values
    edit, preview = _urls(integration)
    return forms.render(
        auth_view.form_schema(integration),
        values or ABSENT,
        prefix=PREFIX,
        problems=auth_view.credential_errors(integration, values) if values else (),
        edit_url=edit,
        preview_url=preview,
    )


def read(integration: Integration, pairs: Pairs) -> tuple[Credentials, forms.Reading]:
    """The posted credentials, and what the form read; secrets left unchanged are the saved ones."""
    stored = app_context().vault.get(integration.id).values
    if not auth_view.asks(integration):
        return Credentials(stored, _shape(dict(pairs))), forms.Reading(stored)
    reading = forms.read(auth_view.form_schema(integration), pairs, prefix=PREFIX, previous=stored)
    values: JSON = {} if reading.value is ABSENT else reading.value
    return Credentials(values, _shape(dict(pairs))), reading


def _shape(posted: Mapping[str, str]) -> AuthShape | None:
    asked = posted.get("shape", "")
    return AuthShape(asked) if asked in tuple(AuthShape) else None


def edit(integration: Integration, pairs: Pairs, problems: tuple[forms.Problem, ...] = ()) -> forms.Edit:
    """The form as posted, after the operation of the button that posted it."""
    edit_url, preview_url = _urls(integration)
    return forms.edit(
        auth_view.form_schema(integration),
        pairs,
        prefix=PREFIX,
        problems=problems,
        edit_url=edit_url,
        preview_url=preview_url,
        previous=app_context().vault.get(integration.id).values,
    )


def _urls(integration: Integration) -> tuple[str, str]:
    edit = url_for("auth.form", integration_id=integration.id)
    return edit, url_for("auth.preview", integration_id=integration.id)


def page(integration: Integration, credentials: Credentials, form: Markup | None) -> str:
    """The page with ``form``, and ``credentials`` as the handler would see them."""
    view = AuthView(
        intro=auth_view.intro(integration),
        provider=integration.auth.provider,
        scopes=integration.auth.scopes,
        form=form,
        shapes=auth_view.shapes(integration, credentials),
        seen=auth_view.seen(integration, credentials),
        saved="saved" in request.args,
        filled=bool(app_context().vault.get(integration.id).values),
    )
    return render_template("auth/show.html", integration=integration, nav=navigate(integration, page="Auth"), auth=view)
