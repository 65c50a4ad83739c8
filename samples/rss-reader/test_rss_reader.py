"""Against the echo server's feed, which gains an entry every few seconds."""

import asyncio
import os
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "dependencies"))
sys.path.append(str(Path(__file__).parent))

from autohive_integrations_sdk import ExecutionContext, ValidationError
from feed import FeedError, parse_feed
from rss_reader import rss_reader

ECHO = os.environ.get("ECHO_URL", "http://127.0.0.1:8771")


async def get_feed(inputs):
    async with ExecutionContext(auth={}) as context:
        return await rss_reader.execute_action("get_feed", inputs, context)


async def poll(feeds, last_poll_ts=None):
    async with ExecutionContext(auth={}) as context:
        return await rss_reader.execute_polling_trigger("new_entries", {"feeds": feeds}, last_poll_ts, context)


async def raised(coroutine):
    """The exception that a call ends with."""
    try:
        await coroutine
    except Exception as e:
        return e
    raise AssertionError("nothing was raised")


async def test_get_feed(echo):
    result = await get_feed({"feed_url": f"{echo}/feed.xml", "limit": 3})
    assert result["feed_title"] == "Echo feed"
    assert len(result["entries"]) == 3
    assert result["entries"][0]["link"].startswith(f"{echo}/test/entries/")


async def test_a_first_poll_gives_everything_with_ids_that_stay(echo):
    url = f"{echo}/feed.xml?every=3600&entries=4"
    records = await poll([url])
    assert len(records) == 4
    assert len({record["id"] for record in records}) == 4
    assert records == await poll([url])
    assert set(records[0]["data"]) == {
        "feed_url", "feed_title", "title", "link", "description", "published", "author",
    }  # fmt: skip


async def test_a_later_poll_gives_what_came_since(echo):
    url = f"{echo}/feed.xml?every=3600&entries=10"
    two_and_a_half_hours_ago = str(int(time.time()) - 9000)
    assert len(await poll([url], two_and_a_half_hours_ago)) in (2, 3)
    assert await poll([url], str(time.time())) == []


async def test_two_feeds_never_share_an_id(echo):
    records = await poll([f"{echo}/feed.xml?entries=2", f"{echo}/feed.xml?entries=3"])
    assert len({record["id"] for record in records}) == len(records) == 5


async def test_a_timestamp_that_is_none_is_said_in_words(echo):
    assert "seconds since the epoch" in str(await raised(poll([f"{echo}/feed.xml"], "yesterday")))


async def test_what_is_no_feed_is_said_in_words(echo):
    assert "not with an RSS feed" in str(await raised(get_feed({"feed_url": f"{echo}/test"})))
    assert "not XML" in str(await raised(get_feed({"feed_url": f"{echo}/stream/2"})))


async def test_a_limit_out_of_bounds_breaks_the_input_schema(echo):
    error = await raised(get_feed({"feed_url": f"{echo}/feed.xml", "limit": 0}))
    assert isinstance(error, ValidationError) and error.source == "input"


def test_entities_are_never_expanded():
    bomb = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>'
    try:
        parse_feed(bomb)
    except FeedError as e:
        assert "DOCTYPE" in str(e)
    else:
        raise AssertionError("a DOCTYPE was parsed")


def test_an_entry_may_lack_everything():
    entry = parse_feed("<rss><channel><item/></channel></rss>").entries[0]
    assert (entry.title, entry.published_ts, entry.guid) == ("", None, "")


async def main():
    records = await poll([f"{ECHO}/feed.xml"])
    print("new_entries:", len(records), "records, the first:", records[0])


if __name__ == "__main__":
    asyncio.run(main())
