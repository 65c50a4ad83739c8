"""The page of a profile: its form in sections, its profiles, and what the handler will see."""

from flask import render_template, request, url_for
from markupsafe import Markup

from workbench import forms
from workbench.domain import Integration
from workbench.profiles import Place, messages
from workbench.web.auth import auth_state, auth_view, credential_check, declared_fields, env_import, sections
from workbench.web.auth.auth_state import AuthState, FormUrls
from workbench.web.auth.auth_view import AuthView, DeclaredSecrecy, FormSwitch, ProfileTab, Remember
from workbench.web.auth.code_names import names_in_code
from workbench.web.auth.section_view import SectionView, secrecy_options, section_view
from workbench.web.auth.sections import Section, SectionName
from workbench.web.services.app_context import app_context
from workbench.web.ui.handler_pages import navigate
from workbench.web.ui.own_paths import own_path
from workbench.web.ui.shown_fields import NAME, shown_fields
from workbench.web.ui.widgets import Notice, Option


def render(state: AuthState, *, save: bool = False, notice: Notice | None = None) -> str:
    """The page, or for htmx its form alone. ``save`` says that errors are shown that keep it from being saved."""
    view, template = auth_page(state, save=save, notice=notice), "auth/show.html"
    if "HX-Request" in request.headers:
        template = "auth/_form.html"
    nav = navigate(state.integration, page="Auth")
    return render_template(template, integration=state.integration, nav=nav, auth=view, seen=view.seen)


def form_urls(integration: Integration) -> FormUrls:
    """What the form of the declared fields asks."""
    views = ("auth.form", "auth.preview", "auth.completions")
    return FormUrls(*(url_for(view, integration_id=integration.id) for view in views))


def auth_page(state: AuthState, *, save: bool, notice: Notice | None) -> AuthView:
    """All that the page prints; nothing in it is a secret."""
    integration, vault = state.integration, app_context().vault
    edit = auth_state.form_of(state, form_urls(integration), save=save)
    shown, token = auth_state.page_draft(state, edit)
    return AuthView(
        intro=auth_view.intro(integration),
        provider=integration.auth.provider,
        scopes=integration.auth.scopes,
        form=edit.markup if edit else Markup(),
        switch=_switch(edit),
        shown_fields=_shown_fields(edit),
        sections=_sections(state, shown, save=save),
        secrecies=_secrecies(state),
        shapes=auth_view.shapes(integration, state.credentials),
        auth_type=state.credentials.auth_type,
        own_auth_type=integration.auth.auth_type,
        seen=auth_view.seen(integration, state.credentials),
        profile=state.saved_name,
        draft=token,
        tabs=_tabs(integration, state.saved_name),
        remember=_remember(state),
        checks=credential_check.choices(integration, state.profile.check),
        check=credential_check.result_of(integration, credential_check.asked_run()),
        has_folder_file=env_import.has_folder_file(integration),
        notices=(*((notice,) if notice else ()), *_notices(state)),
        back=own_path(request.values.get("back", ""), ""),
        filled=vault.profile(integration.id, state.saved_name).credentials != type(state.credentials)(),
    )


def _switch(edit: forms.Edit | None) -> FormSwitch | None:
    """The button that makes JSON text of the form, or a form of that."""
    if edit is None:
        return None
    is_json = edit.mode is forms.Mode.JSON
    return FormSwitch("Edit as form" if is_json else "Edit as JSON", forms.AS_FORM if is_json else forms.AS_JSON)


def _shown_fields(edit: forms.Edit | None) -> tuple[Option, ...]:
    """Which fields of the form can be shown; none where it is JSON text, or there is no form."""
    if edit is None or edit.mode is forms.Mode.JSON:
        return ()
    return shown_fields(request.form.get(NAME, ""))


def _sections(state: AuthState, shown: tuple[Section, ...], *, save: bool) -> tuple[SectionView, ...]:
    names = names_in_code(state.integration)
    declared = [
        one.name for one in names[SectionName.CREDENTIALS] if declared_fields.declares(state.integration, one.name)
    ]
    is_platform = state.integration.auth.is_platform
    mark = "" if is_platform else "not declared in auth.fields"
    return tuple(
        section_view(
            one,
            names[one.name],
            declared if one.name is SectionName.CREDENTIALS else (),
            mark if one.name is SectionName.CREDENTIALS else "",
            show_blank=save,
            was_added=request.form.get(auth_state.OPERATION, "").startswith(f"{one.name}.add:"),
        )
        for one in shown
    )


def _secrecies(state: AuthState) -> tuple[DeclaredSecrecy, ...]:
    credentials = state.credentials
    return tuple(
        DeclaredSecrecy(one.name, secrecy_options(sections.secrecy_of(one.name, credentials), one.by_name))
        for one in declared_fields.secrecies(state.integration)
    )


def _tabs(integration: Integration, current: str) -> tuple[ProfileTab, ...]:
    profiles = app_context().vault.profiles
    return tuple(
        ProfileTab(name, url_for("auth.show", integration_id=integration.id, profile=name), name == current)
        for name in profiles.names(integration.root)
    )


def _remember(state: AuthState) -> Remember:
    profiles, root = app_context().vault.profiles, state.integration.root
    place = profiles.place(root, state.saved_name)
    path = profiles.path(root)
    asked = "remember" in request.form if state.pairs is not None else place is not Place.SESSION
    return Remember(asked, messages.next_place(profiles.next_place, path), messages.where(place, path))


def _notices(state: AuthState) -> tuple[Notice, ...]:
    saved = app_context().vault.profiles.saved(state.integration.root)
    found = [Notice(text, "warn") for text in messages.remarks(saved)]
    if state.is_draft:
        found.insert(0, Notice("Not saved yet.", "warn"))
    return tuple(found)
