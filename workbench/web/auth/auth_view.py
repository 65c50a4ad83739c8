"""The auth page: which fields are asked for, what of them must not be shown, and what the handler will see."""

from dataclasses import dataclass, replace

from markupsafe import Markup

from workbench.catalog import auth_shape
from workbench.domain import (
    JSON,
    AuthShape,
    Credentials,
    ErrorCode,
    Integration,
    Side,
    ValidationError,
    shaped_auth,
)
from workbench.events.secrets import masked_auth, rules_of, secrets_of
from workbench.explain.auth_shape import sentence
from workbench.forms.jsontext import dumps
from workbench.schema import diagnose
from workbench.web.ui.widgets import Option

_PROBE = "a value that is long enough to be a secret"


@dataclass(frozen=True, slots=True)
class AuthView:
    """All that the page prints. ``form`` is None where the integration asks for nothing; ``seen`` is masked."""

    intro: str
    provider: str
    scopes: tuple[str, ...]
    form: Markup | None
    shapes: tuple[Option, ...]
    seen: "Seen"
    saved: bool = False
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What ``context.auth`` will be, masked, and why in that shape."""

    text: str
    reason: str


def asks(integration: Integration) -> bool:
    """Whether there is anything to fill in."""
    return integration.auth.is_platform or isinstance(integration.auth.fields, dict)


def form_schema(integration: Integration) -> JSON:
    """The schema of the form: every field that is a secret by its name or format is a password field in it."""
    if integration.auth.is_platform:
        return _platform_schema(integration.auth.provider, has_scopes=bool(integration.auth.scopes))
    return _guarded(integration.auth.fields)


def intro(integration: Integration) -> str:
    """Who asks for the values, in a sentence."""
    auth = integration.auth
    if auth.is_platform:
        whose = f" of {auth.provider}" if auth.provider else ""
        return f"The platform makes an access token{whose} for this integration. Here you give one of your own."
    if not asks(integration):
        return "This integration asks for no credentials: context.auth is empty."
    details = ", ".join(filter(None, (f"type {auth.type}" if auth.type else "", auth.identifier)))
    return f"Asked for by auth.fields in config.json{f' ({details})' if details else ''}."


def seen(integration: Integration, kept: Credentials) -> Seen:
    """What the handler will see of ``kept``."""
    decision = auth_shape(integration, kept)
    auth = shaped_auth(kept.values, decision.shape, kept.auth_type or integration.auth.auth_type)
    shown = dumps(masked_auth(integration.auth.fields, auth, rules_of(kept)), indent=2)
    return Seen(shown, sentence(decision, integration.contract))


def credential_errors(integration: Integration, values: JSON) -> list[ValidationError]:
    """The errors of ``values``, in sentences without any value: it may be a secret."""
    found = diagnose(form_schema(integration), values).errors
    return [_valueless(each) for each in found]


def _valueless(error: ValidationError) -> ValidationError:
    message = "This is required." if error.keyword == "required" else f"Expected {error.expected}."
    code = ErrorCode.OTHER
    return ValidationError(Side.AUTH, error.pointer, error.schema_pointer, error.keyword, message, code=code)


def shapes(integration: Integration, kept: Credentials) -> tuple[Option, ...]:
    """The shape that nobody need choose, then each by its name."""
    own = auth_shape(integration, replace(kept, shape=None)).shape
    return (
        Option("", f"automatic ({own})", kept.shape is None),
        *(Option(shape, shape, shape is kept.shape) for shape in AuthShape),
    )


def _platform_schema(provider: str, *, has_scopes: bool) -> JSON:
    named = " with the scopes below" if has_scopes else ""
    token: JSON = {
        "type": "string",
        "format": "password",
        "label": "Access token",
        "help_text": f"A token of {provider or 'the service'}{named}. The SDK's fetch sends it as a bearer token.",
    }
    return {"type": "object", "properties": {"access_token": token}, "required": ["access_token"]}


def _guarded(schema: JSON) -> JSON:
    """``schema`` with ``format: password`` on each text field that holds a secret."""
    if not isinstance(schema, dict) or not isinstance(properties := schema.get("properties"), dict):
        return schema
    return schema | {"properties": {name: _guarded_field(name, field) for name, field in properties.items()}}


def _guarded_field(name: str, field: JSON) -> JSON:
    if not isinstance(field, dict):
        return field
    if isinstance(field.get("properties"), dict):
        return _guarded(field)
    if field.get("type", "string") != "string" or "enum" in field:
        return field
    is_secret = bool(secrets_of({"properties": {name: field}}, {name: _PROBE}))
    return field | {"format": "password"} if is_secret else field
