"""Inputs of an earlier run, run again: masks are put back from that run, and never sent."""

import pytest
from bs4 import BeautifulSoup

from workbench.domain import ABSENT
from workbench.web.run_form.secret_restore import restored
from workbench.web.services.vault import Credentials

ACTION = "/integrations/greeter/actions/greet"
SECRET = 'p)%>+$:"é-of-the-greeter'
PIN = "four-and-twenty-pins"
MASKED = {"a": "‹key›", "b": ["Bearer ‹key›", 1], "‹key›": 2}
RAW = {"a": "k-1", "b": ["Bearer k-1", 1], "k-1": 2}


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (MASKED, RAW),
        ({"moved": "Bearer ‹key›", "typed": "new"}, {"moved": "Bearer k-1", "typed": "new"}),
        ({"other": "‹not of this run›"}, {"other": "‹not of this run›"}),
        ("‹key›", "k-1"),
        (7, 7),
    ],
)
def test_what_the_page_masked_is_put_back(value, result):
    assert restored(value, MASKED, RAW) == (result, [])


@pytest.mark.parametrize(
    ("value", "masked", "raw", "pointers"),
    [
        ({"x~/": ["Basic ‹key›"]}, MASKED, RAW, ["/x~0~1/0"]),
        ({"x": "‹key›"}, ["‹key›", "‹key›"], ["one", "two"], ["/x"]),
        ({"x": "‹key›"}, None, ABSENT, ["/x"]),
        ({"‹key› again": 1}, MASKED, RAW, ["/‹key› again"]),
    ],
)
def test_what_cannot_be_put_back_is_named(value, masked, raw, pointers):
    inputs, problems = restored(value, masked, raw)
    assert inputs == value
    assert [problem.pointer for problem in problems] == pointers
    assert all("‹key›" in problem.message for problem in problems)


def test_guillemets_that_are_nobodys_mask_are_sent_as_they_are():
    assert restored({"x": "‹key›"}, {"x": "‹key›"}, {"x": "‹key›"}) == ({"x": "‹key›"}, [])


@pytest.fixture
def visitor(make_site, write_integration, config, tmp_path):
    """Somebody at a greeter that takes a PIN, whose password is saved."""
    schema = config["actions"]["greet"]["input_schema"]
    schema["properties"]["pin"] = {"type": "string", "format": "password"}
    site = make_site(write_integration(tmp_path / "greeter", config))
    site.app.extensions["workbench"].vault.put("greeter", Credentials({"password": SECRET}))
    return site, site.inside()


def control(page, name):
    """The name under which the field of that property is posted."""
    label = next(each for each in page.find_all("label") if each.text.strip() == name)
    return page.find(id=label["for"])["name"]


def form(text, **typed):
    """What the page's form posts, some fields typed into."""
    page = BeautifulSoup(text, "html.parser")
    data = {}
    for each in page.find(id="request").find_all(["input", "select"]):
        if each.get("name") and each.get("type") != "file":
            chosen = each.find("option", selected=True) if each.name == "select" else None
            data[each["name"]] = chosen["value"] if chosen else each.get("value", "")
    return data | {control(page, name): text for name, text in typed.items()}


def finished(site, response):
    assert response.status_code == 303, response.text
    return site.runner.wait(response.headers["Location"].partition("?run=")[2], 60)


def test_a_run_again_gets_the_secrets_that_its_page_does_not_show(visitor):
    site, browser = visitor
    first = finished(site, browser.post(f"{ACTION}/runs", form(browser.get(ACTION).text, name=SECRET, pin=PIN)))
    text = browser.get(f"{ACTION}?run={first.id}").text
    assert SECRET not in BeautifulSoup(text, "html.parser").text
    assert PIN not in text
    assert "‹password›" in text
    again = finished(site, browser.post(f"{ACTION}/runs", form(text)))
    inputs = site.store.get(again.id, reveal=True).request.inputs
    assert inputs == {"name": SECRET, "pin": PIN}


def test_a_mask_that_was_edited_is_refused_and_nothing_runs(visitor):
    site, browser = visitor
    first = finished(site, browser.post(f"{ACTION}/runs", form(browser.get(ACTION).text, name=SECRET, pin=PIN)))
    text = browser.get(f"{ACTION}?run={first.id}").text
    response = browser.post(f"{ACTION}/runs", form(text, name="Bearer ‹password›"))
    assert response.status_code == 422
    assert "Type the value itself" in response.text
    assert "Bearer ‹password›" in response.text
    assert len(site.store.list()) == 1


def test_a_run_that_is_not_kept_any_more_gives_nothing_back(visitor):
    site, browser = visitor
    data = form(browser.get(ACTION).text, name="‹password›", pin=PIN) | {"from_run": "999"}
    assert browser.post(f"{ACTION}/runs", data).status_code == 422
    assert site.store.list() == ()


def test_the_payload_shows_no_secret(visitor):
    _, browser = visitor
    page = browser.get(ACTION).text
    text = browser.post(f"{ACTION}/payload", form(page, name=f"Bearer {SECRET}", pin=PIN)).text
    assert PIN not in text
    assert "Bearer ‹password›" in BeautifulSoup(text, "html.parser").text


@pytest.fixture
def speaker(make_site, write_integration, config, tmp_path):
    """Somebody at a greeter that gives its inputs back, where ``name`` in the output must be an integer."""
    schema = config["actions"]["greet"]["input_schema"]
    schema["properties"]["pin"] = {"type": "string", "format": "password"}
    inputs = {"type": "object", "properties": {"name": {"type": "integer"}}}
    config["actions"]["greet"]["output_schema"] = {"type": "object", "properties": {"inputs": inputs}}
    site = make_site(write_integration(tmp_path / "greeter", config))
    site.app.extensions["workbench"].vault.put("greeter", Credentials({"password": SECRET}))
    return site, site.inside()


def boxes(text):
    return {each.text for each in BeautifulSoup(text, "html.parser").select(".masked")}


def test_plain_text_between_guillemets_is_no_secret(speaker):
    site, browser = speaker
    first = finished(site, browser.post(f"{ACTION}/runs", form(browser.get(ACTION).text, name="‹bonjour›", pin=PIN)))
    result = browser.get(f"/runs/{first.id}?tab=result").text
    assert "‹bonjour›" in BeautifulSoup(result, "html.parser").text
    assert boxes(result) == {"pin", "password"}
    assert 'id="fix-' in browser.get(f"/runs/{first.id}?tab=validation").text
    again = finished(site, browser.post(f"{ACTION}/runs", form(browser.get(f"{ACTION}?run={first.id}").text)))
    assert site.store.get(again.id, reveal=True).request.inputs == {"name": "‹bonjour›", "pin": PIN}


def test_a_masked_secret_is_drawn_as_one_and_gets_no_fix(speaker):
    site, browser = speaker
    first = finished(site, browser.post(f"{ACTION}/runs", form(browser.get(ACTION).text, name=SECRET, pin=PIN)))
    assert boxes(browser.get(f"/runs/{first.id}?tab=result").text) == {"pin", "password"}
    assert 'id="fix-' not in browser.get(f"/runs/{first.id}?tab=validation").text
