"""Replaced attributes of other libraries, and how they are restored."""

from collections.abc import Callable
from typing import Any

_INHERITED = object()


class HookMissing(Exception):
    """A library lacks an attribute that an adapter replaces; the message names it. Nothing was changed."""


class Patches:
    """Attributes replaced on classes and modules; :meth:`undo` puts every one back, last first."""

    def __init__(self) -> None:
        self._undo: list[tuple[Any, str, Any]] = []

    def replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """Put ``make(original)`` in the place of ``owner.name``. Raises :class:`HookMissing`, all undone."""
        original = vars(owner).get(name)
        if original is None:
            self.undo()
            raise HookMissing(f"{getattr(owner, '__module__', '')}.{owner.__name__}.{name}".lstrip("."))
        self._undo.append((owner, name, original))
        setattr(owner, name, make(original))

    def override(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """Put ``make(inherited)`` on a class in front of the method that it inherits."""
        self._undo.append((owner, name, vars(owner).get(name, _INHERITED)))
        setattr(owner, name, make(getattr(owner, name)))

    def define(self, owner: Any, name: str, value: Any) -> None:
        """Give a class an attribute that is not there yet."""
        self._undo.append((owner, name, vars(owner).get(name, _INHERITED)))
        setattr(owner, name, value)

    def add(self, others: "Patches") -> None:
        """Take over what was replaced by others; :meth:`undo` puts it back, too."""
        self._undo += others._undo

    def undo(self) -> None:
        """Put everything back."""
        while self._undo:
            owner, name, original = self._undo.pop()
            if original is _INHERITED:
                delattr(owner, name)
            else:
                setattr(owner, name, original)
