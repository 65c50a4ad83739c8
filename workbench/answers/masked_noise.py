"""Masked secrets of recorded requests as noise: whatever stands in their place is accepted."""

import re
from collections.abc import Iterator

from workbench.answers.request_body import BodyForm
from workbench.answers.request_parts import parts_of
from workbench.domain import JSON, Exchange, Noise, NoiseKind, NoisePlace
from workbench.jsondoc import pointer

_MASK = re.compile("‹[^‹›\r\n]{1,200}›")


def masked_noise(exchange: Exchange) -> Iterator[Noise]:
    """A noise for each value of the request's path, query and body that holds a masked secret."""
    parts = parts_of(exchange.request)
    for index, segment in enumerate(parts.segments):
        if _MASK.search(segment):
            yield Noise(NoisePlace.PATH, str(index), NoiseKind.ANY, exchange.id)
    yield from _fields(NoisePlace.QUERY, parts.query, exchange.id)
    if parts.body.form is BodyForm.FIELDS:
        yield from _fields(NoisePlace.BODY, parts.body.value, exchange.id)
    else:
        yield from _values(parts.body.value, "", exchange.id)


def _fields(place: NoisePlace, fields: JSON, number: int) -> Iterator[Noise]:
    for name, values in fields.items() if isinstance(fields, dict) else ():
        for index, value in enumerate(values if isinstance(values, list) else ()):
            if _MASK.search(str(value)):
                where = pointer.join("", name, index) if index else pointer.join("", name)
                yield Noise(place, where, NoiseKind.ANY, number)


def _values(value: object, place: str, number: int) -> Iterator[Noise]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _values(each, pointer.join(place, name), number)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _values(each, pointer.join(place, index), number)
    elif isinstance(value, str) and _MASK.search(value):
        yield Noise(NoisePlace.BODY, place, NoiseKind.ANY, number)
