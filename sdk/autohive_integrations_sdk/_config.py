"""Finding, reading and understanding ``config.json``."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from autohive_integrations_sdk._errors import ConfigurationError
from autohive_integrations_sdk._types import Action, IntegrationConfig, PollingTrigger

CONFIG_NAME = "config.json"
_INTERVAL = re.compile(r"\s*(?P<number>[0-9]+)(?P<unit>[smhd])\s*", re.IGNORECASE)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def find_config(caller: Path, package: Path = Path(__file__).parent) -> Path:
    """The ``config.json`` beside the calling file, else the one beside ``dependencies/`` where the SDK is vendored.

    Raises ConfigurationError with every place that was looked at.
    """
    places = [caller.parent / CONFIG_NAME]
    if package.parent.name == "dependencies":
        places.append(package.parent.parent / CONFIG_NAME)
    for place in places:
        if place.is_file():
            return place
    looked = " and ".join(map(str, places))
    raise ConfigurationError(
        f"Configuration file not found: {looked}. Put config.json beside the file that calls Integration.load(), "
        "or pass its path."
    )


def read_config(path: Path) -> IntegrationConfig:
    """Read a ``config.json``, always as UTF-8. Raises ConfigurationError that says what is wrong, and where."""
    return parse_config(_read_json(path), path)


def parse_config(document: object, path: Path | str = CONFIG_NAME) -> IntegrationConfig:
    """The declarations of a parsed ``config.json``; ConfigurationError where a property has the wrong shape."""
    root = _object(document, "", path)
    return IntegrationConfig(
        name=_text(root, "name", "", path, required=True),
        version=_text(root, "version", "", path, required=True),
        description=_text(root, "description", "", path),
        auth=dict(_members(root, "auth", "", path)),
        actions=parse_actions(_members(root, "actions", "", path), path),
        polling_triggers=parse_triggers(_members(root, "polling_triggers", "", path), path),
    )


def parse_actions(members: Mapping[str, Any], path: Path | str = CONFIG_NAME) -> dict[str, Action]:
    """The entries of ``actions``."""
    return {name: Action(name, **_definition("actions", name, entry, path)) for name, entry in members.items()}


def parse_triggers(members: Mapping[str, Any], path: Path | str = CONFIG_NAME) -> dict[str, PollingTrigger]:
    """The entries of ``polling_triggers``."""
    return {
        name: PollingTrigger(
            name,
            **_definition("polling_triggers", name, entry, path),
            polling_interval=_interval(entry, f"/polling_triggers/{_escape(name)}", path),
        )
        for name, entry in members.items()
    }


def parse_interval(text: object) -> timedelta:
    """``30s``, ``5m``, ``2h`` or ``1d`` as a duration above zero; ConfigurationError for anything else."""
    match = _INTERVAL.fullmatch(text) if isinstance(text, str) else None
    if match is not None and int(match["number"]) > 0:
        try:
            return timedelta(**{_UNITS[match["unit"].lower()]: int(match["number"])})
        except OverflowError:
            pass
    raise ConfigurationError(
        f"Invalid interval format: {text!r}. Write a whole number above zero and one of s, m, h, d: 30s, 5m, 2h, 1d."
    )


def _read_json(path: Path) -> object:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ConfigurationError(f"Configuration file not found: {path}") from None
    except OSError as error:
        raise ConfigurationError(f"Configuration file {path} cannot be read: {error.strerror or error}") from error
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            f"Configuration file {path} is not UTF-8: byte 0x{raw[error.start]:02x} in line {line}. Save it as UTF-8."
        ) from error
    except json.JSONDecodeError as error:
        raise ConfigurationError(
            f"Invalid JSON configuration: {error.msg} in line {error.lineno}, column {error.colno} of {path}"
        ) from error
    except (RecursionError, ValueError) as error:
        raise ConfigurationError(f"Invalid JSON configuration: {path} cannot be read: {error}") from error


def _definition(kind: str, name: str, entry: object, path: Path | str) -> dict[str, Any]:
    place = f"/{kind}/{_escape(name)}"
    members = _object(entry, place, path)
    return {
        "description": _text(members, "description", place, path),
        "input_schema": _schema(members, "input_schema", place, path),
        "output_schema": _schema(members, "output_schema", place, path),
    }


def _schema(members: Mapping[str, Any], key: str, place: str, path: Path | str) -> Any:
    """A schema as written; where there is none, the one that allows anything."""
    schema = members.get(key, {})
    if isinstance(schema, (dict, bool)):
        return schema
    raise _wrong(f"{place}/{key}", "a JSON Schema (an object)", schema, path)


def _interval(entry: Mapping[str, Any], place: str, path: Path | str) -> timedelta:
    if "polling_interval" not in entry:
        raise ConfigurationError(f'{path}: {place} has no "polling_interval". Add one, such as "5m".')
    try:
        return parse_interval(entry["polling_interval"])
    except ConfigurationError as error:
        raise ConfigurationError(f"{error.message} ({path}: {place}/polling_interval)") from None


def _object(value: object, place: str, path: Path | str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise _wrong(place, "an object", value, path)


def _members(root: Mapping[str, Any], key: str, place: str, path: Path | str) -> dict[str, Any]:
    """An object-valued property; one that is absent or null is empty."""
    value = root.get(key)
    return {} if value is None else _object(value, f"{place}/{key}", path)


def _text(members: Mapping[str, Any], key: str, place: str, path: Path | str, *, required: bool = False) -> str:
    if required and key not in members:
        raise ConfigurationError(f'{path}: {place or "the top level"} has no "{key}". Add it.')
    value = members.get(key, "")
    if isinstance(value, str):
        return value
    raise _wrong(f"{place}/{key}", "a string", value, path)


def _wrong(place: str, wanted: str, value: object, path: Path | str) -> ConfigurationError:
    kind = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return ConfigurationError(
        f"{path}: {place or 'the top level'} must be {wanted}, not {kind.get(type(value), 'a number')}."
    )


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
