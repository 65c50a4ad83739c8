"""The catalog's page is painted before the checks are done; the status of each card comes after."""

import json
import time

import pytest
from bs4 import BeautifulSoup

from workbench.web.catalog import card_checks

NO_HANDLER = "from autohive_integrations_sdk import Integration\ngreeter = Integration.load()\n"


@pytest.fixture
def visitor(make_site, write_integration, config, tmp_path, runner, monkeypatch):
    """Somebody before the page of three integrations, of which the page itself checks none."""
    monkeypatch.setattr(card_checks, "_FOR_THE_PAGE", -1.0)
    for name, code in (("a", {}), ("b", {"code": NO_HANDLER}), ("c", {})):
        write_integration(tmp_path / name, config, **code)
    (tmp_path / "c" / "requirements.txt").write_text("aiohttp\n")
    time.sleep(0.1)  # a file that has just changed is looked at again
    return make_site(tmp_path, runner=runner).inside()


def page(visitor, path="/"):
    """The page, or the part of it."""
    return BeautifulSoup(visitor.get(path, headers={"HX-Request": "true"}).text, "html.parser")


def statuses(found):
    """The text and the contract of each status."""
    words, contracts = (found.select(f".{name}") for name in ("status .text", "contract"))
    return [" · ".join(filter(None, (word.text, one.text))) for word, one in zip(words, contracts, strict=True)]


DONE = ["ready · contract 0.1", "2 errors · contract 0.1", "1 warning · contract 0.1"]


def test_cards_are_there_before_their_checks(visitor):
    found = page(visitor)
    assert [card.strong.text for card in found.select("a.card")] == ["Greeter"] * 3
    assert [each["aria-busy"] for each in found.select(".status")] == ["true"] * 3
    assert statuses(found) == ["checking…"] * 3
    assert found.select_one("#more-checks")["hx-get"] == "/checks?after="
    assert found.select_one("noscript a")["href"] == "/?checked=1"


def test_what_comes_after_fills_every_card_and_asks_no_more(visitor):
    found = page(visitor, "/checks?after=")
    assert [each["hx-target"] for each in found.select("hx-partial")] == [
        f"#{part}-{one}" for one in "abc" for part in ("status", "contract")
    ]
    assert statuses(found) == DONE
    assert "hx-get" not in found.select_one("#more-checks").attrs
    again = page(visitor)
    assert statuses(again) == DONE
    assert again.select_one("#more-checks") is None


def test_the_checks_come_in_parts(visitor, monkeypatch):
    monkeypatch.setattr(card_checks, "_FOR_A_PART", -1.0)
    asked, seen = page(visitor).select_one("#more-checks")["hx-get"], []
    while asked:
        found = page(visitor, asked)
        seen.append(statuses(found))
        asked = found.select_one("#more-checks").get("hx-get")
    assert seen == [[one] for one in DONE]


def test_without_scripts_a_link_checks_all(visitor):
    assert statuses(page(visitor, "/?checked=1")) == DONE
    answer = visitor.get("/checks?after=a")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?checked=1")


def test_a_card_that_is_gone_meanwhile_starts_the_list_again(visitor):
    assert statuses(page(visitor, "/checks?after=never-was")) == DONE
    assert statuses(page(visitor, "/checks?after=b")) == DONE[2:]


def test_a_few_integrations_are_checked_with_the_page(make_site, greeter, runner):
    found = page(make_site(greeter, runner=runner).inside())
    assert statuses(found) == ["ready · contract 0.1"]
    assert found.select_one("#more-checks") is None


def test_a_config_that_cannot_be_read_is_told_at_once(visitor, tmp_path):
    (tmp_path / "b" / "config.json").write_text("{")
    assert "config.json:1" in page(visitor).select("a.card")[1].p.text
    (tmp_path / "c" / "config.json").write_text(json.dumps({"name": "c"}))
    assert statuses(page(visitor, "/checks?after=b"))[0].endswith("contract 2")
