"""What a handler returned, as JSON: nothing is refused, and whatever had to be replaced is named."""

import math
import reprlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from workbench.domain import JSON, Returned
from workbench.worker.text import clean

MAX_DEPTH = 200
"""Levels of nesting that are kept; JSON readers are recursive."""

MAX_CHARACTERS = 48 * 1024 * 1024
"""Roughly, characters of JSON text that are kept of one value."""

MAX_LOSSY = 200
"""Replaced places that are named."""

MAX_DIGITS = 4000
"""Python reads no longer integer from text (``sys.set_int_max_str_digits``)."""

_repr = reprlib.Repr(maxlevel=3, maxstring=160, maxother=160, maxlong=60, maxdict=6, maxlist=8, maxtuple=8, maxset=8)


def returned(value: object) -> Returned:
    """``value`` as the wire takes it; the SDK's own wrappers are taken off first."""
    inner, cost = _unwrap(value)
    conversion = _Conversion()
    converted = conversion.convert(inner)
    return Returned(clean(type(value).__qualname__), converted, cost, tuple(conversion.lossy))


def safe_repr(value: object) -> str:
    """A short ``repr`` that never raises."""
    try:
        return clean(_repr.repr(value))
    except Exception:
        return f"<{type(value).__qualname__} object whose repr fails>"


def _unwrap(value: object) -> tuple[object, float | None]:
    """The payload of the SDK's result types, told by name so that no release's class is asked for."""
    name = type(value).__name__
    cost = getattr(value, "cost_usd", None)
    cost_usd = float(cost) if isinstance(cost, int | float) and math.isfinite(cost) else None
    if name == "ActionResult" and hasattr(value, "data"):
        return value.data, cost_usd
    if name == "ActionError" and hasattr(value, "message"):
        return value.message, cost_usd
    if name == "ConnectedAccountInfo" and is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}, None
    return value, None


class _Conversion:
    """One walk over a value, with the places where it was not JSON."""

    def __init__(self) -> None:
        self.lossy: list[tuple[str, str]] = []
        self._path: list[str | int] = []
        self._open: set[int] = set()
        self._left = MAX_CHARACTERS

    def convert(self, value: object) -> JSON:
        """The JSON form of ``value``, which stands at the current path."""
        self._left -= 4
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, int):
            return int(value) if value.bit_length() < MAX_DIGITS * 3 else self._replace(value)
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else self._replace(value)
        return self._container(value)

    def _container(self, value: object) -> JSON:
        plain = isinstance(value, dict | list)
        if not (plain or isinstance(value, tuple | Mapping) or _is_record(value)):
            return self._replace(value)
        if id(value) in self._open or len(self._path) >= MAX_DEPTH or self._left <= 0:
            return self._replace(value)
        if not plain:
            self._lose(safe_repr(value))
        self._open.add(id(value))
        try:
            return self._list(value) if isinstance(value, list | tuple) else self._object(value)
        except Exception:  # a mapping of the user's own that fails while it is read
            return self._replace(value)
        finally:
            self._open.discard(id(value))

    def _list(self, value: list[object] | tuple[object, ...]) -> JSON:
        result: list[JSON] = []
        for index, item in enumerate(value):
            if self._left <= 0:
                self._lose(f"{len(value) - index} more items")
                break
            result.append(self._inside(index, item))
        return result

    def _object(self, value: object) -> JSON:
        if isinstance(value, Mapping):
            pairs = list(value.items())
        else:
            pairs = [(field.name, getattr(value, field.name)) for field in fields(value)]  # type: ignore[arg-type]  # _is_record has looked
        result: dict[str, JSON] = {}
        for key, item in pairs:
            if self._left <= 0:
                self._lose(f"{len(pairs) - len(result)} more members")
                break
            name = self._key(key, result)
            result[name] = self._inside(name, item)
        return result

    def _key(self, key: object, taken: dict[str, JSON]) -> str:
        name = clean(str(key)) if isinstance(key, str) else safe_repr(key)
        if not isinstance(key, str) or name != key:
            while name in taken:
                name += "'"
            self._path.append(name)
            self._lose(safe_repr(key))
            self._path.pop()
        self._left -= len(name)
        return name

    def _inside(self, step: str | int, item: object) -> JSON:
        self._path.append(step)
        try:
            return self.convert(item)
        finally:
            self._path.pop()

    def _text(self, value: str) -> JSON:
        text = clean(str.__str__(value))
        cost = len(text) if text.isascii() else len(text) * 6
        if cost > self._left:
            text = text[: max(0, self._left // 6)]
        self._left -= cost
        if text != value:
            self._lose(safe_repr(value))
        return text

    def _replace(self, value: object) -> JSON:
        text = safe_repr(value)
        self._lose(text)
        return text

    def _lose(self, what: str) -> None:
        if len(self.lossy) < MAX_LOSSY:
            pointer = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in self._path)
            self.lossy.append((pointer, what))


def _is_record(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, type)
