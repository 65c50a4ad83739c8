"""Actions and triggers of all integrations, found by the words of their name, title and description."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbench.domain import Integration, Kind
from workbench.explain.text import shorten
from workbench.web.ui.folder_labels import folder_labels
from workbench.web.ui.handler_pages import url_of
from workbench.web.ui.handlers import Handler, handlers

SHOWN = 12
"""Matches that are shown."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class HandlerMatch:
    """An action or a trigger with the page that it is run on. ``folder`` tells integrations of one title apart."""

    integration: Integration
    folder: str
    kind: str
    name: str
    title: str
    description: str
    url: str


@dataclass(frozen=True, slots=True)
class HandlerMatches:
    """The best matches for what was typed; ``more`` are not shown."""

    typed: str
    shown: tuple[HandlerMatch, ...] = ()
    more: int = 0


def words_of(typed: str) -> tuple[str, ...]:
    """The words to look for, in lower case."""
    return tuple(typed[:_LONGEST].lower().split())


def search(typed: str, integrations: Iterable[Integration]) -> HandlerMatches:
    """Those that have every word; first those that have more of them in name or title. Nothing typed finds nothing."""
    words, known = words_of(typed), tuple(integrations)
    if not words:
        return HandlerMatches(typed)
    folders = folder_labels(known)
    found = [
        (_rank(handler, words), one, handler)
        for one in known
        for kind in (Kind.ACTION, Kind.TRIGGER)
        for handler in handlers(one, kind)
        if _has_all(words, f"{_names(handler)} {handler.description} {one.title} {one.name}".lower())
        and any(word in f"{_names(handler)} {handler.description}".lower() for word in words)
    ]
    found.sort(key=lambda each: each[0])
    shown = tuple(_match(one, handler, folders) for _, one, handler in found[:SHOWN])
    return HandlerMatches(typed, shown, max(0, len(found) - SHOWN))


def _match(integration: Integration, handler: Handler, folders: Mapping[str, str]) -> HandlerMatch:
    return HandlerMatch(
        integration,
        folders.get(integration.id, ""),
        "" if handler.kind is Kind.ACTION else "polling trigger",
        handler.name,
        handler.title,
        shorten(handler.description, 160),
        url_of(integration, handler),
    )


def _names(handler: Handler) -> str:
    return f"{handler.name} {handler.name.replace('_', ' ')} {handler.title}"


def _has_all(words: Iterable[str], text: str) -> bool:
    return all(word in text for word in words)


def _rank(handler: Handler, words: Iterable[str]) -> int:
    names = _names(handler).lower()
    return -sum(word in names for word in words)
