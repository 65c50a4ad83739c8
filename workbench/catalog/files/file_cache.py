"""What was made from files, kept for as long as they do not change."""

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from workbench.catalog.files.file_reader import Signature, signature

_UNSETTLED = 50_000_000
"""A file changed this few nanoseconds before it was read may change again within one tick of the disk's clock."""


@dataclass(frozen=True, slots=True)
class _Entry[Value]:
    value: Value
    watched: tuple[Path, ...]
    signatures: tuple[Signature, ...]


class FileCache[Key, Value]:
    """Values by key, each with the paths that it was made from. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[Key, _Entry[Value]] = {}

    def peek(self, key: Key) -> Value | None:
        """The value of ``key`` if it is known and none of its files has changed."""
        with self._lock:
            kept = self._values.get(key)
        return kept.value if kept and tuple(map(signature, kept.watched)) == kept.signatures else None

    def get(self, key: Key, make: Callable[[], tuple[Value, tuple[Path, ...]]]) -> Value:
        """The value of ``key``, made again when one of its files has changed.

        Two threads that ask at once may both make it: neither waits for the other.
        """
        known = self.peek(key)
        if known is not None:
            return known
        started = time.time_ns()
        value, watched = make()
        signatures = tuple(map(signature, watched))
        settled = all(seen is None or max(seen[:2]) < started - _UNSETTLED for seen in signatures)
        with self._lock:
            if settled:
                self._values[key] = _Entry(value, watched, signatures)
            else:
                self._values.pop(key, None)
        return value

    def keep_only(self, keys: Collection[Key]) -> None:
        """Forget all others."""
        with self._lock:
            for gone in self._values.keys() - set(keys):
                del self._values[gone]
