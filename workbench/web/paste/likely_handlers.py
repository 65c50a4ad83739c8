"""Which handlers a pasted message and its payload most likely came from."""

import re
from collections.abc import Iterable

from workbench.domain import ABSENT, JSON, Absent, Integration, Kind
from workbench.schema import diagnose, says, shared_names
from workbench.web.ui.handlers import Handler, handlers

type Choice = tuple[Integration, Handler]

_NAMED = 10.0
"""What it counts that the message has the handler's name."""
_SAID = 0.5
"""What it counts that the message is one that a schema's error has."""
_ALIKE = 12
"""Handlers, the likeliest by their names, whose schemas the payload is validated against."""
_SMALL = 2_000
"""Properties of a payload up to which that is done."""


def choices(integrations: Iterable[Integration]) -> list[Choice]:
    """Every action and trigger."""
    kinds = (Kind.ACTION, Kind.TRIGGER)
    return [(each, handler) for each in integrations for kind in kinds for handler in handlers(each, kind)]


def rank(of: Iterable[Choice], message: str, source: str, payload: JSON | Absent) -> list[tuple[float, Choice]]:
    """Those for which anything speaks, the likeliest first, each with its weight; equal weights are equally likely.

    ``source`` is the value that the message speaks of (``input`` or ``output``), empty where it does not say.
    """
    words = set(re.findall(r"[\w-]+", message))
    found = [(_named(choice, words) + _alike(choice[1], source, payload), choice) for choice in of]
    likely = sorted((each for each in found if each[0] > 0), key=lambda each: -each[0])
    fitting = [(weight + _fit(choice[1], source, payload, message), choice) for weight, choice in likely[:_ALIKE]]
    return sorted(fitting, key=lambda each: -each[0]) + likely[_ALIKE:]


def _named(choice: Choice, words: set[str]) -> float:
    integration, handler = choice
    return _NAMED * (handler.name in words) + _NAMED / 4 * (integration.name in words)


def _alike(handler: Handler, source: str, payload: JSON | Absent) -> float:
    """How many of the names of payload and schema are shared, from 0 to 1."""
    return max((shared_names(value, schema) for value, schema in _pairs(handler, source, payload)), default=0.0)


def _fit(handler: Handler, source: str, payload: JSON | Absent, message: str) -> float:
    """A little for a schema of such names that the payload breaks in few places, more where the message says so."""
    if payload is ABSENT or (isinstance(payload, dict | list) and len(payload) > _SMALL):
        return 0.0
    of = [(value, schema) for value, schema in _pairs(handler, source, payload) if shared_names(value, schema)]
    found = [(diagnose(schema, value).errors, value) for value, schema in of]
    return max((_SAID * any(says(message, one, value) for one in errors) + 0.1 / (1 + len(errors))
                for errors, value in found), default=0.0)  # fmt: skip


def _pairs(handler: Handler, source: str, payload: JSON | Absent) -> list[tuple[JSON, JSON]]:
    """What the payload may be to the handler: a value and its schema, of a poll the first record's data."""
    if payload is ABSENT:
        return []
    returned: JSON = payload
    if handler.kind is Kind.TRIGGER:
        record = payload[0] if isinstance(payload, list) and payload else payload
        returned = record["data"] if isinstance(record, dict) and record.keys() >= {"id", "data"} else record
    of: dict[str, tuple[JSON, JSON]] = {
        "input": (payload, handler.input_schema),
        "output": (returned, handler.output_schema),
    }
    return [of[source]] if source in of else list(of.values())
