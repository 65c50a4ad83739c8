"""An integration as its folder declares it. Nothing here reads the disk: the catalog builds these values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from autohive_integrations_sdk.contracts import AuthShape as AuthShape
from autohive_integrations_sdk.contracts import Contract as Contract
from autohive_integrations_sdk.contracts import ContractVersion as ContractVersion

from workbench.domain.dependencies import Dependencies
from workbench.domain.json import JSON


class Kind(StrEnum):
    """What a run calls: the handler of an action, a polling trigger or the connected account.

    ``REQUEST`` calls none of the integration's: it sends one request as a person edited it.
    """

    ACTION = "action"
    TRIGGER = "trigger"
    ACCOUNT = "account"
    REQUEST = "request"

    @property
    def is_action(self) -> bool:
        """Whether the SDK runs it as an action."""
        return self in (Kind.ACTION, Kind.REQUEST)

    @property
    def handler(self) -> "HandlerShape":
        """What the SDK expects of a handler of this kind."""
        return _HANDLERS[self]


@dataclass(frozen=True, slots=True)
class HandlerShape:
    """How the SDK registers and calls a handler, and the property of ``config.json`` that declares it.

    ``parameters`` are those of ``method``, without ``self``.
    """

    noun: str
    section: str
    decorator: str
    base: str
    method: str
    parameters: tuple[str, ...]

    @property
    def signature(self) -> str:
        """The first line of the method as it should be written."""
        return f"async def {self.method}({', '.join(('self', *self.parameters))})"


_HANDLERS = {
    Kind.ACTION: HandlerShape("action", "actions", "action", "ActionHandler", "execute", ("inputs", "context")),
    Kind.TRIGGER: HandlerShape(
        "polling trigger",
        "polling_triggers",
        "polling_trigger",
        "PollingTriggerHandler",
        "poll",
        ("inputs", "last_poll_ts", "context"),
    ),
    Kind.ACCOUNT: HandlerShape(
        "connected account",
        "supports_connected_account",
        "connected_account",
        "ConnectedAccountHandler",
        "get_account_info",
        ("context",),
    ),
    Kind.REQUEST: HandlerShape("request", "", "", "ActionHandler", "execute", ("inputs", "context")),
}


class Severity(StrEnum):
    """How bad a finding is. An error means that something cannot work."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with an integration's folder. ``path`` is relative to it; line and column count from 1.

    ``ignored`` is the reason why it does not count, empty for most; ``ignored_at`` is where that stands: ``file:line``.
    """

    code: str
    severity: Severity
    message: str
    fix: str = ""
    path: str = "config.json"
    line: int | None = None
    column: int | None = None
    pointer: str | None = None
    ignored: str = ""
    ignored_at: str = ""

    @property
    def place(self) -> str:
        """``file:line:column`` as far as it is known."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


def error_text(findings: Iterable[Finding]) -> str:
    """The errors among the findings with their places, as sentences one after the other."""
    return " ".join(f"{finding.place}: {finding.message}" for finding in findings if finding.severity is Severity.ERROR)


def without_ignored(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that count."""
    return tuple(finding for finding in findings if not finding.ignored)


@dataclass(frozen=True, slots=True)
class Action:
    """An entry of ``actions``. The schemas are kept as written, valid or not; ``line`` is where it stands."""

    name: str
    description: str = ""
    display_name: str = ""
    input_schema: JSON = field(default_factory=dict)
    output_schema: JSON = field(default_factory=dict)
    line: int | None = None

    @property
    def title(self) -> str:
        """What people call it: the display name where there is one, else the name."""
        return self.display_name or self.name


@dataclass(frozen=True, slots=True)
class Trigger:
    """An entry of ``polling_triggers``; ``polling_interval`` is as written (``5m``)."""

    name: str
    description: str = ""
    display_name: str = ""
    polling_interval: str = ""
    input_schema: JSON = field(default_factory=dict)
    output_schema: JSON = field(default_factory=dict)
    line: int | None = None

    @property
    def title(self) -> str:
        """What people call it: the display name where there is one, else the name."""
        return self.display_name or self.name


@dataclass(frozen=True, slots=True)
class Auth:
    """``auth`` as declared. ``type`` is as written (``custom``, ``platform``, …), empty where there is none.

    ``fields`` is the JSON Schema of the fields, or None; ``auth_type`` is the SDK's own word for the type.
    """

    type: str = ""
    identifier: str = ""
    title: str = ""
    provider: str = ""
    scopes: tuple[str, ...] = ()
    fields: JSON = None
    line: int | None = None

    @property
    def is_platform(self) -> bool:
        """Whether the platform makes the credentials: the handler then gets an access token and no fields."""
        return bool(self.type) and self.type.lower() != "custom" and self.fields is None

    @property
    def auth_type(self) -> str:
        """The value of ``AuthType`` that the platform would send for this integration."""
        known = {name.lower(): name for name in ("PlatformOauth2", "PlatformTeams", "ApiKey", "Basic", "Custom")}
        return known.get(self.type.lower(), "PlatformOauth2" if self.is_platform else "Custom")


@dataclass(frozen=True, slots=True)
class Integration:
    """A folder with a ``config.json``. Where the file cannot be read, ``config`` is None and ``findings`` say why.

    With ``unreadable``, the reason why the file cannot be read now, the rest is as the file was read last; ``findings``
    are those of now. ``id`` is safe in a URL and stable while the folder stays where it is; ``icon`` and
    ``entry_point`` are paths inside ``root`` (an escape out of it is a finding and leaves the icon None or the entry
    point empty).
    """

    id: str
    root: Path
    name: str
    contract: Contract
    display_name: str = ""
    version: str = ""
    description: str = ""
    icon: Path | None = None
    entry_point: str = ""
    auth: Auth = field(default_factory=Auth)
    actions: tuple[Action, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    connected_account: bool = False
    requirements: tuple[str, ...] = ()
    dependencies: Dependencies = field(default_factory=Dependencies)
    findings: tuple[Finding, ...] = ()
    config: JSON = None
    unreadable: Finding | None = None

    @property
    def title(self) -> str:
        """What people call it: the display name where there is one, else the name."""
        return self.display_name or self.name

    @property
    def subtitle(self) -> str:
        """Its name, where the title is another, and its version."""
        return " ".join(filter(None, (self.name if self.name != self.title else "", self.version)))

    @property
    def readable(self) -> bool:
        """Whether ``config.json`` was read and is an object."""
        return isinstance(self.config, dict)

    def action(self, name: str) -> Action | None:
        """The action called ``name``, or None."""
        return next((action for action in self.actions if action.name == name), None)

    def trigger(self, name: str) -> Trigger | None:
        """The polling trigger called ``name``, or None."""
        return next((trigger for trigger in self.triggers if trigger.name == name), None)
