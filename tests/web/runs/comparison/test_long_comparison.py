"""Two runs that differ in more than a page shows."""

from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from workbench.domain import Status
from workbench.web.runs.comparison.comparison_view import SHOWN


def test_exchanges_that_are_not_shown_are_counted(client: FlaskClient, tell: Any) -> None:
    first, second = tell().started().exchange(), tell().started().exchange()
    for number in range(SHOWN + 2):
        second.exchange(url=f"http://127.0.0.1:8771/v1/{number}")
    ids = [story.finished(Status.SUCCEEDED).run.id for story in (first, second)]
    page = BeautifulSoup(client.get(f"/runs/{ids[0]}/comparison/{ids[1]}").text, "html.parser")
    assert len(page.select(".pair")) == SHOWN
    assert [one.text for one in page.select("[aria-labelledby=changed-http] > .muted")] == [
        "2 more exchanges not shown. The JSON export contains all.",
        "1 exchange is the same in both runs.",
    ]
