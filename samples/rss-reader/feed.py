"""RSS 2.0 from text, with the standard library alone."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

MAX_CHARACTERS = 10_000_000


class FeedError(Exception):
    """The response is not a feed; the message has the reason."""


@dataclass(frozen=True)
class Entry:
    """One item; missing values are empty. ``published_ts`` is in seconds since the epoch, or None."""

    guid: str
    title: str
    link: str
    description: str
    published: str
    published_ts: float | None
    author: str


@dataclass(frozen=True)
class Feed:
    """A channel and its items in the feed's order."""

    title: str
    entries: list[Entry]


def parse_feed(text: object) -> Feed:
    """Parse a feed. Raises FeedError."""
    if not isinstance(text, str):
        raise FeedError("The URL responded with JSON or with nothing, not with an RSS feed.")
    # No feed needs a DOCTYPE, and without one there are no entities to expand without end.
    if "<!DOCTYPE" in text or len(text) > MAX_CHARACTERS:
        raise FeedError("The feed has a DOCTYPE or is very large, so it was not parsed.")
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise FeedError(f"The URL responded with text that is not XML ({error}).") from error
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        raise FeedError(f"The URL responded with <{root.tag}>, not with an RSS 2.0 feed.")
    return Feed(_text(channel, "title"), [_entry(item) for item in channel.findall("item")])


def _entry(item: ET.Element) -> Entry:
    link = _text(item, "link")
    published = _text(item, "pubDate")
    return Entry(
        guid=_text(item, "guid") or link or _text(item, "title"),
        title=_text(item, "title"),
        link=link,
        description=_text(item, "description"),
        published=published,
        published_ts=_timestamp(published),
        author=_text(item, "author") or _text(item, "{http://purl.org/dc/elements/1.1/}creator"),
    )


def _text(parent: ET.Element, tag: str) -> str:
    return (parent.findtext(tag) or "").strip()


def _timestamp(published: str) -> float | None:
    try:
        return parsedate_to_datetime(published).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
