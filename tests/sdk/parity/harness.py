"""What the cases share: an integration of a config, handlers, and outcomes as plain JSON.

Only what integrations can see is recorded: values, types of results and exceptions, requests on the wire. Messages are
reduced to the sentences below, since their layout is meant to differ.
"""

import json
import sys
import tempfile
from pathlib import Path

import autohive_integrations_sdk
from autohive_integrations_sdk import integration as sdk

CONTRACT = sys.argv[1]
ENVELOPE = sys.argv[2] == "envelope"
FOLDER = Path(tempfile.mkdtemp())
OURS = hasattr(autohive_integrations_sdk, "contracts")

FIELDS = {"type": "object", "properties": {"k": {"type": "string"}}, "required": ["k"]}
ACTION = {
    "description": "d",
    "input_schema": {"type": "object", "properties": {"q": {"type": "integer"}}, "required": ["q"]},
    "output_schema": {"type": "object", "properties": {"r": {"type": "integer"}}, "required": ["r"]},
}
TRIGGER = {
    "description": "d",
    "polling_interval": "5m",
    "input_schema": {"type": "object", "required": ["f"]},
    "output_schema": {"type": "object", "required": ["x"]},
}
CONFIG = {
    "name": "n",
    "version": "1",
    "description": "d",
    "auth": {"type": "custom", "fields": FIELDS},
    "actions": {"a": ACTION},
    "polling_triggers": {"t": TRIGGER},
}
SENTENCES = (
    "'x' is not of type 'integer'",
    "'q' is a required property",
    "'k' is a required property",
    "'f' is a required property",
    "'x' is a required property",
    "None is not of type 'object'",
    "not registered",
    "not defined in config",
    "must return",
    "required 'id' field",
    "required 'data' field",
    "not found",
    "Invalid JSON",
    "Invalid interval format",
    "No connected account handler registered",
)


def load(document=CONFIG, raw=None):
    """An integration of that config, under the contract that is asked for."""
    path = FOLDER / "config.json"
    path.write_bytes(raw if raw is not None else json.dumps(document).encode())
    integration = sdk.Integration.load(path)
    if OURS:
        integration.contract = CONTRACT
    return integration


def auth(**fields):
    """The fields in the shape that the contract asks."""
    return {"auth_type": "Custom", "credentials": fields} if ENVELOPE else fields


def context(given=None, **options):
    return sdk.ExecutionContext(auth=auth(k="s") if given is None else given, **options)


def result(data, cost=None):
    return data if CONTRACT == "0.1" else sdk.ActionResult(data=data, cost_usd=cost)


def handler(answer):
    class Handler(sdk.ActionHandler):
        async def execute(self, inputs, context):
            if isinstance(answer, BaseException):
                raise answer
            return await answer(inputs, context) if callable(answer) else answer

    return Handler


def told(message):
    """The sentences of a message that both are expected to say."""
    return [sentence for sentence in SENTENCES if sentence in message]


def shown(value):
    """A value as JSON, results and exceptions by their parts."""
    if isinstance(value, BaseException):
        parts = {
            name: getattr(value, name) for name in ("status", "retry_after", "response_data") if hasattr(value, name)
        }
        known = type(value).__module__.startswith("autohive")
        return {"raised": type(value).__name__, "says": told(str(value)), **(parts if known else {})}
    if type(value).__name__ == "IntegrationResult":
        inner = value.result
        if isinstance(inner, dict):
            inner = {"says": told(inner["message"]), "source": inner["source"], "keys": sorted(inner)}
        return {"type": value.type.value, "result": shown(inner)}
    if hasattr(value, "__dataclass_fields__"):
        return {
            "class": type(value).__name__,
            **{name: shown(getattr(value, name)) for name in value.__dataclass_fields__},
        }
    if isinstance(value, dict):
        return {str(name): shown(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(item) for item in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else repr(value)


CASES = {}


def case(name, coroutine_function, printed=False):
    CASES[name] = (coroutine_function, printed)
