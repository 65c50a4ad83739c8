"""A body on its way to the page: what a viewer gets, and what it makes of it."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench.domain import Request, Response
from workbench.explain import http_body
from workbench.web.ui.highlight import Token
from workbench.web.ui.json_tree import Node

TEXT_SHOWN = 20_000
"""Characters of a text body that are shown; the rest is in the download."""


@dataclass(frozen=True, slots=True)
class Source:
    """A recorded body that is not empty. ``raw``: it is wanted as text; ``find``: what is searched for in it."""

    message: Request | Response
    library: str = ""
    raw: bool = False
    find: str = ""

    @property
    def media(self) -> str:
        """The media type in lower case."""
        return http_body.content_type(self.message.headers)[0]

    @property
    def text(self) -> str | None:
        """The body as text; None where it is none."""
        text = http_body.decode(self.message.body, http_body.content_type(self.message.headers)[1])
        return None if text is None or "\0" in text else text


@dataclass(frozen=True, slots=True)
class View:
    """What a viewer shows; ``kind`` is how templates draw it: ``json``, ``form``, ``markup``, ``text``, ``binary``.

    ``matches`` counts what was searched for, None where nothing was or nothing can be. ``image`` is the media type by
    which the body can be drawn, too.
    """

    kind: str
    tree: Node | None = None
    text: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    lines: tuple[tuple[Token, ...], ...] = ()
    notes: tuple[str, ...] = ()
    matches: int | None = None
    image: str = ""


type Viewer = Callable[[Source], View | None]
"""Makes the view of a body that it knows, None of any other."""


def shown_part(text: str, find: str) -> str:
    """The part of a long text that is shown: its beginning, or what is around the first match."""
    at = text.lower().find(find.lower()) if find else 0
    start = 0 if at < TEXT_SHOWN - len(find) else at - TEXT_SHOWN // 2
    return text[start : start + TEXT_SHOWN]


def cut_note(text: str, shown: str = "") -> tuple[str, ...]:
    """What is said of a text that is longer than what is shown of it."""
    if len(text) <= TEXT_SHOWN:
        return ()
    if shown and not text.startswith(shown):
        return (f"{len(shown):,} characters around the first match. The download contains the whole recorded body.",)
    return (f"The first {TEXT_SHOWN:,} characters. The download contains the whole recorded body.",)
