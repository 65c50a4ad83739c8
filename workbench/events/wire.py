"""The wire form of events and commands: length-prefixed frames, JSON for the fields, raw bytes for bodies.

A frame is two big-endian unsigned 32-bit lengths (of the whole rest, and of the JSON), the JSON object
``{"type", "fields"}`` in ASCII, then every ``bytes`` field in order. In the JSON such a field is its length. Base64 in
its place cost a third of the throughput. Without JSON, of length 0, all that follows are parts of exchanges.
"""

import json
import struct
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from functools import cache
from json import encoder as json_encoder
from pathlib import Path
from typing import Any, TypeAliasType, Union, get_args, get_origin, get_type_hints

from workbench.events import commands, event
from workbench.jsondoc.collection import no_collection, promote

type Message = event.Event | commands.Command

MAX_FRAME = 256 * 1024 * 1024
"""Bytes; a longer frame is an error on both sides."""

_CONTAINER, _MEMBER = 150, 45
"""Bytes that an array or object takes in memory, and each colon or comma in it, measured roughly."""

_LARGE = 1024 * 1024
"""Bytes of a value whose objects pay off to be moved out of the way of the search for reference cycles."""

_LENGTHS = struct.Struct(">II")
_TYPES: dict[str, type[Message]] = {
    kind.__name__: kind for alias in (event.Event, commands.Command) for kind in get_args(alias.__value__)
}


@dataclass(frozen=True, slots=True)
class ExchangeEvents:
    """Events of exchanges that came in one frame, their types checked."""

    events: tuple[event.Event, ...]


type _Encoder = Callable[[Any, list[bytes]], Any]
type _Decoder = Callable[[Any, _Tail], Any]


def _bound_encoder() -> Callable[[Any], str]:
    """What writes JSON, in C code that later changes of :mod:`json` do not reach: a worker runs others' code."""
    plain = json.JSONEncoder(separators=(",", ":"), check_circular=False)
    make, escape = getattr(json_encoder, "c_make_encoder", None), json_encoder.encode_basestring_ascii
    if make is None:  # another Python than CPython
        return plain.encode
    write = make(None, plain.default, escape, None, ":", ",", False, False, True)
    return lambda value: "".join(write(value, 0))


_to_json = _bound_encoder()
_decoder_in_c: Any = json.JSONDecoder()
_scan: Callable[[str, int], tuple[Any, int]] = _decoder_in_c.scan_once
"""What reads JSON, bound like the encoder: takes a text and a position, gives the value and where it ends."""


class WireError(ValueError):
    """An invalid frame: too long, of an unknown type, or with fields of the wrong types."""


class _Tail:
    """The raw bytes behind the JSON, handed out in order."""

    def __init__(self, data: memoryview) -> None:
        self._data = data

    def take(self, length: int) -> bytes:
        if not 0 <= length <= len(self._data):
            raise WireError(f"The frame announces {length} more bytes and has {len(self._data)}.")
        taken, self._data = bytes(self._data[:length]), self._data[length:]
        return taken


class _Blobs(_Tail):
    """Bytes that are apart already, handed out as the objects that they are."""

    def __init__(self, blobs: Iterable[bytes]) -> None:
        self._blobs = iter(blobs)

    def take(self, length: int) -> bytes:
        blob = next(self._blobs, b"")
        if len(blob) != length:
            raise WireError(f"The document announces {length} bytes and has {len(blob)}.")
        return blob


def encode(message: Message) -> bytes:
    """The frame of an event or a command.

    Raises :class:`WireError` where it would be longer than ``MAX_FRAME`` or is nested too deep for JSON.
    """
    blobs: list[bytes] = []
    kind: Any = type(message)
    body = {"type": kind.__name__, "fields": _dataclass_encoder(kind)(message, blobs)}
    try:
        head = _to_json(body).encode("ascii")
    except RecursionError as error:
        raise WireError(f"{kind.__name__} has a value that is nested too deep.") from error
    total = _LENGTHS.size - 4 + len(head) + sum(map(len, blobs))
    if total > MAX_FRAME:
        raise WireError(f"{kind.__name__} takes {total} bytes; the limit of a frame is {MAX_FRAME}.")
    return b"".join((_LENGTHS.pack(total, len(head)), head, *blobs))


def frame_of_parts(parts: bytes) -> bytes:
    """The frame of encoded parts of exchanges."""
    return _LENGTHS.pack(_LENGTHS.size - 4 + len(parts), 0) + parts


def decode(frame: bytes) -> Message:
    """The message of one whole frame. Raises :class:`WireError` where it is not one."""
    _, head_length = _LENGTHS.unpack_from(frame)
    start = _LENGTHS.size
    try:
        text = frame[start : start + head_length].decode("ascii")
        body, end = _scan(text, 0)
        if end != len(text):
            raise WireError(f"A frame has {len(text) - end} bytes behind its JSON.")
        kind: Any = _TYPES[body["type"]]
        message: Message = _decoder(kind)(body["fields"], _Tail(memoryview(frame)[start + head_length :]))
        if isinstance(message, event.HandlerReturned):
            return _with_value(message)
    except WireError:
        raise
    except (KeyError, TypeError, ValueError, RecursionError, StopIteration) as error:
        raise WireError(f"A frame could not be read: {error!r}.") from error
    return message


def _exchange_events(frame: bytes) -> ExchangeEvents:
    from workbench.events.exchange_parts import PartsError, events_of_parts  # only a process with a worker needs it

    try:
        return ExchangeEvents(tuple(events_of_parts(memoryview(frame)[_LENGTHS.size :])))
    except PartsError as error:
        raise WireError(str(error)) from error


def _with_value(message: event.HandlerReturned) -> event.HandlerReturned:
    """The message with the value of its text, and with what that takes in memory, which a worker does not decide."""
    returned = replace(message.returned, memory=0)
    if not message.text:
        return replace(message, returned=returned)
    from msgspec import MsgspecError  # only a process with a worker needs it
    from msgspec import json as json_in_c

    try:
        with no_collection():
            value = json_in_c.decode(message.text)
            if len(message.text) > _LARGE:
                promote()
    except MsgspecError as error:
        raise WireError(f"A value could not be read: {error}") from error
    return replace(message, returned=replace(returned, value=value, memory=_memory(message.text)), text=b"")


def _memory(text: bytes) -> int:
    """About the bytes that the value of a JSON text takes: counted in C code, a walk takes as long as reading it."""
    containers = text.count(b"{") + text.count(b"[")
    return len(text) + _CONTAINER * containers + _MEMBER * (text.count(b",") + text.count(b":"))


class FrameReader:
    """Cuts a stream of bytes into frames. Feed it as bytes arrive."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that ``data`` completes, in order. Raises :class:`WireError`; the stream is then lost."""
        for made in self.frames(data):
            if isinstance(made, ExchangeEvents):
                yield from made.events
            else:
                yield made

    def frames(self, data: bytes) -> Iterator[Message | ExchangeEvents]:
        """The same a frame at a time."""
        self._buffer += data
        while len(self._buffer) >= _LENGTHS.size:
            total, head = _LENGTHS.unpack_from(self._buffer)
            if total > MAX_FRAME or total < 4:
                raise WireError(f"A frame of {total} bytes is announced; the limit is {MAX_FRAME}.")
            if len(self._buffer) < total + 4:
                return
            frame = bytes(self._buffer[: total + 4])
            del self._buffer[: total + 4]
            yield decode(frame) if head else _exchange_events(frame)


def encode_value(value: Any) -> tuple[Any, list[bytes]]:
    """A dataclass of ``domain`` or ``events`` as JSON without bodies, and its ``bytes`` in order.

    Texts stay the objects that they are, masks included.
    """
    blobs: list[bytes] = []
    kind: Any = type(value)
    return _dataclass_encoder(kind)(value, blobs), blobs


def decode_value[Value](kind: type[Value], document: Any, blobs: Iterable[bytes]) -> Value:
    """The dataclass that :func:`encode_value` was given.

    A field that the document lacks has its default, and one that the class lacks is passed over. Raises
    :class:`WireError`.
    """
    try:
        hint: Any = kind
        made: Value = _decoder(hint)(document, _Blobs(blobs))
    except WireError:
        raise
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise WireError(f"A document could not be read: {error!r}.") from error
    return made


@cache
def _encoder(hint: Any) -> _Encoder | None:
    """How to write a value of that type; None for what :mod:`json` writes by itself: scalars, JSON, tuples of them."""
    hint = _resolved(hint)
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _optional_encoder(hint)
    if origin is tuple:
        return _tuple_encoder(args)
    if origin is frozenset:
        return lambda value, blobs: sorted(value)
    if not isinstance(hint, type):
        return None
    if is_dataclass(hint):
        return _dataclass_encoder(hint)
    if hint is bytes:
        return _encode_bytes
    if issubclass(hint, Enum):
        return lambda value, blobs: value.value
    return (lambda value, blobs: str(value)) if hint is Path else None


def _encode_bytes(value: Any, blobs: list[bytes]) -> int:
    blobs.append(value)
    return len(value)


def _optional_encoder(hint: Any) -> _Encoder | None:
    members = [member for member in get_args(hint) if member is not type(None)]
    inner = _encoder(members[0]) if len(members) == 1 else None
    return inner and (lambda value, blobs: None if value is None else inner(value, blobs))


def _tuple_encoder(args: tuple[Any, ...]) -> _Encoder | None:
    members = [_encoder(arg) for arg in args if arg is not Ellipsis]
    if not any(members):
        return None
    if args[-1] is not Ellipsis:
        pairs = [member or (lambda value, blobs: value) for member in members]
        return lambda value, blobs: [write(item, blobs) for write, item in zip(pairs, value, strict=True)]
    each = members[0]
    return each and (lambda value, blobs: [each(item, blobs) for item in value])


@cache
def _dataclass_encoder(kind: Any) -> _Encoder:
    encoders: list[tuple[str, _Encoder | None]] = []  # filled below the closure, so that a type may contain itself

    def encode_fields(value: Any, blobs: list[bytes]) -> dict[str, Any]:
        if not encoders:
            hints = _hints(kind)
            encoders.extend((field.name, _encoder(hints[field.name])) for field in fields(kind))
        return {
            name: getattr(value, name) if write is None else write(getattr(value, name), blobs)
            for name, write in encoders
        }

    return encode_fields


def _hints(kind: Any) -> dict[str, Any]:
    """The types of the fields, also where the integration has emptied ``sys.modules``, where Python looks for them."""
    return get_type_hints(kind, kind.__init__.__globals__)


def _resolved(hint: Any) -> Any:
    while isinstance(hint, TypeAliasType) and hint.__name__ != "JSON":
        hint = hint.__value__
    return hint


def _as_is(value: Any, tail: _Tail) -> Any:
    return value


@cache
def _decoder(hint: Any) -> _Decoder:
    """How to read a value of that type; JSON and scalars are taken as they are."""
    hint = _resolved(hint)
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _optional_decoder(hint)
    if origin is tuple:
        return _tuple_decoder(get_args(hint))
    if origin is frozenset:
        return lambda value, tail: frozenset(value)
    if not isinstance(hint, type):
        return _as_is
    if is_dataclass(hint):
        return _dataclass_decoder(hint)
    if hint is bytes:
        return lambda value, tail: tail.take(value)
    if issubclass(hint, Enum) or hint is Path:
        return lambda value, tail: hint(value)
    return _as_is


def _optional_decoder(hint: Any) -> _Decoder:
    members = [member for member in get_args(hint) if member is not type(None)]
    if len(members) != 1:
        return _as_is
    inner = _decoder(members[0])
    return lambda value, tail: None if value is None else inner(value, tail)


def _tuple_decoder(args: tuple[Any, ...]) -> _Decoder:
    if len(args) == 2 and args[1] is Ellipsis:
        each = _decoder(args[0])
        if each is _as_is:
            return lambda value, tail: tuple(value)
        return lambda value, tail: tuple([each(item, tail) for item in value])
    members = [_decoder(arg) for arg in args]
    if all(member is _as_is for member in members):
        return lambda value, tail: _of_length(tuple(value), len(members))
    return lambda value, tail: tuple([read(item, tail) for read, item in zip(members, value, strict=True)])


def _of_length(value: tuple[Any, ...], length: int) -> tuple[Any, ...]:
    if len(value) != length:
        raise WireError(f"A tuple of {length} came with {len(value)} items.")
    return value


def _dataclass_decoder(kind: Any) -> _Decoder:
    decoders: dict[str, _Decoder] = {}  # filled below the closure, so that a type may contain itself

    def decode_fields(value: Any, tail: _Tail) -> Any:
        if not decoders:
            decoders.update({name: _decoder(hint) for name, hint in _hints(kind).items()})
        known = [field.name for field in fields(kind) if field.name in value]
        return kind(**{name: decoders[name](value[name], tail) for name in known})

    return decode_fields
