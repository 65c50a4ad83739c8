"""A body as it can be shown: the first viewer that knows it draws it; never as a page."""

from dataclasses import dataclass

from workbench.domain import Request, Response
from workbench.explain.http import http_body
from workbench.explain.text import size as sized
from workbench.web.runs.bodies import (
    archive_body,
    event_stream_body,
    form_body,
    graphql_body,
    image_body,
    json_body,
    markup_body,
    parts_body,
    search,
    table_body,
    text_body,
    websocket_body,
)
from workbench.web.runs.bodies.body import TEXT_SHOWN, Source, View, Viewer

__all__ = ["TEXT_SHOWN", "Body", "present"]

VIEWERS: tuple[Viewer, ...] = (
    event_stream_body.view,
    websocket_body.view,
    graphql_body.view,
    json_body.view,
    parts_body.view,
    form_body.view,
    table_body.view,
    markup_body.view,
    image_body.view,
    archive_body.view,
    text_body.view,
    text_body.view_hex,
)
"""In the order in which they are asked; the last one knows every body."""
WHOLE = "Download body"
_STATES = {
    "cut": "The connection closed before the body was complete.",
    "abandoned": "The handler closed the response before it had read the whole body.",
    "unread": "The handler did not read the body.",
    "pending": "The body is still arriving.",
    "unparsed": "These are the bytes as received: they could not be read as a response.",
}


@dataclass(frozen=True, slots=True)
class Body:
    """A body with its media type and size; ``notes`` say what is not as it seems, ``view`` is empty for no bytes."""

    content_type: str
    size: str
    view: View
    notes: tuple[str, ...] = ()
    matches: str = ""
    download: str = WHOLE


def present(
    message: Request | Response, state: str = "complete", *, raw: bool = False, library: str = "", find: str = ""
) -> Body:
    """The body of ``message``, sent or received by ``library``; ``raw`` keeps it as text, ``find`` is marked in it."""
    media = http_body.content_type(message.headers)[0] or ("gRPC" if library == "grpc" else "")
    size, notes = sized(message.size), _notes(message, state)
    if not message.body:
        return Body(media, size, View("empty"), notes)
    source = Source(message, library, raw, find)
    view = next(view for viewer in VIEWERS if (view := viewer(source)) is not None)
    charset = () if view.kind == "binary" else source.charset_notes
    explains = not raw and not charset and view.kind != "json" and state != "unparsed"
    not_json = json_body.why_not(message) if explains else ()
    matches = "" if view.matches is None else search.count_text(view.matches, in_tree=view.kind == "json")
    recorded = f"Download the first {sized(len(message.body))}, all that was recorded" if message.cut else WHOLE
    return Body(media, size, view, (*notes, *charset, *not_json, *view.notes), matches, recorded)


def _notes(message: Request | Response, state: str) -> tuple[str, ...]:
    said = (_STATES[state],) if state in _STATES and (message.size or state != "pending") else ()
    if message.cut:
        recorded = f"Recorded {sized(len(message.body))} of {sized(message.size)}."
        received = "The handler received all of it. A replay has the recorded part only."
        whole = "The server received all of it." if isinstance(message, Request) else received
        said = (*said, f"{recorded} {whole}")
    return said
