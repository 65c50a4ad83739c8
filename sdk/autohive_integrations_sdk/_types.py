"""Values that integrations and the SDK hand to each other: results, the account, and what config.json declares."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any


class AuthType(StrEnum):
    """Who makes the credentials, as in the platform's ``auth["auth_type"]``. Each name is its own value."""

    PlatformOauth2 = "PlatformOauth2"
    PlatformTeams = "PlatformTeams"
    ApiKey = "ApiKey"
    Basic = "Basic"
    Custom = "Custom"


class ResultType(StrEnum):
    """What an :class:`IntegrationResult` holds."""

    ACTION = "action"
    ACTION_ERROR = "action_error"
    CONNECTED_ACCOUNT = "connected_account"
    ERROR = "error"
    VALIDATION_ERROR = "validation_error"


@dataclass
class FetchResponse:
    """What ``context.fetch`` returns under contract 2: ``data`` is the parsed body, ``headers`` as received."""

    status: int
    headers: dict[str, str]
    data: Any


@dataclass
class ActionResult:
    """What an action returns when it worked: ``data`` is checked by the output schema; the cost is in US dollars."""

    data: Any
    cost_usd: float | None = None


@dataclass
class ActionError:
    """What an action returns when it could not do its work. It is not checked by a schema."""

    message: str
    cost_usd: float | None = None


@dataclass
class ConnectedAccountInfo:
    """The account of the credentials; each field as far as the service has it."""

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    username: str | None = None
    user_id: str | None = None
    avatar_url: str | None = None
    organization: str | None = None


@dataclass
class IntegrationResult:
    """What the platform gets back. ``version`` is the SDK's.

    ``result`` is what the handler returned, except for ``VALIDATION_ERROR``: there it is a dict with ``message``,
    ``property`` (pointer to the first error in the data, None where there is none), ``value`` (always None) and
    ``source`` (``input``, ``output``, ``auth`` or ``legacy``).
    """

    version: str
    type: ResultType
    result: ActionResult | ActionError | ConnectedAccountInfo | dict[str, Any]


@dataclass
class Parameter:
    """One named value of a schema, in the form that the first releases used."""

    name: str
    type: str
    description: str
    enum: list[str] | None = None
    required: bool = True
    default: Any = None


@dataclass
class SchemaDefinition:
    """What actions and triggers have in common. The schemas are JSON Schema (draft 7), as written."""

    name: str
    description: str
    input_schema: Any
    output_schema: Any = None


@dataclass
class Action(SchemaDefinition):
    """An entry of ``actions``."""


@dataclass
class PollingTrigger(SchemaDefinition):
    """An entry of ``polling_triggers``; the platform polls every ``polling_interval``."""

    polling_interval: timedelta = field(default_factory=timedelta)


@dataclass
class IntegrationConfig:
    """What ``config.json`` declares; ``auth`` is the property as written (an empty dict where there is none)."""

    name: str
    version: str
    description: str
    auth: dict[str, Any]
    actions: dict[str, Action]
    polling_triggers: dict[str, PollingTrigger]
