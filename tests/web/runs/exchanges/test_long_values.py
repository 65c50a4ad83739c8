"""Long values in one exchange: a fold shows all of them, and a copy has all of them."""

from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from workbench.domain import Status


def test_a_long_header_and_a_long_url_have_a_fold_and_are_whole(client: FlaskClient, tell: Any) -> None:
    url, policy = f"https://one.example/{'p' * 400}", "v" * 4_096
    story = tell().started().exchange(url=url, headers=(("X-Policy", policy), ("X-Short", "s" * 300), ("X-Empty", "")))
    page = BeautifulSoup(client.get(f"/runs/{story.finished(Status.SUCCEEDED).run.id}?tab=http").text, "html.parser")
    folds = {str(one.select_one(".long").text): one.select_one("details .more") for one in page.select(":has(> .long)")}
    line = f"GET {url} HTTP/1.1"
    assert {text: str(fold and fold.text) for text, fold in folds.items()} == {
        line: f"Show all {len(line)} characters",
        policy: "Show all 4,096 characters",
    }
    copied = [dd.find(recursive=False).text for dd in page.select('[aria-label="Response"] dl.headers dd')]
    assert copied == [policy, "s" * 300, ""], "the first element of a value is what its name copies"
