"""The properties of ``config.json``: the one table of the checks and of the JSON Schema that editors use."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Type(StrEnum):
    """What a property holds, in words."""

    TEXT = "a string"
    OBJECT = "an object"
    FLAG = "a boolean"
    SCHEMA = "a JSON Schema (an object)"


@dataclass(frozen=True, slots=True)
class Property:
    """A property that the SDK or the platform reads. ``about`` is what an editor shows."""

    type: Type
    about: str


TOP: Final[Mapping[str, Property]] = {
    "name": Property(Type.TEXT, "The name for programs. It stays the same for good."),
    "version": Property(Type.TEXT, "The version, by Semantic Versioning, such as 1.0.0."),
    "description": Property(Type.TEXT, "What the integration does. People and AI models choose by it."),
    "display_name": Property(Type.TEXT, "The name that people read."),
    "entry_point": Property(Type.TEXT, "The Python file in this folder that calls Integration.load()."),
    "auth": Property(Type.OBJECT, "Where the credentials come from."),
    "actions": Property(Type.OBJECT, "The actions, by the name that @….action(name) has in the code."),
    "polling_triggers": Property(Type.OBJECT, "The triggers, by the name that @….polling_trigger(name) has."),
    "supports_connected_account": Property(Type.FLAG, "Whether the code tells which account is connected."),
    "supports_billing": Property(Type.FLAG, "Whether results have a cost."),
    "icon": Property(Type.TEXT, "The image in this folder, without it icon.svg or icon.png."),
}
"""Those of the file itself."""

REQUIRED: Final = ("name", "version", "entry_point")
"""Without these, or with an empty string, nothing can be loaded."""

AUTH: Final[Mapping[str, Property]] = {
    "type": Property(Type.TEXT, "custom: people fill in fields. platform: the platform signs in."),
    "identifier": Property(Type.TEXT, "The name of these credentials for programs."),
    "title": Property(Type.TEXT, "The heading above the fields."),
    "provider": Property(Type.TEXT, "The service that the platform signs in to."),
    "fields": Property(Type.SCHEMA, "The credentials that people fill in, as a JSON Schema of type object."),
}
AUTH_TYPES: Final = ("custom", "platform", "none", "PlatformOauth2", "PlatformTeams", "ApiKey", "Basic")
"""The types that are known, in any letter case."""

ACTION: Final[Mapping[str, Property]] = {
    "description": Property(Type.TEXT, "What it does. People and AI models choose by it."),
    "display_name": Property(Type.TEXT, "The name that people read."),
    "input_schema": Property(Type.SCHEMA, "The inputs, as a JSON Schema (Draft 7) of type object."),
    "output_schema": Property(Type.SCHEMA, "The result, as a JSON Schema (Draft 7)."),
}
TRIGGER: Final[Mapping[str, Property]] = {
    **ACTION,
    "output_schema": Property(Type.SCHEMA, "The data of one record, as a JSON Schema (Draft 7)."),
    "polling_interval": Property(Type.TEXT, "How often the platform polls: a number and s, m, h or d, such as 5m."),
}

REQUIRED_OF_HANDLER: Final = frozenset({"description", "input_schema", "output_schema"})
"""Without these in an action or a trigger, every published release of the SDK fails as it loads config.json."""

SEMVER: Final = (
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?"
)
"""The grammar of Semantic Versioning 2.0.0, for ASCII digits."""

INTERVAL: Final = r"0*[1-9]\d*[smhd]"
"""The grammar of ``polling_interval``, for ASCII digits."""
