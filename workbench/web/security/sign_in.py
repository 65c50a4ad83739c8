"""Sign-in: the launch link, and the session that it starts.

* The link that the terminal prints signs in one browser, once. The browser gets a cookie, which is valid until the
  workbench stops (a restart of the browser or a reload changes nothing), and the token leaves the address bar.
* A browser that is signed in may open the link again.
* If another browser opens a used link, it is not signed in, and the terminal prints a new link. Its owner can read it
  there; a person who found the old link in a history or on a screen cannot.
"""

import secrets
from collections.abc import Callable
from threading import Lock


class SignIn:
    """The one valid launch token, and those that have been used.

    ``announce`` gets each new token; it must show it to the person at the terminal and to no one else.
    """

    def __init__(self, token: str, announce: Callable[[str], None]) -> None:
        self._lock = Lock()
        self._valid: str | None = token
        self._used: list[str] = []
        self._announce = announce

    def admit(self, offered: str, *, inside: bool) -> bool:
        """Whether ``offered`` signs in; ``inside`` is whether the browser is signed in already."""
        with self._lock:
            if self._valid is not None and _same(offered, self._valid):
                self._used.append(self._valid)
                self._valid = None
                return True
            if inside:
                return True
            if self._valid is not None or not any(_same(offered, token) for token in self._used):
                return False
            self._valid = fresh = secrets.token_urlsafe(32)
        self._announce(fresh)
        return False


def _same(offered: str, token: str) -> bool:
    return secrets.compare_digest(offered.encode(errors="replace"), token.encode(errors="replace"))
