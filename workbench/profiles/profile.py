"""``Profile``: a named set of credentials of one integration, and its form as JSON."""

from dataclasses import dataclass, field
from typing import Final

from workbench.domain import JSON, AuthShape, Credentials, EnvironmentVariable

DEFAULT: Final = "default"
"""The profile that an integration has before anybody names one."""
_LONGEST_NAME: Final = 60


class InvalidName(ValueError):
    """The text cannot be the name of a profile; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set. ``check`` is the action that "Check credentials" runs; empty for the connected account."""

    name: str = DEFAULT
    credentials: Credentials = field(default_factory=Credentials)
    check: str = ""


def checked_name(text: str) -> str:
    """``text`` as the name of a profile, without white space around it. Raises :class:`InvalidName`."""
    name = text.strip()
    if not name:
        raise InvalidName("The profile has no name. Type one.")
    if len(name) > _LONGEST_NAME:
        raise InvalidName(f"The name is longer than {_LONGEST_NAME} characters. Type a shorter one.")
    if not name.isprintable():
        raise InvalidName("The name contains a character that cannot be printed. Type another name.")
    return name


def to_document(profile: Profile) -> JSON:
    """The profile as JSON, secrets and all."""
    credentials = profile.credentials
    return {
        "name": profile.name,
        "values": credentials.values,
        "shape": credentials.shape,
        "auth_type": credentials.auth_type,
        "metadata": credentials.metadata,
        "environment": [{"name": one.name, "value": one.value} for one in credentials.environment],
        "secret_names": list[JSON](sorted(credentials.secret_names)),
        "public_names": list[JSON](sorted(credentials.public_names)),
        "check": profile.check,
    }


def from_document(document: JSON) -> Profile:
    """The profile that :func:`to_document` gave. Raises ValueError for anything else."""
    if not isinstance(document, dict):
        raise ValueError("not an object")
    shape = document.get("shape")
    environment = document.get("environment", [])
    if not isinstance(environment, list):
        raise ValueError("environment is not an array")
    credentials = Credentials(
        values=document.get("values", {}),
        shape=None if shape is None else AuthShape(_text(shape)),
        auth_type=_text(document.get("auth_type", "")),
        metadata=document.get("metadata", {}),
        environment=tuple(map(_variable, environment)),
        secret_names=_names(document.get("secret_names", [])),
        public_names=_names(document.get("public_names", [])),
    )
    return Profile(checked_name(_text(document.get("name"))), credentials, _text(document.get("check", "")))


def _variable(document: JSON) -> EnvironmentVariable:
    if not isinstance(document, dict):
        raise ValueError("a variable is not an object")
    value = document.get("value")
    return EnvironmentVariable(_text(document.get("name")), None if value is None else _text(value))


def _names(document: JSON) -> frozenset[str]:
    if not isinstance(document, list):
        raise ValueError("the names are not an array")
    return frozenset(map(_text, document))


def _text(value: JSON) -> str:
    if not isinstance(value, str):
        raise ValueError("not a string")
    return value
