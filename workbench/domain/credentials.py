"""What a run gets besides its inputs: credentials and their shape, metadata, environment variables."""

from dataclasses import dataclass, field
from enum import StrEnum

from autohive_integrations_sdk.contracts import AuthShape as AuthShape

from workbench.domain.json import JSON


class ShapeRule(StrEnum):
    """What decided on the shape of ``context.auth``, the first that applies."""

    GIVEN = "given"
    CHOSEN = "chosen"
    PLATFORM = "platform"
    CODE = "code"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class ShapeReason:
    """Why ``context.auth`` has its shape.

    ``GIVEN``: the values are an envelope already, which is passed on as it is. ``CHOSEN``: by a person. ``PLATFORM``:
    the platform makes the credentials. ``CODE``: the integration reads them one way only, first at ``file`` (relative
    to its folder) and ``line``. ``CONTRACT``: none of these, so the SDK contract decides.
    """

    rule: ShapeRule = ShapeRule.CONTRACT
    file: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ShapeDecision:
    """The shape of ``context.auth`` and the reason for it."""

    shape: AuthShape
    reason: ShapeReason = field(default_factory=ShapeReason)


@dataclass(frozen=True, slots=True)
class EnvironmentVariable:
    """An environment variable of a run. A ``value`` of None takes it out of the environment."""

    name: str
    value: str | None = field(default=None, repr=False)

    @property
    def error(self) -> str | None:
        """Why the system cannot set it, in a sentence; None where it can."""
        if not self.name:
            return "The name of an environment variable is empty."
        if "=" in self.name or "\0" in self.name:
            return f"{self.name!r} is not the name of an environment variable: it contains = or a NUL character."
        if self.value is not None and "\0" in self.value:
            return f"The value of {self.name} contains a NUL character."
        try:
            f"{self.name}{self.value}".encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return f"{self.name} contains half of a surrogate pair."
        return None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was saved for an integration, and what its runs get besides their inputs.

    ``values`` are the credentials, those that ``auth.fields`` declares and others, or a whole envelope, which is passed
    on as it is. ``shape`` is None where nobody chose one; ``auth_type`` is empty where it is the integration's own.
    ``metadata`` becomes ``context.metadata``. ``environment`` is set over the inherited environment. ``secret_names``
    and ``public_names`` are corrections: the names of values (credentials, metadata, variables) that are secrets, or
    are not, whatever the rules say.
    """

    values: JSON = field(default_factory=dict, repr=False)
    shape: AuthShape | None = None
    auth_type: str = ""
    metadata: JSON = field(default_factory=dict, repr=False)
    environment: tuple[EnvironmentVariable, ...] = ()
    secret_names: frozenset[str] = frozenset()
    public_names: frozenset[str] = frozenset()


def is_envelope(auth: JSON) -> bool:
    """Whether ``auth`` is an envelope: an object with an object ``credentials``."""
    return isinstance(auth, dict) and isinstance(auth.get("credentials"), dict)


def credential_values(auth: JSON) -> JSON:
    """The values of ``auth``, taken out of the envelope where there is one."""
    if isinstance(auth, dict) and isinstance(auth.get("credentials"), dict):
        return auth["credentials"]
    return auth


def shaped_auth(auth: JSON, shape: AuthShape, auth_type: str) -> JSON:
    """The values in the asked shape; an envelope is left as it is."""
    if is_envelope(auth):
        return auth
    return {"auth_type": auth_type, "credentials": auth} if shape is AuthShape.ENVELOPE else auth


def undeclared_names(fields: JSON, auth: JSON) -> tuple[str, ...]:
    """The names of credentials that ``fields``, the schema of the declared ones, does not have.

    Without a schema the platform makes the credentials, and only the access token is sure to be among them.
    """
    properties = fields.get("properties") if isinstance(fields, dict) else None
    declared = properties if isinstance(properties, dict) else ("access_token",)
    values = credential_values(auth)
    return tuple(name for name in values if name not in declared) if isinstance(values, dict) else ()
