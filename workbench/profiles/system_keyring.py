"""The system's keyring, where it has one that can be used: one entry for each integration."""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE: Final = "autohive-workbench"
_LONGEST_WAIT: Final = 20.0
"""Seconds in which a keyring must answer; it may ask the person to unlock it."""
_PAUSE: Final = 60.0
"""Seconds in which a keyring that did not answer is not asked again: a page may ask for many integrations."""


class KeyringError(Exception):
    """The keyring did not do what was asked; the message is its own."""


class SystemKeyring:
    """The keyring that the library ``keyring`` selects. It is imported at the first use: that takes 0.1 s."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = False
        self._silent_until = 0.0
        self._backend: KeyringBackend | None = None

    @property
    def usable(self) -> bool:
        """Whether there is a keyring that stores anything."""
        return self._found() is not None

    def get(self, account: str) -> str | None:
        """The text of the entry; None where there is none. Raises :class:`KeyringError`."""
        backend = self._found()
        if backend is None:
            raise KeyringError("There is no keyring.")
        return self._in_time(lambda: backend.get_password(_SERVICE, account))

    def set(self, account: str, text: str) -> None:
        """Write the entry. Raises :class:`KeyringError`."""
        backend = self._found()
        if backend is None:
            raise KeyringError("There is no keyring.")
        self._in_time(lambda: backend.set_password(_SERVICE, account, text))

    def delete(self, account: str) -> None:
        """Delete the entry, where there is one. Raises :class:`KeyringError`."""
        backend = self._found()
        if backend is not None and self.get(account) is not None:
            self._in_time(lambda: backend.delete_password(_SERVICE, account))

    def _found(self) -> "KeyringBackend | None":
        with self._lock:
            if not self._asked:
                self._asked, self._backend = True, _usable_backend()
            return self._backend

    def _in_time[T](self, ask: Callable[[], T]) -> T:
        """What ``ask`` returns. Raises :class:`KeyringError` where it fails, takes too long, or did so just before."""
        if time.monotonic() < self._silent_until:
            raise KeyringError("It did not answer.")
        answers: list[T] = []
        errors: list[BaseException] = []

        def run() -> None:
            try:
                answers.append(ask())
            except BaseException as error:  # the thread that waits for it raises it
                errors.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(_LONGEST_WAIT)
        if answers:
            return answers[0]
        if errors:
            raise KeyringError(str(errors[0]) or type(errors[0]).__name__) from errors[0]
        self._silent_until = time.monotonic() + _PAUSE
        raise KeyringError(f"It did not answer within {_LONGEST_WAIT:g} s.")


def _usable_backend() -> "KeyringBackend | None":
    try:
        import keyring
        from keyring.backends import fail, null

        backend = keyring.get_keyring()
        idle = isinstance(backend, fail.Keyring | null.Keyring) or float(backend.priority) <= 0
    except Exception:  # a backend of a third party may raise anything when it is loaded
        return None
    return None if idle else backend
