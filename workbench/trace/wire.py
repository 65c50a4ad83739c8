"""The wire form of events and commands: length-prefixed frames, JSON for the fields, raw bytes for bodies.

A frame is two big-endian unsigned 32-bit lengths (of the whole rest, and of the JSON), the JSON object
``{"type", "fields"}`` in ASCII, then every ``bytes`` field in order. In the JSON such a field is its length. Base64 in
its place was measured to cost a third of the throughput.
"""

import json
import struct
import types
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeAliasType, Union, get_args, get_origin, get_type_hints

from workbench.trace import commands, events

type Message = events.Event | commands.Command

MAX_FRAME = 256 * 1024 * 1024
"""Bytes; a longer frame is refused by both sides."""

_LENGTHS = struct.Struct(">II")
_TYPES: dict[str, type[Message]] = {
    kind.__name__: kind for alias in (events.Event, commands.Command) for kind in get_args(alias.__value__)
}

type _Decoder = Callable[[Any, _Tail], Any]


class WireError(ValueError):
    """A frame that is not one: too long, of an unknown type, or with fields that do not fit."""


class _Tail:
    """The raw bytes behind the JSON, handed out in order."""

    def __init__(self, data: memoryview) -> None:
        self._data = data

    def take(self, length: int) -> bytes:
        if length > len(self._data):
            raise WireError(f"The frame promises {length} more bytes and holds {len(self._data)}.")
        taken, self._data = bytes(self._data[:length]), self._data[length:]
        return taken


def encode(message: Message) -> bytes:
    """The frame of an event or a command.

    Raises :class:`WireError` where it would be longer than ``MAX_FRAME`` or is nested too deep for JSON.
    """
    blobs: list[bytes] = []
    body = {"type": type(message).__name__, "fields": _encode(message, blobs)}
    try:
        head = json.dumps(body, separators=(",", ":")).encode("ascii")
    except RecursionError as error:
        raise WireError(f"{type(message).__name__} holds a value that is nested too deep.") from error
    total = _LENGTHS.size - 4 + len(head) + sum(map(len, blobs))
    if total > MAX_FRAME:
        raise WireError(f"{type(message).__name__} takes {total} bytes; a frame holds {MAX_FRAME}.")
    return b"".join((_LENGTHS.pack(total, len(head)), head, *blobs))


def decode(frame: bytes) -> Message:
    """The message of one whole frame. Raises :class:`WireError` where it is not one."""
    _, head_length = _LENGTHS.unpack_from(frame)
    start = _LENGTHS.size
    try:
        body = json.loads(frame[start : start + head_length])
        kind: Any = _TYPES[body["type"]]
        message: Message = _decoder(kind)(body["fields"], _Tail(memoryview(frame)[start + head_length :]))
    except WireError:
        raise
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise WireError(f"A frame could not be read: {error!r}.") from error
    return message


class FrameReader:
    """Cuts a stream of bytes into frames. Feed it as bytes arrive."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that ``data`` completes, in order. Raises :class:`WireError`; the stream is then lost."""
        self._buffer += data
        while len(self._buffer) >= _LENGTHS.size:
            total, _ = _LENGTHS.unpack_from(self._buffer)
            if total > MAX_FRAME or total < 4:
                raise WireError(f"A frame of {total} bytes is announced; at most {MAX_FRAME} are taken.")
            if len(self._buffer) < total + 4:
                return
            frame = bytes(self._buffer[: total + 4])
            del self._buffer[: total + 4]
            yield decode(frame)


def _encode(value: Any, blobs: list[bytes]) -> Any:
    if is_dataclass(value):
        return {field.name: _encode(getattr(value, field.name), blobs) for field in fields(value)}
    if isinstance(value, tuple):
        return [_encode(item, blobs) for item in value]
    if isinstance(value, bytes):
        blobs.append(value)
        return len(value)
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Path) else value


def _as_is(value: Any, tail: _Tail) -> Any:
    return value


@cache
def _decoder(hint: Any) -> _Decoder:
    """How to read a value of that type; JSON and scalars are taken as they are."""
    while isinstance(hint, TypeAliasType) and hint.__name__ != "JSON":
        hint = hint.__value__
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _optional_decoder(hint)
    if origin is tuple:
        return _tuple_decoder(get_args(hint))
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
        return lambda value, tail: tuple([each(item, tail) for item in value])
    members = [_decoder(arg) for arg in args]
    return lambda value, tail: tuple([read(item, tail) for read, item in zip(members, value, strict=True)])


def _dataclass_decoder(kind: Any) -> _Decoder:
    decoders: dict[str, _Decoder] = {}  # filled below the closure, so that a type may contain itself

    def decode_fields(value: Any, tail: _Tail) -> Any:
        if not decoders:
            decoders.update({name: _decoder(hint) for name, hint in get_type_hints(kind).items()})
        return kind(**{field.name: decoders[field.name](value[field.name], tail) for field in fields(kind)})

    return decode_fields
