"""An RSS 2.0 feed with a new entry every few seconds.

Its entries follow from the clock alone: entry k appears at ``k * period`` seconds since the epoch. So a restart neither
repeats nor loses one, and the entries since a timestamp can be computed.
"""

import time
from email.utils import formatdate
from xml.sax.saxutils import escape

from aiohttp import web

from workbench.echo.parameters import integer, seconds

PERIOD = 5.0
ENTRIES = 20


async def feed(request: web.Request) -> web.Response:
    """``/feed.xml``: the newest entries first; ``?every=10`` and ``?entries=50`` change the pace and the length."""
    period = max(seconds(request.query.get("every", f"{PERIOD:g}"), "every", most=86_400), 0.1)
    entries = integer(request.query.get("entries", str(ENTRIES)), "entries", least=0, most=1_000)
    text = render(f"{request.scheme}://{request.host}", now=time.time(), period=period, entries=entries)
    return web.Response(text=text, content_type="application/rss+xml", charset="utf-8")


def render(origin: str, *, now: float, period: float = PERIOD, entries: int = ENTRIES) -> str:
    """The feed at ``now`` (seconds since the epoch), its links on ``origin``."""
    newest = int(now // period)
    items = "\n".join(_item(origin, number, period) for number in range(newest, newest - entries, -1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0">
  <channel>
    <title>Echo feed</title>
    <link>{escape(origin)}/</link>
    <description>A new entry every {period:g} seconds &#8212; made by the echo server.</description>
    <lastBuildDate>{formatdate(newest * period, usegmt=True)}</lastBuildDate>
{items}
  </channel>
</rss>
"""


def _item(origin: str, number: int, period: float) -> str:
    return f"""    <item>
      <title>Entry {number}</title>
      <link>{escape(origin)}/test/entries/{number}</link>
      <guid isPermaLink="false">echo-{period:g}-{number}</guid>
      <pubDate>{formatdate(number * period, usegmt=True)}</pubDate>
      <author>echo@example.com (Echo)</author>
      <category>{"even" if number % 2 == 0 else "odd"}</category>
      <description>The entry that appeared {number * period:g} seconds after the epoch.</description>
    </item>"""
