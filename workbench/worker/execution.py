"""One run through the SDK, and its verdict."""

import asyncio
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from workbench.domain import ErrorInfo, ErrorKind, Kind, RunRequest, Status
from workbench.events import HandlerFinished
from workbench.worker.errors import MAX_MESSAGE, describe
from workbench.worker.handlers import HandlerExit, HandlerWatch, handler_of
from workbench.worker.loader import LoadError
from workbench.worker.missing_keys import with_missing_key
from workbench.worker.sdk import is_of_sdk, sdk
from workbench.worker.source import OwnCode
from workbench.worker.text import shorten, text_of
from workbench.worker.values import cost_of, safe_repr

_INVALID = {"input": Status.INVALID_INPUT, "auth": Status.INVALID_AUTH, "output": Status.INVALID_OUTPUT}
_INVALID_KINDS = {
    Status.INVALID_INPUT: ErrorKind.INPUT,
    Status.INVALID_AUTH: ErrorKind.AUTH,
    Status.INVALID_OUTPUT: ErrorKind.OUTPUT,
    Status.FAILED: ErrorKind.HANDLER,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status of a run, as far as the worker can know it."""

    status: Status
    valued: bool = False
    cost_usd: float | None = None
    error: ErrorInfo | None = None

    @property
    def event(self) -> HandlerFinished:
        """The verdict as an event."""
        return HandlerFinished(monotonic(), self.status, self.valued, self.cost_usd, self.error)


def require_handler(integration: Any, request: RunRequest) -> None:
    """Raise :class:`LoadError` where no handler is registered for the requested name."""
    if handler_of(integration, request.kind, request.name) is not None:
        return
    decorator = request.kind.handler.decorator
    if request.kind is Kind.ACCOUNT:
        message = f"No handler is registered for the connected account: decorate its class with `@….{decorator}()`."
        raise LoadError(ErrorInfo("HandlerMissing", message, kind=ErrorKind.IMPORT))
    registered = integration._action_handlers if request.kind.is_action else integration._polling_handlers
    names = ", ".join(f'@….{decorator}("{name}")' for name in registered) or f"no @….{decorator}(…) at all"
    message = (
        f"No handler is registered for {request.kind} {request.name!r}. Found: {names}. "
        "Register it under the name in config.json, and import its module in the entry point."
    )
    raise LoadError(ErrorInfo("HandlerMissing", message, kind=ErrorKind.IMPORT))


async def execute(integration: Any, request: RunRequest) -> Any:
    """Call the integration the way the platform does."""
    auth: Any = request.context_auth  # passed as they are: the SDK validates them
    inputs: Any = request.inputs
    metadata: Any = request.metadata
    async with sdk().ExecutionContext(auth=auth, request_config=request.request_config, metadata=metadata) as context:
        if request.kind.is_action:
            return await integration.execute_action(request.name, inputs, context)
        if request.kind is Kind.TRIGGER:
            poll = integration.execute_polling_trigger
            return await poll(request.name, inputs, request.last_poll_ts, context)
        return await integration.get_connected_account(context)


def result_verdict(result: object, watch: HandlerWatch, own: OwnCode) -> Verdict:
    """The verdict on what the SDK returned."""
    if watch.raised is not None:  # whatever the SDK made of it
        return error_verdict(watch.raised, watch, own)
    if not is_of_sdk(result, "IntegrationResult"):
        return Verdict(Status.SUCCEEDED, valued=True)
    made: Any = result
    inner, kind = made.result, getattr(made.type, "value", made.type)
    cost, _ = cost_of(inner)
    if kind == "validation_error":
        return _invalid_verdict(inner, watch)
    if kind == "action_error":
        error = ErrorInfo("ActionError", _message(inner))
        return Verdict(Status.ACTION_ERROR, valued=True, cost_usd=cost, error=error)
    if kind == "error":
        return Verdict(Status.FAILED, cost_usd=cost, error=ErrorInfo("Error", _message(inner)))
    return Verdict(Status.SUCCEEDED, valued=True, cost_usd=cost)


def _message(inner: Any) -> str:
    return shorten(text_of(getattr(inner, "message", inner)), MAX_MESSAGE)


def _invalid_verdict(inner: Any, watch: HandlerWatch) -> Verdict:
    details = inner if isinstance(inner, dict) else {"message": inner}
    status = _invalid_status(details.get("source"), watch)
    message = text_of(details.get("message", ""))
    return Verdict(status, error=ErrorInfo("ValidationError", message, kind=_INVALID_KINDS[status]))


def _invalid_status(source: object, watch: HandlerWatch) -> Status:
    """What is invalid: what the SDK says, or, in a release that does not say it, by how far the run had come."""
    if isinstance(source, str):
        return _INVALID.get(source, Status.FAILED)
    return Status.INVALID_OUTPUT if watch.has_returned else Status.INVALID_INPUT


def error_verdict(error: BaseException, watch: HandlerWatch, own: OwnCode) -> Verdict:
    """The verdict on an exception: the SDK's names the invalid value, the handler's own is a failure."""
    if isinstance(error, HandlerExit) and error.__cause__ is not None:
        error = error.__cause__
    info = replace(describe(error, own), not_awaitable=watch.is_not_awaitable)
    info = with_missing_key(info, error, watch.arguments)
    if is_of_sdk(error, "ValidationError") and error is not watch.raised:
        status = _invalid_status(getattr(error, "source", None), watch)
        return Verdict(status, error=replace(info, kind=_INVALID_KINDS[status]))
    if isinstance(error, SystemExit | KeyboardInterrupt):
        info = _in_words(error, info)
    elif isinstance(error, asyncio.CancelledError) and not info.message:
        info = replace(info, message="The handler was cancelled here.")
    return Verdict(Status.FAILED, error=info)


def _in_words(error: SystemExit | KeyboardInterrupt, info: ErrorInfo) -> ErrorInfo:
    code = f" with code {safe_repr(error.code)}" if isinstance(error, SystemExit) else ""
    message = f"The handler raised {info.type}{code}. Return a result or raise an ordinary exception instead."
    return replace(info, message=message)
