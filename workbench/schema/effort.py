"""How much work one question to a schema may take, and what is remembered while it is answered.

Alternatives within alternatives multiply: a document of nested blocks, each of six kinds, is compared with six to the
power of its depth. A thorough answer compares every alternative in full; where that takes too many steps, an economical
one looks up what it has decided before and explains the closest alternative only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gc import get_referents
from time import monotonic
from typing import Any

THOROUGH = 8_000
"""Steps of a thorough answer, beyond those that the size of the data asks for."""
PER_VALUE = 8
"""Steps for each value in the data."""
ECONOMICAL = 60_000
"""Steps of an economical answer, beyond those that the size of the data asks for."""
SECONDS = 3.0
"""The longest time of one answer; a large document with many errors takes less."""
IN_A_BRANCH = 3
"""Steps that an error within an alternative counts as: it costs more to explain than to find."""

_PLAIN = frozenset({dict, list, str, int, float, bool, type(None)})
_CLOCKED = 1024
"""Steps between two looks at the clock."""


class EffortSpent(Exception):
    """The work ended before its end, at this schema and this value."""

    def __init__(self, schema: Any, instance: Any) -> None:
        super().__init__("too many alternatives")
        self.schema = schema
        self.instance = instance


class Effort:
    """The steps that are left. An economical one also remembers which values are valid under which schemas."""

    def __init__(self, steps: int, *, economical: bool = False, seconds: float = SECONDS) -> None:
        self.economical = economical
        self._left = steps
        self._deadline = monotonic() + seconds
        # the objects are held, so that no other object gets their id meanwhile
        self._verdicts: dict[tuple[int, int], tuple[Any, Any, bool]] = {}

    @classmethod
    def thorough(cls, instance: Any) -> "Effort":
        """Enough to compare the alternatives of an ordinary value in full."""
        return cls(THOROUGH + PER_VALUE * size(instance))

    @classmethod
    def restrained(cls, instance: Any) -> "Effort":
        """Enough to decide whether a value is valid, and to explain the closest alternative."""
        return cls(ECONOMICAL + PER_VALUE * size(instance), economical=True)

    def spend(self, schema: Any, instance: Any, steps: int = 1) -> None:
        """Count steps that are taken. Raises :class:`EffortSpent`."""
        before, self._left = self._left, self._left - steps
        if self._left < 0 or (before // _CLOCKED != self._left // _CLOCKED and monotonic() > self._deadline):
            raise EffortSpent(schema, instance)

    def verdict(self, schema: Any, instance: Any) -> bool | None:
        """What was decided of the value under the schema, None where nothing was."""
        known = self._verdicts.get((id(schema), id(instance)))
        return None if known is None else known[2]

    def decide(self, schema: Any, instance: Any, *, valid: bool) -> None:
        """Remember a verdict. A schema with an ``$id`` may mean different things by the way that leads to it."""
        if self.economical and not (isinstance(schema, dict) and "$id" in schema):
            self._verdicts[id(schema), id(instance)] = schema, instance, valid


_current: ContextVar[Effort | None] = ContextVar("effort", default=None)


def current() -> Effort | None:
    """The effort of the answer that is being worked out; None outside one, where nothing is counted."""
    return _current.get()


def is_economical() -> bool:
    """Whether the answer that is being worked out is an economical one."""
    return (spent := _current.get()) is not None and spent.economical


@contextmanager
def limited(effort: Effort) -> Iterator[Effort]:
    """Count whatever is done inside against ``effort``."""
    token = _current.set(effort)
    try:
        yield effort
    finally:
        _current.reset(token)


def size(value: Any, most: int = 200_000) -> int:
    """How many values a document holds, itself included, counted by levels until there are ``most``.

    The steps that so many ask for take longer than :data:`SECONDS` already.
    """
    count, layer = 0, [value]
    while layer and count < most:
        count += len(layer)
        plain = set(map(type, layer)) <= _PLAIN  # of which only containers refer to anything
        layer = get_referents(*(layer if plain else [node for node in layer if type(node) in (dict, list)]))
    return count
