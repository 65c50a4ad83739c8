"""The functions with which an integration calls a library: what is sent below one of them is a group."""

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from workbench.worker.capture.calls.call import Call
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder

type Asked = Callable[..., tuple[object, object]]
"""The method and URL that a function is called with."""

type Calls = tuple[str, Mapping[str, Asked | None]]
"""The name of a library, its functions that a call goes through, and what each is asked for."""


def of_request(_: Any, request: Any, *args: Any, **options: Any) -> tuple[object, object]:
    """The method and URL of a request of requests or httpx."""
    return request.method, request.url


def hook_calls(recorder: Recorder, calls: Calls, patches: Patches, module: Any) -> None:
    """Replace these functions of the module. Raises :class:`HookMissing`."""
    library, functions = calls
    for name, asked in functions.items():
        owner, _, function = name.rpartition(".")
        patches.replace(getattr(module, owner) if owner else module, function, grouped(recorder, library, asked))


def reject(recorder: Recorder, library: str, asked: Asked, args: Any, options: Any, error: BaseException) -> None:
    """An exchange that a library has rejected; its line is that above the caller of what it was ``asked`` for."""
    try:
        if (
            getattr(error, "response", None) is not None
        ):  # of what stands in place of the network, as botocore's Stubber
            return
        method, url = asked(*args, **options)
        recorder.rejected(library, str(method or "GET").upper(), str(url), error, sys._getframe(2))
    except Exception as failure:  # it was called with something else
        recorder.failed(library, failure)


def grouped(
    recorder: Recorder, library: str, asked: Asked | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A wrapper of a blocking function: attempts below it are a group, and one that it leaves open ends with it.

    Where it fails before any attempt, that is an exchange, too: the library has rejected what it was ``asked`` for.
    """

    current_call, new_call = recorder.current_call, recorder.new_call

    def broken(call: Call, tried: int, args: Any, options: Any, error: BaseException) -> None:
        if asked is None or call.attempts > tried:
            if getattr(error, "fp", None) is None:  # else it is the response, whose body may be read yet (urllib)
                recorder.broken(call, error)
            return
        reject(recorder, library, asked, args, options, error)

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def call(*args: Any, **options: Any) -> Any:
            current = current_call.get()
            if current is None:  # the outermost of such calls: its line is that of the group
                current = new_call(sys._getframe(1), library)
                token = current_call.set(current)
                try:
                    return original(*args, **options)
                except BaseException as error:
                    broken(current, 0, args, options, error)
                    raise
                finally:
                    current_call.reset(token)
            if not current.library:
                current.library = library
            tried = current.attempts
            try:
                return original(*args, **options)
            except BaseException as error:
                broken(current, tried, args, options, error)
                raise

        return call

    return wrap
