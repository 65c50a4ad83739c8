"""The auth page: which fields are asked for, what of them must not be shown, and what the handler will see."""

from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from workbench.catalog import auth_shape
from workbench.domain import AuthShape, Credentials, Integration, shaped_auth
from workbench.domain.masked_text import join
from workbench.events.secrets import masked_auth, rules_of
from workbench.explain.auth_shape import sentence
from workbench.forms.jsontext import dumps
from workbench.web.auth import declared_fields
from workbench.web.auth.credential_check import CheckResult
from workbench.web.auth.section_view import SectionView
from workbench.web.services.app_context import app_context
from workbench.web.ui.widgets import Notice, Option

_MOST_LINES: Final = 1_000
"""Lines of the value of context.auth that the page shows."""


@dataclass(frozen=True, slots=True)
class ProfileTab:
    """A profile to open."""

    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Remember:
    """Whether the profile is to be saved on this machine, where it would be (empty: nowhere), and where it is now."""

    chosen: bool
    place: str
    now: str


@dataclass(frozen=True, slots=True)
class DeclaredSecrecy:
    """A declared field, and what a person says of its secrecy."""

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class AuthView:
    """All that the page prints. ``form`` is empty where no fields are declared; ``seen`` is masked.

    ``checks`` are what the check of credentials can run, ``check`` is its result. ``profile`` is the name of the
    profile, ``draft`` the token of what the page was rendered from. ``filled`` is whether anything is saved in it.
    ``back`` is the page to which saving leads.
    """

    intro: str
    provider: str
    scopes: tuple[str, ...]
    form: Markup
    sections: tuple[SectionView, ...]
    secrecies: tuple[DeclaredSecrecy, ...]
    shapes: tuple[Option, ...]
    auth_type: str
    own_auth_type: str
    seen: "Seen"
    profile: str
    draft: str
    tabs: tuple[ProfileTab, ...]
    remember: Remember
    checks: tuple[Option, ...] = ()
    check: CheckResult | None = None
    has_folder_file: bool = False
    notices: tuple[Notice, ...] = ()
    filled: bool = False
    back: str = ""
    switch: "FormSwitch | None" = None
    shown_fields: tuple[Option, ...] = ()

    auth_types: tuple[str, ...] = ("PlatformOauth2", "PlatformTeams", "ApiKey", "Basic", "Custom")


@dataclass(frozen=True, slots=True)
class FormSwitch:
    """The button between the form and its JSON text: its text and the operation that it posts."""

    text: str
    operation: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What ``context.auth`` will be, masked, and why in that shape."""

    text: str
    reason: str


def intro(integration: Integration) -> str:
    """Who asks for the values, in a sentence."""
    auth = integration.auth
    if auth.is_platform:
        whose = f" of {auth.provider}" if auth.provider else ""
        return f"The platform makes an access token{whose} for this integration. Enter one of your own here."
    if not declared_fields.asks(integration):
        return "This integration needs no credentials."
    details = ", ".join(filter(None, (f"type {auth.type}" if auth.type else "", auth.identifier)))
    return f"Declared in auth.fields of config.json{f' ({details})' if details else ''}."


def seen(integration: Integration, kept: Credentials) -> Seen:
    """What the handler will see of ``kept``."""
    decision = auth_shape(integration, kept, app_context().catalog.reads(integration))
    auth = shaped_auth(kept.values, decision.shape, kept.auth_type or integration.auth.auth_type)
    shown = dumps(masked_auth(integration.auth.fields, auth, rules_of(kept)), indent=2)
    return Seen(_beginning(shown), sentence(decision, integration.contract))


def _beginning(text: str) -> str:
    """Its first lines, and how many follow."""
    lines = text.splitlines()
    if len(lines) <= _MOST_LINES:
        return text
    return join((*lines[:_MOST_LINES], f"… {len(lines) - _MOST_LINES:,} more lines"), "\n")


def shapes(integration: Integration, kept: Credentials) -> tuple[Option, ...]:
    """The shape that nobody need choose, then each by its name."""
    own = auth_shape(integration, replace(kept, shape=None), app_context().catalog.reads(integration)).shape
    return (
        Option("", f"automatic ({own})", kept.shape is None),
        *(Option(shape, shape, shape is kept.shape) for shape in AuthShape),
    )
