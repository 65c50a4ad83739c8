"""Connections of httpcore that fail: its exceptions of the system's, and what counts of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from workbench.worker.capture.recorder import Recorder
from workbench.worker.peer.engine import AnswerEngine

_NO_PROTOCOL = "no application protocol"
"""A part of the alert of TLS by which a server says that it speaks none of the protocols it was offered."""


@contextmanager
def counted(recorder: Recorder, engine: AnswerEngine) -> Iterator[None]:
    """Within it the connection of the current request is made, which counts where that fails."""
    try:
        yield
    except BaseException as error:
        if (attempt := recorder.current.get()) is not None:
            engine.not_connected(*attempt.target)
            if _NO_PROTOCOL in str(error).lower().replace("_", " "):
                tell_http_2(recorder, attempt.target[1])
        raise


def tell_http_2(recorder: Recorder, url: str) -> None:
    """Note that a server speaks HTTP/2 alone, so that rules do not reach it."""
    host = urlsplit(url).netloc.rpartition("@")[2]
    recorder.note(f"{host} does not speak HTTP/1.1, in which rules change answers: they do not reach it.")


def as_httpcore(error: OSError, kind: type[Exception]) -> Exception:
    """The exception that httpcore makes of one of the system's."""
    return after(error, kind(str(error)))


def after[E: Exception](error: Exception, made: E) -> E:
    """``made``, which came of ``error``."""
    made.__context__ = error  # httpcore takes a cause away
    return made
