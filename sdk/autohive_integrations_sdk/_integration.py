"""An integration: the declarations of its ``config.json``, its registered handlers, and the calls of them."""

import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from autohive_integrations_sdk import _config, _request, _return_values, contracts
from autohive_integrations_sdk._context import ExecutionContext, HandlerCall, release
from autohive_integrations_sdk._errors import ConfigurationError, ValidationError
from autohive_integrations_sdk._handlers import ActionHandler, ConnectedAccountHandler, PollingTriggerHandler
from autohive_integrations_sdk._imported_names import of_handler, of_handlers
from autohive_integrations_sdk._release import __version__
from autohive_integrations_sdk._schema import Checkers
from autohive_integrations_sdk._types import (
    ActionError,
    IntegrationConfig,
    IntegrationResult,
    ResultType,
)
from autohive_integrations_sdk.contracts import Contract


class Integration:
    """Classes are registered as handlers by its decorators; the platform calls them by the ``execute_…`` methods."""

    def __init__(self, config: IntegrationConfig) -> None:
        self.config = config
        self._action_handlers: dict[str, type[ActionHandler]] = {}
        self._polling_handlers: dict[str, type[PollingTriggerHandler]] = {}
        self._connected_account_handler: type[ConnectedAccountHandler] | None = None
        self._checkers = Checkers()
        self._chosen: Contract | None = contracts.chosen_by_caller()
        self._of_folder: Contract | None = None

    @classmethod
    def load(cls, config_path: str | Path | None = None) -> Self:
        """The integration of a ``config.json``: at ``config_path``, else beside the file that calls this.

        Where that has none and the SDK is vendored in ``dependencies/``, the one beside that folder. Raises
        ConfigurationError with the reason and the place.
        """
        if config_path is None:
            path = _config.find_config(Path(sys._getframe(1).f_code.co_filename))
        else:
            path = Path(config_path)
        integration = cls(_config.read_config(path))
        integration._of_folder = contracts.of_folder(path.parent)
        return integration

    @property
    def contract(self) -> Contract:
        """The contract that its handlers run under, and why. Set it to ``"0.1"``, ``"1"`` or ``"2"`` to choose it."""
        return self._contract_for(None)

    @contract.setter
    def contract(self, version: str | Contract) -> None:
        self._chosen = version if isinstance(version, Contract) else contracts.chosen(version)

    def action[Handler: ActionHandler](self, name: str) -> Callable[[type[Handler]], type[Handler]]:
        """Register the decorated class as the handler of that action; ConfigurationError where none is declared."""

        def register(handler: type[Handler]) -> type[Handler]:
            _require_declared("actions", "Action", name, self.config.actions)
            self._action_handlers[name] = handler
            return handler

        return register

    def polling_trigger[Handler: PollingTriggerHandler](self, name: str) -> Callable[[type[Handler]], type[Handler]]:
        """Register the decorated class as the handler of that trigger; ConfigurationError where none is declared."""

        def register(handler: type[Handler]) -> type[Handler]:
            _require_declared("polling_triggers", "Polling trigger", name, self.config.polling_triggers)
            self._polling_handlers[name] = handler
            return handler

        return register

    def connected_account[Handler: ConnectedAccountHandler](self) -> Callable[[type[Handler]], type[Handler]]:
        """Register the decorated class as the handler of the connected account."""

        def register(handler: type[Handler]) -> type[Handler]:
            self._connected_account_handler = handler
            return handler

        return register

    async def execute_action(self, name: str, inputs: dict[str, Any], context: ExecutionContext) -> Any:
        """Check the inputs, run the action's handler, check its output.

        Contract 0.1 returns the handler's value and raises ValidationError for invalid data. Contracts 1 and 2 return
        an :class:`IntegrationResult` in either case. An exception of the handler is raised as it is.
        """
        handler = self._action_handlers.get(name)
        contract = self._contract_for(handler)
        try:
            if handler is None or name not in self.config.actions:
                raise ValidationError(f"Action '{name}' not registered")
            action, check = self.config.actions[name], self._checkers.check
            check(action.input_schema, inputs, "input", "action", name)
            self._check_auth(context)
            call = HandlerCall(contract)
            try:
                returned = await handler().execute(inputs, context)
            finally:
                if held := call.end():
                    await release(held)
            if contract.returns_values:
                value = _return_values.require_value(returned, name, contract)
                check(action.output_schema, value, "output", "action", name)
                return value
            result = _return_values.require_result(returned, name)
            if isinstance(result, ActionError):
                return IntegrationResult(__version__, ResultType.ACTION_ERROR, result)
            check(action.output_schema, result.data, "output", "action", name)
            return IntegrationResult(__version__, ResultType.ACTION, result)
        except ValidationError as error:
            if contract.returns_values:
                raise
            return IntegrationResult(__version__, ResultType.VALIDATION_ERROR, _described(error))

    async def execute_polling_trigger(
        self, name: str, inputs: dict[str, Any], last_poll_ts: str | None, context: ExecutionContext
    ) -> list[dict[str, Any]]:
        """Check the inputs, poll, check every record, and return them. Raises ValidationError for invalid data."""
        handler = self._polling_handlers.get(name)
        if handler is None or name not in self.config.polling_triggers:
            raise ValidationError(f"Polling trigger '{name}' not registered")
        trigger = self.config.polling_triggers[name]
        self._checkers.check(trigger.input_schema, inputs, "input", "polling trigger", name)
        self._check_auth(context)
        records = await _run(
            handler, self._contract_for(handler), lambda made: made.poll(inputs, last_poll_ts, context)
        )
        for number, record in enumerate(_return_values.require_records(records, name)):
            place = f", record {number} (data)"
            self._checkers.check(trigger.output_schema, record["data"], "output", "polling trigger", name, place)
        return records

    async def get_connected_account(self, context: ExecutionContext) -> IntegrationResult:
        """Check the auth and call the handler of the connected account. Raises ValidationError for invalid data."""
        handler = self._connected_account_handler
        if handler is None:
            raise ValidationError("No connected account handler registered")
        self._check_auth(context)
        info = await _run(handler, self._contract_for(handler), lambda made: made.get_account_info(context))
        return IntegrationResult(__version__, ResultType.CONNECTED_ACCOUNT, _return_values.require_account(info))

    _parse_interval: Callable[[str], timedelta] = staticmethod(_config.parse_interval)

    def _check_auth(self, context: ExecutionContext) -> None:
        fields = self.config.auth.get("fields")
        if fields is not None:
            self._checkers.check(fields, _request.credentials_of(context.auth), "auth")

    def _contract_for(self, handler: type | None) -> Contract:
        """The caller's choice, else the contract of the folder, else that of the handler's code."""
        declared = contracts.chosen_by_caller() or self._chosen or self._of_folder
        return declared or (of_handlers(self._handlers()) if handler is None else of_handler(handler))

    def _handlers(self) -> Iterator[type]:
        yield from self._action_handlers.values()
        yield from self._polling_handlers.values()
        if self._connected_account_handler is not None:
            yield self._connected_account_handler


async def _run[Handler, Returned](
    handler: type[Handler], contract: Contract, call: Callable[[Handler], Awaitable[Returned]]
) -> Returned:
    """Make a handler and call it under its contract; the sessions that it opens are closed after the call."""
    current = HandlerCall(contract)
    try:
        return await call(handler())
    finally:
        if held := current.end():
            await release(held)


def _require_declared(section: str, noun: str, name: str, declared: dict[str, Any]) -> None:
    """Raise ConfigurationError where ``section`` of ``config.json`` has no such name."""
    if name not in declared:
        known = ", ".join(map(repr, declared)) or "none"
        message = f"{noun} '{name}' not defined in config. Declared there: {known}."
        raise ConfigurationError(message, undeclared=(section, name))


def _described(error: ValidationError) -> dict[str, Any]:
    """A validation error as a ``VALIDATION_ERROR`` result holds it."""
    first = error.errors[0] if error.errors else None
    return {
        "message": error.message,
        "property": None if first is None else first.pointer,
        "value": None,
        "source": error.source,
    }
