"""The feed: well-formed RSS whose entries follow from the clock."""

import itertools
import xml.etree.ElementTree as ET
from email.utils import parsedate_to_datetime

import aiohttp
from hypothesis import given
from hypothesis import strategies as st

from workbench.echo.feed import ENTRIES, PERIOD, render


def guids(text: str) -> list[str]:
    return [guid.text or "" for guid in ET.fromstring(text).iter("guid")]


async def test_it_is_rss_with_the_members_a_reader_wants(client: aiohttp.ClientSession, echo: str) -> None:
    async with client.get("/feed.xml") as response:
        root = ET.fromstring(await response.text())
    assert response.content_type == "application/rss+xml"
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    assert root.findtext("channel/title") == "Echo feed"
    items = root.findall("channel/item")
    assert len(items) == ENTRIES
    for item in items:
        for name in ("title", "link", "guid", "pubDate", "author", "description"):
            assert item.findtext(name), name
        assert (item.findtext("link") or "").startswith(f"{echo}/test/")


async def test_each_entry_links_to_a_page_that_answers(client: aiohttp.ClientSession) -> None:
    async with client.get("/feed.xml?entries=1") as response:
        link = ET.fromstring(await response.text()).findtext("channel/item/link") or ""
    async with client.get(link) as response:
        assert response.status == 200


@given(now=st.floats(1e6, 4e9), later=st.integers(1, 10))
def test_it_gains_one_entry_every_period_and_changes_no_other(now: float, later: int) -> None:
    before = guids(render("http://x", now=now))
    after = guids(render("http://x", now=now + later * PERIOD))
    assert after[later:] == before[: ENTRIES - later]
    assert not set(after[:later]) & set(before)


@given(now=st.floats(1e6, 4e9), period=st.sampled_from([1, 5, 60]))
def test_no_entry_is_from_the_future_and_the_newest_is_younger_than_a_period(now: float, period: int) -> None:
    root = ET.fromstring(render("http://x", now=now, period=period))
    dates = [parsedate_to_datetime(date.text or "").timestamp() for date in root.iter("pubDate")]
    assert dates == sorted(dates, reverse=True)
    assert now - period < dates[0] <= now


async def test_pace_and_length_can_be_chosen(client: aiohttp.ClientSession) -> None:
    async with client.get("/feed.xml?every=60&entries=3") as response:
        root = ET.fromstring(await response.text())
    dates = [parsedate_to_datetime(date.text or "").timestamp() for date in root.iter("pubDate")]
    assert [a - b for a, b in itertools.pairwise(dates)] == [60, 60]
