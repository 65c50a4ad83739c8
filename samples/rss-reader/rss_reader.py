"""Reads RSS 2.0 feeds: an action for a feed's entries, and a trigger for those since the last poll."""

import hashlib
from typing import Any, Dict, Optional  # noqa: UP035 - spelled as the guide spells it

from autohive_integrations_sdk import ActionHandler, ExecutionContext, Integration, PollingTriggerHandler
from feed import Entry, parse_feed

# Create the integration using the config.json
rss_reader = Integration.load()


@rss_reader.action("get_feed")
class GetFeed(ActionHandler):
    """The entries of one feed."""

    async def execute(self, inputs: Dict[str, Any], context: ExecutionContext):  # noqa: UP006
        feed = parse_feed(await context.fetch(inputs["feed_url"]))
        entries = feed.entries[: inputs.get("limit", 10)]
        return {
            "feed_title": feed.title,
            "feed_url": inputs["feed_url"],
            "entries": [described(entry) for entry in entries],
        }


@rss_reader.polling_trigger("new_entries")
class NewEntriesPoller(PollingTriggerHandler):
    """What was published after the last poll; the first poll returns all entries."""

    async def poll(self, inputs: Dict[str, Any], last_poll_ts: Optional[str], context: ExecutionContext):  # noqa: UP006, UP045
        feeds = inputs["feeds"]
        since = timestamp(last_poll_ts)
        new_entries = []
        for feed_url in feeds:
            feed = parse_feed(await context.fetch(feed_url))
            for entry in feed.entries:
                # An entry without a date cannot be placed before the last poll, so it is returned rather than lost.
                if entry.published_ts is None or entry.published_ts > since:
                    data = {"feed_url": feed_url, "feed_title": feed.title, **described(entry)}
                    new_entries.append({"id": record_id(feed_url, entry), "data": data})
        return new_entries


def described(entry: Entry) -> dict[str, str]:
    """An entry as both output schemas require it."""
    return {
        "title": entry.title,
        "link": entry.link,
        "description": entry.description,
        "published": entry.published,
        "author": entry.author,
    }


def record_id(feed_url: str, entry: Entry) -> str:
    """The same for the same entry at every poll, and never the same for two."""
    return hashlib.sha256(f"{feed_url}\n{entry.guid}".encode()).hexdigest()


def timestamp(last_poll_ts: Optional[str]) -> float:  # noqa: UP045
    """Seconds since the epoch; minus infinity where there was no poll yet."""
    if last_poll_ts is None or last_poll_ts == "":
        return float("-inf")
    try:
        return float(last_poll_ts)
    except ValueError:
        message = f"last_poll_ts must be seconds since the epoch, such as 1766000000, but is {last_poll_ts!r}."
        raise ValueError(message) from None
