"""A small SDK as integrations import it, ours to write: it behaves like a published release where the worker looks."""

import json
from pathlib import Path

__version__ = "VERSION"


class ValidationError(Exception):
    def __init__(self, message, schema=None, inputs=None):
        super().__init__(message)
        self.message, self.schema, self.inputs = message, schema, inputs


class ActionHandler:
    pass


class ActionResult:
    def __init__(self, data, cost_usd=None):
        self.data, self.cost_usd = data, cost_usd


class Kind:
    value = "action"


class IntegrationResult:
    def __init__(self, result):
        self.version, self.type, self.result = __version__, Kind, result


class ExecutionContext:
    def __init__(self, auth=None, request_config=None, metadata=None, logger=None):
        self.auth, self.config, self.metadata = auth, request_config, metadata

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        return None

    async def fetch(self, url):
        import aiohttp

        async with aiohttp.ClientSession() as session, session.get(url) as response:
            return await response.json()


class Integration:
    def __init__(self, config):
        self.config, self._action_handlers, self._polling_handlers = config, {}, {}

    @classmethod
    def load(cls, config_path=None):
        path = config_path or Path(__file__).parent.parent / "config.json"
        return cls(json.loads(Path(path).read_text()))

    def action(self, name):
        def register(handler):
            self._action_handlers[name] = handler
            return handler

        return register

    async def execute_action(self, name, inputs, context):
        action = self.config["actions"][name]
        _check(action["input_schema"], inputs)
        _check(self.config.get("auth", {}).get("fields", {}), context.auth)
        result = await self._action_handlers[name]().execute(inputs, context)
        _check(action["output_schema"], result.data)
        return IntegrationResult(result)


def _check(schema, value):
    for name in schema.get("required", ()):
        if name not in value:
            raise ValidationError(f"['required'], {name!r} is a required property", schema, value)
