"""A multipart body, part by part: each is shown as a body of its own type."""

from workbench.domain import Request, Response
from workbench.domain.multipart import BodyPart, read_parts
from workbench.explain.text import size
from workbench.web.runs.bodies import image_body, json_body, markup_body, table_body, text_body
from workbench.web.runs.bodies.body import Part, Source, View, Viewer

_VIEWERS: tuple[Viewer, ...] = (
    json_body.view,
    table_body.view,
    markup_body.view,
    image_body.view,
    text_body.view,
    text_body.view_hex,
)


_COLOURED = 20
"""Parts whose markup is coloured: the rest is shown as plain text, so that many parts take no time."""


def view(source: Source) -> View | None:
    """The parts in order, searched as the whole is."""
    parts = () if source.raw else read_parts(source.message.headers, source.message.body)
    if not parts:
        return None
    made = tuple(_part(number, part, source.find) for number, part in enumerate(parts, 1))
    matches = sum(part.view.matches or 0 for part in made) if source.find else None
    return View("parts", parts=made, matches=matches)


def part_of(message: Request | Response, number: int) -> Request | None:
    """A part of a body as a message of its own; None where there is no part with this number."""
    parts = read_parts(message.headers, message.body)
    return _message(parts[number - 1]) if 0 < number <= len(parts) else None


def _part(number: int, part: BodyPart, find: str) -> Part:
    source = Source(_message(part), find=find)
    about = ", ".join(filter(None, (part.filename, part.media, size(len(part.body)))))
    if not part.body:
        return Part(number, part.name, about, View("empty"))
    viewers = (each for each in _VIEWERS if number <= _COLOURED or each is not markup_body.view)
    return Part(number, part.name, about, next(view for each in viewers if (view := each(source)) is not None))


def _message(part: BodyPart) -> Request:
    media = part.media or ("" if part.filename else "text/plain")
    return Request("", "", headers=(("Content-Type", media),) if media else (), body=part.body, size=len(part.body))
