"""A call of the integration that is awaited: what is sent below it is a group."""

from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any, Protocol

from workbench.worker.capture.calls.call import Call


class CallEnd(Protocol):
    """Takes a call that ended by an error; ``is_rejected`` where it made no attempt."""

    def __call__(self, call: Call, error: BaseException, *, is_rejected: bool) -> None: ...


async def awaited_call(
    current_call: ContextVar[Call | None], call: Call, coroutine: Coroutine[Any, Any, Any], tell_end: CallEnd
) -> Any:
    """The result of ``coroutine``, which sends its requests as part of ``call``."""
    before = call.attempts
    token = current_call.set(call)
    try:
        return await coroutine
    except BaseException as error:
        tell_end(call, error, is_rejected=call.attempts == before)
        raise
    finally:
        if call.interrupted:  # by a limit of time, of which the integration heard nothing
            call.settle(TimeoutError())
        try:  # noqa: SIM105 - a suppress() takes as long as all the rest
            current_call.reset(token)
        except ValueError:  # closed from another context, as the garbage collector does
            pass
