"""A body on its way to the page: what a viewer gets, and what it makes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from workbench.domain import Request, Response
from workbench.explain.http import http_body
from workbench.web.runs.bodies.charset import read_text
from workbench.web.ui.highlight import Token
from workbench.web.ui.json_tree import Node

TEXT_SHOWN = 20_000
"""Characters of a text body that are shown; the rest is in the download."""


@dataclass(frozen=True)  # without slots, which would leave no place for what is read once
class Source:
    """A recorded body that is not empty. ``raw``: it is wanted as text; ``find``: what is searched for in it."""

    message: Request | Response
    library: str = ""
    raw: bool = False
    find: str = ""

    @cached_property
    def media(self) -> str:
        """The media type in lower case."""
        return http_body.content_type(self.message.headers)[0]

    @property
    def text(self) -> str | None:
        """The body as text; None where it is none."""
        return self._read[0]

    @property
    def charset_notes(self) -> tuple[str, ...]:
        """What is said where the text is read in another charset than the named one."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[str | None, tuple[str, ...]]:
        return read_text(self.message)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a multipart body: its number from 1, its name, what else its headers say, and how it is shown."""

    number: int
    name: str
    about: str
    view: "View"


@dataclass(frozen=True, slots=True)
class View:
    """What a viewer shows; ``kind`` is how templates draw it.

    Kinds: ``json``, ``form``, ``parts``, ``table``, ``messages``, ``markup``, ``text``, ``binary``. ``text`` of JSON
    stands above its tree, the first of ``rows`` has the names of the columns; those of
    ``messages`` are sender, time, text and size. ``notes`` warn, ``facts`` say what the
    body is. ``matches`` counts what was searched for, None where nothing was or nothing can be. ``image`` is the media
    type by which the body can be drawn, too.
    """

    kind: str
    tree: Node | None = None
    text: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    lines: tuple[tuple[Token, ...], ...] = ()
    notes: tuple[str, ...] = ()
    matches: int | None = None
    image: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    parts: tuple[Part, ...] = ()
    facts: tuple[str, ...] = ()


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
