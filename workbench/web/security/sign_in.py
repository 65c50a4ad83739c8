"""Who may come in: the launch link, and the session it turns into.

The rule, as people meet it:

* The link that the terminal prints is good for one entry. It becomes a cookie for this browser, which lasts until the
  workbench stops (a restart of the browser or a reload changes nothing), and the token leaves the address bar.
* A browser that is in already may open the link as often as it likes.
* Where a used link comes from a browser that is not in, it is refused, and the terminal prints a new one. Its owner
  reads it there; somebody who found the old link in a history or on a screen cannot.
"""

import secrets
from collections.abc import Callable
from threading import Lock


class SignIn:
    """Keeps the one launch token that is good now, and knows those that are spent.

    ``announce`` is handed each new token; it must reach the person at the terminal and nobody else.
    """

    def __init__(self, token: str, announce: Callable[[str], None]) -> None:
        self._lock = Lock()
        self._good: str | None = token
        self._spent: list[str] = []
        self._announce = announce

    def admit(self, offered: str, *, inside: bool) -> bool:
        """Whether ``offered`` opens the door; ``inside`` tells that it comes from a browser that is in already."""
        with self._lock:
            if self._good is not None and _same(offered, self._good):
                self._spent.append(self._good)
                self._good = None
                return True
            if inside:
                return True
            if self._good is not None or not any(_same(offered, token) for token in self._spent):
                return False
            self._good = fresh = secrets.token_urlsafe(32)
        self._announce(fresh)
        return False


def _same(offered: str, token: str) -> bool:
    return secrets.compare_digest(offered.encode(errors="replace"), token.encode(errors="replace"))
