"""The value that a handler returned, as JSON; each part that is not JSON is replaced and listed.

A value of JSON's own types, which is nearly every one, is written at once by C code; only others are walked.
"""

import math
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import CoroutineType

from workbench.domain import JSON, Cut, ReplacedValue, Returned
from workbench.jsondoc import pointer as pointers
from workbench.worker.json_text import MAX_DEPTH, json_bytes, json_text
from workbench.worker.text import clean

MAX_BYTES = 48 * 1024 * 1024
"""Bytes of JSON that are stored of one value."""

MAX_LOSSY = 200
"""Replaced places that are listed."""

MAX_DIGITS = 4000
"""Python reads no longer integer from text (``sys.set_int_max_str_digits``)."""

_repr = reprlib.Repr(maxlevel=3, maxstring=160, maxother=160, maxlong=60, maxdict=6, maxlist=8, maxtuple=8, maxset=8)


@dataclass(frozen=True, slots=True)
class Conversion:
    """A value as the wire takes it: ``returned`` without the value itself, and that as JSON in UTF-8."""

    returned: Returned
    text: bytes


def convert(value: object) -> Conversion:
    """``value`` as JSON, without the SDK's own wrappers."""
    try:
        inner = _unwrap(value)
    except Exception:  # a class that only goes by the name
        inner = value
    walk: _Walk | None = None
    text = json_text(inner)
    size: int | None = None if text is None else len(text)
    if text is None or len(text) > MAX_BYTES:
        walk = _Walk()
        text = json_bytes(walk.convert(inner))
    cut = Cut(len(text), size) if walk and walk.is_cut else None
    cost, odd = cost_of(value)
    lossy, coroutines = (tuple(walk.lossy), tuple(walk.coroutines)) if walk else ((), ())
    made = Returned(clean(type(value).__qualname__), None, cost, lossy, odd, coroutines, size=len(text), cut=cut)
    return Conversion(made, text)


def cost_of(value: object) -> tuple[float | None, ReplacedValue | None]:
    """The ``cost_usd`` of an ``ActionResult`` or ``ActionError``, or the one that is not a finite number."""
    if type(value).__name__ not in _WITH_COST:
        return None, None
    cost: object = None
    try:
        cost = getattr(value, "cost_usd", None)
        if cost is None:
            return None, None
        number = float(cost) if isinstance(cost, int | float) and not isinstance(cost, bool) else math.nan
    except OverflowError:
        number = math.inf
    except Exception:  # a property or a number of the user's own that fails
        return None, ReplacedValue("/cost_usd", type_name(cost), "a value that cannot be read")
    if math.isfinite(number):
        return number, None
    return None, ReplacedValue("/cost_usd", type_name(cost), safe_repr(cost))


def type_name(value: object) -> str:
    """The name of the value's type with its module, which built-in types go without; ``type`` for every class."""
    kind = type(value)
    if issubclass(kind, type):
        return "type"
    module, name = _MODULE(kind), clean(_QUALNAME(kind))  # not as attributes: a metaclass may have code of its own
    return f"{clean(module)}.{name}" if isinstance(module, str) and module not in ("", "builtins") else name


def safe_repr(value: object) -> str:
    """A short ``repr`` that never raises."""
    try:
        return clean(_repr.repr(value))
    except BaseException:  # user code runs here, and may even raise SystemExit
        return f"<{clean(type(value).__qualname__)} object whose repr fails>"


_MODULE, _QUALNAME = (type.__dict__[name].__get__ for name in ("__module__", "__qualname__"))
_WITH_COST = ("ActionResult", "ActionError")


def _unwrap(value: object) -> object:
    """The payload of the SDK's result types, recognized by name, since each release has its own classes."""
    name = type(value).__name__
    if name == "ActionResult" and hasattr(value, "data"):
        return value.data
    if name == "ActionError" and hasattr(value, "message"):
        return value.message
    if name == "ConnectedAccountInfo" and is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return value


class _Walk:
    """One walk over a value, with the places where it was not JSON."""

    def __init__(self) -> None:
        self.lossy: list[ReplacedValue] = []
        self.coroutines: list[str] = []
        self._path: list[str | int] = []
        self._open: set[int] = set()
        self._left = MAX_BYTES
        self.is_cut = False

    def convert(self, value: object) -> JSON:
        """The JSON form of ``value``, which stands at the current path."""
        self._left -= 4
        if value is None or value is True or value is False:
            return value
        try:  # even isinstance may run user code; the base types' own methods do not
            if isinstance(value, str):
                return self._text(str.__str__(value))
            if isinstance(value, int):
                return int.__int__(value) if int.bit_length(value) < MAX_DIGITS * 3 else self._replace(value)
            if isinstance(value, float):
                return float.__float__(value) if math.isfinite(value) else self._replace(value)
            return self._container(value)
        except Exception:
            return self._replace(value)

    def _container(self, value: object) -> JSON:
        plain = isinstance(value, dict | list)
        if not (plain or isinstance(value, tuple | Mapping) or _is_record(value)):
            return self._replace(value)
        if self._left <= 0:
            self.is_cut = True
            return [] if isinstance(value, list | tuple) else {}
        if id(value) in self._open or len(self._path) >= MAX_DEPTH:
            return self._replace(value)
        if not plain:
            self._lose(value)
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
                self.is_cut = True
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
                self.is_cut = True
                break
            name = self._key(key, result)
            result[name] = self._inside(name, item)
        return result

    def _key(self, key: object, taken: dict[str, JSON]) -> str:
        own = str.__str__(key) if isinstance(key, str) else None
        name = safe_repr(key) if own is None else clean(own)
        if name != own:
            while name in taken:
                name += "'"
            self._path.append(name)
            self._note(type_name(key), safe_repr(key), is_key=True)
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
        text = clean(value)
        if text != value:
            self._lose(value)
        cost = len(text) if text.isascii() else len(text.encode())
        if cost > self._left:
            self.is_cut = True
            text = text.encode()[: max(0, self._left)].decode("utf-8", "ignore")
        self._left -= cost
        return text

    def _replace(self, value: object) -> JSON:
        text = safe_repr(value)
        if type(value) is CoroutineType and len(self.coroutines) < MAX_LOSSY:  # isinstance would run the value's code
            self.coroutines.append(clean(value.__qualname__))
        self._note(type_name(value), text)
        return text

    def _lose(self, value: object) -> None:
        self._note(type_name(value), safe_repr(value))

    def _note(self, kind: str, text: str, *, is_key: bool = False) -> None:
        if len(self.lossy) < MAX_LOSSY:
            self.lossy.append(ReplacedValue(pointers.build(self._path), kind, text, is_key))


def _is_record(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, type)
