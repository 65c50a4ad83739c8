"""The functions with which an integration calls a library: what is sent below one of them is a group."""

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder

BLOCKING_CALLS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "urllib.request": ("urllib.request", ("OpenerDirector.open",)),
    "urllib3.connectionpool": ("urllib3", ("HTTPConnectionPool.urlopen",)),
    "urllib3.poolmanager": ("urllib3", ("PoolManager.urlopen",)),
    "requests.sessions": ("requests", ("Session.request", "Session.send")),
    "httplib2": ("httplib2", ("Http.request",)),
    "googleapiclient.http": ("googleapiclient", ("HttpRequest.execute",)),
    "botocore.client": ("boto3", ("BaseClient._make_api_call",)),
    "feedparser.api": ("feedparser", ("parse",)),
}
"""By module: the library's name, and its functions that a call goes through."""


def hook_calls(recorder: Recorder, patches: Patches, module: Any) -> None:
    """Replace the functions of a module of :data:`BLOCKING_CALLS`. Raises :class:`HookMissing`."""
    library, names = BLOCKING_CALLS[module.__name__]
    for name in names:
        owner, _, function = name.rpartition(".")
        patches.replace(getattr(module, owner) if owner else module, function, grouped(recorder, library))


def grouped(recorder: Recorder, library: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A wrapper of a blocking function: attempts below it are a group, and one that it leaves open ends with it."""

    current_call, new_call = recorder.current_call, recorder.new_call

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
                    recorder.broken(current, error)
                    raise
                finally:
                    current_call.reset(token)
            if not current.library:
                current.library = library
            try:
                return original(*args, **options)
            except BaseException as error:
                recorder.broken(current, error)
                raise

        return call

    return wrap
