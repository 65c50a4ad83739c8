"""Server-sent events of a run: the same partial again and again until the run is over.

The event id is the store's version of the run, so a page that reconnects with ``Last-Event-ID`` gets the newest
partial if it missed one, and nothing if it did not. Many events within one interval are one partial, and one that
equals the last one is not sent. (WHATWG HTML, "Server-sent events", rules the form.)
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.store import Subscription


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: the least time between two partials, the time after which a silent line is proved alive by a comment,
    and the longest that one connection lasts (a page then reconnects by itself). ``rest`` is how many times as long as
    a partial took to draw the next one waits at least, so that large ones leave the machine to the run."""

    interval: float = 0.1
    rest: float = 3.0
    heartbeat: float = 10.0
    longest: float = 600.0


def message(text: str, event_id: str) -> bytes:
    """One message. Line ends of every kind become data lines; half surrogates become question marks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    data = "\n".join(f"data: {line}" for line in lines)
    return f"id: {event_id}\n{data}\n\n".encode("utf-8", "replace")


def comment(text: str) -> bytes:
    """A line that readers skip; writing it fails once the reader has gone away."""
    return f": {text}\n\n".encode()


def parse_event_id(text: str) -> int:
    """The version that ``Last-Event-ID`` names; -1 where it names none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


def stream(subscription: Subscription, draw: Callable[[], str | None], pace: Pace | None = None) -> Iterator[bytes]:
    """The messages until the run is over and its last partial sent, or has been dropped (``draw`` then gives None).

    Closes the subscription in the end, also when the reader goes away.
    """
    pace = pace or Pace()
    with subscription:
        yield b"retry: 500\n\n"
        yield from _partials(subscription, draw, pace)


def _partials(subscription: Subscription, draw: Callable[[], str | None], pace: Pace) -> Iterator[bytes]:
    opened, last = time.monotonic(), ""
    while not subscription.closed and time.monotonic() - opened < pace.longest:
        if not subscription.wait(pace.heartbeat):
            if not subscription.closed:
                yield comment("alive")
            continue
        version, began = subscription.version, time.monotonic()
        partial = draw()
        drawing = time.monotonic() - began
        if partial is None:
            return
        if partial != last:
            last = partial
            yield message(partial, str(version))
        if not subscription.closed:
            time.sleep(max(pace.interval, pace.rest * drawing))
