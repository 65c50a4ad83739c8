"""The single values of a request, each of which noise may stand for."""

from collections.abc import Iterator

from workbench.answers.request_body import BodyForm
from workbench.answers.request_parts import parts_of
from workbench.domain import JSON, NoisePlace, Request
from workbench.jsondoc import pointer


def request_values(request: Request) -> Iterator[tuple[NoisePlace, str, JSON]]:
    """Each value of its path, query and body, in order, with its place and the pointer that :class:`Noise` has.

    A body that is neither JSON nor fields is one text.
    """
    parts = parts_of(request)
    for number, segment in enumerate(parts.segments):
        yield NoisePlace.PATH, str(number), segment
    yield from ((NoisePlace.QUERY, where, value) for where, value in _fields(parts.query))
    values = _fields(parts.body.value) if parts.body.form is BodyForm.FIELDS else _leaves(parts.body.value)
    yield from ((NoisePlace.BODY, where, value) for where, value in values)


def _fields(fields: JSON) -> Iterator[tuple[str, JSON]]:
    for name, values in fields.items() if isinstance(fields, dict) else ():
        for index, value in enumerate(values if isinstance(values, list) else ()):
            yield pointer.join("", name, index) if index else pointer.join("", name), value


def _leaves(document: JSON) -> Iterator[tuple[str, JSON]]:
    pending = [("", document)]
    while pending:
        where, value = pending.pop()
        if isinstance(value, dict):
            pending += [(pointer.join(where, name), below) for name, below in reversed(value.items())]
        elif isinstance(value, list):
            pending += [(pointer.join(where, index), below) for index, below in reversed(list(enumerate(value)))]
        else:
            yield where, value
