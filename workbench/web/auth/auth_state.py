"""``AuthState``: one profile as the page has it, loaded or posted, and what is read of it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from flask import request
from markupsafe import Markup

from workbench import forms
from workbench.domain import ABSENT, JSON, Absent, AuthShape, Credentials, EnvironmentVariable, Integration
from workbench.events.secrets import rules_of
from workbench.forms.stored_secrets import overlay
from workbench.profiles import InvalidName, Profile, ProfilesError, checked_name
from workbench.web.auth import declared_fields, sections
from workbench.web.auth.sections import Section, SectionName
from workbench.web.auth.value_rows import Secrecy, stored_key
from workbench.web.services.app_context import app_context
from workbench.web.services.drafts import Draft
from workbench.web.ui.file_fields import Pairs, posted_pairs

PREFIX = "auth"
OPERATION = "op"
"""The name that the buttons of the sections post; those of the form of declared fields post ``auth.op``."""
_LONGEST_TYPE = 80


@dataclass(frozen=True, slots=True)
class FormUrls:
    """Where the form posts its edits to, and itself for the preview; where its editor of JSON asks what may follow."""

    edit: str
    preview: str
    completions: str


@dataclass(frozen=True, slots=True)
class AuthState:
    """What the page has of one profile.

    ``saved_name`` is the name of the profile in the store; ``profile`` is what was read, secrets and all. ``base`` is
    where unchanged secrets come from. ``pairs`` are the posted fields, None for a page that is opened.
    """

    integration: Integration
    saved_name: str
    profile: Profile
    base: Draft
    sections: tuple[Section, ...]
    pairs: Pairs | None = None
    reading: forms.FormData = field(default_factory=lambda: forms.FormData(ABSENT))
    is_draft: bool = False

    @property
    def credentials(self) -> Credentials:
        """What was read of the credentials."""
        return self.profile.credentials

    @property
    def has_errors(self) -> bool:
        """Whether something keeps the profile from being saved."""
        return bool(self.reading.errors) or any(section.has_errors for section in self.sections)

    def draft(self) -> Draft:
        """What was read, to be stored while the page is away."""
        return _draft_of(self.integration, self.profile)


def load(integration: Integration) -> AuthState:
    """The profile that the URL names, else the selected one; as it was typed where the URL names a draft."""
    vault = app_context().vault
    saved = vault.profile(integration.id, request.args.get("profile", ""))
    draft = app_context().drafts.get(integration.id, request.args.get("draft", ""), Draft)
    profile = draft.profile if draft else saved
    return of_profile(integration, saved.name, profile, is_draft=profile.credentials != saved.credentials)


def of_profile(integration: Integration, saved_name: str, profile: Profile, *, is_draft: bool = False) -> AuthState:
    """The state of a page with ``profile``."""
    credentials = profile.credentials
    loaded = tuple(
        sections.load(name, sections.values_of(name, credentials, _Declares(integration)), credentials)
        for name in SectionName
    )
    return AuthState(integration, saved_name, profile, _draft_of(integration, profile), loaded, is_draft=is_draft)


def read_posted(integration: Integration) -> AuthState:
    """The profile as posted, after the operation of a button of a section."""
    pairs, _ = posted_pairs(request)
    values = dict(pairs)
    saved = _saved(integration, values.get("profile", ""))
    base = app_context().drafts.get(integration.id, values.get("draft", ""), Draft) or _draft_of(integration, saved)
    rows = _stored_rows(integration, base)
    declares = _Declares(integration)
    parsed = tuple(sections.parse(name, pairs, rows, declares, values.get(OPERATION, "")) for name in SectionName)
    credentials = Credentials(
        shape=_shape(values),
        auth_type=values.get("auth_type", "").strip()[:_LONGEST_TYPE],
        metadata=parsed[1].reading.values,
        environment=tuple(
            EnvironmentVariable(name, value if isinstance(value, str) else None)
            for name, value in parsed[2].reading.values.items()
        ),
        secret_names=_said(pairs, parsed, Secrecy.SECRET),
        public_names=_said(pairs, parsed, Secrecy.PUBLIC),
    )
    reading = _declared(integration, pairs, base)
    credentials = replace(credentials, values=_join(reading.value, parsed[0].reading.values))
    profile = Profile(saved.name, credentials, values.get("check", saved.check))
    return AuthState(integration, saved.name, profile, base, parsed, pairs, reading, is_draft=True)


def _saved(integration: Integration, name: str) -> Profile:
    """The profile that a page was opened for; an empty one where it was deleted meanwhile, never another one."""
    vault = app_context().vault
    if not name:
        return vault.profile(integration.id)
    try:
        return vault.profiles.find(integration.root, name) or Profile(checked_name(name))
    except InvalidName:
        return vault.profile(integration.id)


def remember_check(state: AuthState) -> None:
    """Store what a check runs with the profile, whether the rest of it is saved or not."""
    profiles, root = app_context().vault.profiles, state.integration.root
    saved = profiles.find(root, state.saved_name)
    if saved is not None and saved.check != state.profile.check:
        with suppress(ProfilesError):  # it is in memory then
            profiles.put(root, replace(saved, check=state.profile.check))


def page_draft(state: AuthState, edit: forms.Edit | None) -> tuple[tuple[Section, ...], str]:
    """The sections without their secrets, and the token of the draft that holds these and those of ``edit``."""
    stored = edit.reading.stored if edit else ()
    secrets = (edit.held if edit else None) or _held(state)
    rules = rules_of(state.credentials)
    held: dict[str, JSON] = {}
    shown = tuple(sections.shown(section, rules, held) for section in state.sections)
    declared = overlay(secrets.previous, state.reading.value, stored) if stored else secrets.previous
    rows = _stored_rows(state.integration, state.base) | held
    draft = Draft(state.profile, state.base.schema, declared, rows, secrets.masks)
    return shown, app_context().drafts.put(state.integration.id, draft)


def form_of(state: AuthState, urls: FormUrls, *, save: bool) -> forms.Edit | None:
    """The form of the declared fields; None where there are none. ``save``: with what keeps it from being saved."""
    if not declared_fields.asks(state.integration):
        return None
    if state.pairs is not None:
        return forms.edit(
            state.base.schema,
            state.pairs,
            prefix=PREFIX,
            errors=state.reading.errors if save else (),
            edit_url=urls.edit,
            preview_url=urls.preview,
            complete_url=urls.completions,
            held=_held(state),
            store_secrets="HX-Request" not in request.headers,
        )
    values = declared_fields.declared_values(state.integration, state.credentials.values)
    errors = declared_fields.credential_errors(state.integration, state.credentials.values)
    return forms.open_form(
        state.base.schema,
        values or ABSENT,
        prefix=PREFIX,
        errors=errors if state.credentials.values else (),
        edit_url=urls.edit,
        preview_url=urls.preview,
        complete_url=urls.completions,
        masks_secrets=True,
    )


def edited_node(state: AuthState, urls: FormUrls) -> Markup | None:
    """The node of the form of declared fields that a button changed; None where more of the page did."""
    made = form_of(state, urls, save=False)
    if made is None or made.held != _held(state) or made.node_id == f"{PREFIX}-form":
        return None
    return made.node_markup


def _held(state: AuthState) -> forms.HeldSecrets:
    """Where the unchanged secrets of the form come from, and what its masks stand for."""
    return forms.HeldSecrets(state.base.declared, state.base.masks)


@dataclass(frozen=True, slots=True)
class _Declares:
    """Whether a name has a field of its own, each name looked up once."""

    integration: Integration
    _known: dict[str, bool] = field(default_factory=dict)

    def __call__(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = declared_fields.declares(self.integration, name)
        return self._known[name]


def _draft_of(integration: Integration, profile: Profile) -> Draft:
    """What a page of ``profile`` is rendered from."""
    schema = declared_fields.form_schema(integration, profile.credentials)
    return Draft(profile, schema, declared_fields.declared_values(integration, profile.credentials.values))


def _stored_rows(integration: Integration, base: Draft) -> dict[str, JSON]:
    """The values of the rows of ``base``, by the keys that the page has for them."""
    declares = _Declares(integration)
    named = {
        stored_key(name, key): value
        for name in SectionName
        for key, value in sections.values_of(name, base.profile.credentials, declares).items()
    }
    return named | dict(base.rows)


def _declared(integration: Integration, pairs: Pairs, base: Draft) -> forms.FormData:
    if not declared_fields.asks(integration):
        return forms.FormData({})
    return forms.read(base.schema, pairs, prefix=PREFIX, held=forms.HeldSecrets(base.declared, base.masks))


def _join(declared: JSON | Absent, extra: Mapping[str, JSON]) -> JSON:
    """The declared values and the others as one object; what is not an object has no others."""
    values: JSON = {} if declared is ABSENT else declared
    return {**values, **extra} if isinstance(values, dict) else values


def _shape(values: Mapping[str, str]) -> AuthShape | None:
    asked = values.get("shape", "")
    return AuthShape(asked) if asked in tuple(AuthShape) else None


def _said(pairs: Pairs, parsed: tuple[Section, ...], secrecy: Secrecy) -> frozenset[str]:
    """The names of which a person said ``secrecy``: rows by their own select, declared fields by theirs."""
    names = [text for name, text in pairs if name == "secrecy.name"]
    said = [text for name, text in pairs if name == "secrecy.choice"]
    declared = {name for name, choice in zip(names, said, strict=False) if choice == secrecy}
    rows = {row.name for section in parsed for row in section.reading.rows if row.secrecy is secrecy and row.name}
    return frozenset(declared | rows)
