"""Server-sent events of a run: the same partial, as it changes, until the run is over.

The first message of a connection is the whole partial, each later one (``event: changes``) what changed of it. The
event id is the store's version of the run, so a page that reconnects with ``Last-Event-ID`` gets the newest partial if
it missed one, and nothing if it did not. Many events within one interval are one partial, and one that equals the last
one is not sent. A reader gets the next one when it has taken the last. (WHATWG HTML, "Server-sent events", rules it.)
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.store import Subscription
from workbench.web.runs.outcome.text_changes import text_changes


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: the least time between two partials, the time after which a silent line is proved alive by a comment,
    and the longest that one connection lasts (a page then reconnects by itself). ``rest`` is how many times as long as
    a partial took to draw the next one waits at least, so that large ones leave the machine to the run."""

    interval: float = 0.1
    rest: float = 3.0
    heartbeat: float = 10.0
    longest: float = 600.0


def message(text: str, event_id: str, event: str = "") -> bytes:
    """One message. Line ends of every kind become data lines; half surrogates become question marks."""
    data = "\n".join(f"data: {line}" for line in as_received(text).split("\n"))
    kind = f"event: {event}\n" if event else ""
    return f"id: {event_id}\n{kind}{data}\n\n".encode("utf-8", "replace")


def as_received(text: str) -> str:
    """``text`` as the reader of a message has it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()


def json_changes(last: str, text: str) -> str:
    """What changed from ``last`` to ``text``, as JSON."""
    return json.dumps(text_changes(last, text), separators=(",", ":"))


def _changed(changes: str, text: str, event_id: str) -> bytes:
    """The message that makes ``text`` of the last one: the changes where they are shorter than the text."""
    return message(changes, event_id, "changes") if len(changes) < len(text) else message(text, event_id)


def comment(text: str) -> bytes:
    """A line that readers skip; writing it fails once the reader has gone away."""
    return f": {text}\n\n".encode()


def parse_event_id(text: str) -> int:
    """The version that ``Last-Event-ID`` names; -1 where it names none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


def stream(
    subscription: Subscription,
    draw: Callable[[], str | None],
    pace: Pace | None = None,
    changes: Callable[[str, str], str] = json_changes,
) -> Iterator[bytes]:
    """The messages until the run is over and its last partial sent, or has been dropped (``draw`` then gives None).

    ``draw`` gives texts as readers receive them, ``changes`` what changed from one to the next, as JSON. Closes the
    subscription in the end, also when the reader goes away.
    """
    pace = pace or Pace()
    with subscription:
        yield b"retry: 500\n\n"
        yield from _partials(subscription, draw, pace, changes)


def _partials(
    subscription: Subscription, draw: Callable[[], str | None], pace: Pace, changes: Callable[[str, str], str]
) -> Iterator[bytes]:
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
            yield _changed(changes(last, partial), partial, str(version)) if last else message(partial, str(version))
            last = partial
        if not subscription.closed:
            time.sleep(max(pace.interval, pace.rest * drawing))
