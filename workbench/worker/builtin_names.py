"""The built-in names of Python, which the integration may replace and the worker needs."""

import builtins
from typing import Any


class BuiltinNames:
    """Remembers what they were; :meth:`restore` works with whatever they are by then, so it uses none of them."""

    def __init__(self) -> None:
        self._names: dict[str, Any] = builtins.__dict__
        self._before = {**self._names}
        self._missing = object()
        self.replaced: dict[str, None] = {}

    def restore(self) -> None:
        """Put back what was replaced or deleted, and note its names in :attr:`replaced`."""
        for name, value in self._before.items():
            if self._names.get(name, self._missing) is not value:
                self._names[name] = value
                self.replaced[name] = None
