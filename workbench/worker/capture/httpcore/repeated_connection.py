"""A connection that a library tries again by itself: what has failed is an exchange, and so is each further try."""

from typing import Any

from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.recorder import Recorder


def begin_again(recorder: Recorder, attempt: Attempt, library: str, method: str, url: str, source: Any) -> None:
    """Let a failed attempt be the next one of its call: what holds it cannot be given another.

    ``source`` is the library's request where it stands in the attempt.
    """
    following = recorder.begin(library, method, url, proxy=attempt.proxy)
    attempt.id, attempt.started, attempt.target = following.id, following.started, following.target
    attempt.secure, attempt.announced, attempt.begun = following.secure, True, None
    attempt.over, attempt.has_failed, attempt.awaited = False, False, True
    attempt.phase, attempt.source = "connect", source
    attempt._since = attempt._took = None
    recorder.open[attempt.id] = attempt
    call = recorder.current_call.get()
    if call is not None:
        call.last = attempt
