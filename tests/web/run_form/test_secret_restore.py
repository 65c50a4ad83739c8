"""Inputs of an earlier run, run again: masks are put back from that run, and never sent."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.html_form import parsed
from workbench.domain import (
    ABSENT,
    AuthShape,
    Contract,
    ContractVersion,
    Credentials,
    Kind,
    MaskedText,
    Outcome,
    Returned,
    Run,
    RunRequest,
    RunState,
    Status,
)
from workbench.domain.masked_text import join
from workbench.events.redactor import Redactor
from workbench.web.run_form.secret_restore import Masks
from workbench.web.runs.fixes import schema_suggestion
from workbench.web.runs.values.validated_value import Around
from workbench.web.ui import json_tree
from workbench.web.ui.masked_text import masked

ACTION = "/integrations/greeter/actions/greet"
SECRET = 'p)%>+$:"é-of-the-greeter'
PIN = "four-and-twenty-pins"
KEY = MaskedText.whole("key")
BEARER = join(("Bearer ", KEY))
MASKED = {"a": KEY, "b": [BEARER, 1], KEY: 2, "plain": "‹key›"}
RAW = {"a": "k-1", "b": ["Bearer k-1", 1], "k-1": 2, "plain": "‹key›"}


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (MASKED, RAW),
        ({"b": [0, 1, "Bearer ‹key›"]}, {"b": [0, 1, "Bearer k-1"]}),
        ({"b": ["Bearer ‹key›", "Bearer ‹key›"]}, {"b": ["Bearer k-1", "Bearer ‹key›"]}),
        ({"plain": "‹key›", "typed": "‹key›"}, {"plain": "‹key›", "typed": "‹key›"}),
        ({"a": "typed over", "other": "‹not of this run›"}, {"a": "typed over", "other": "‹not of this run›"}),
        ({"x": {"‹key›": 1}}, {"x": {"‹key›": 1}}),
        (7, 7),
    ],
)
def test_what_the_page_masked_is_put_back_at_its_place(value, result):
    assert Masks.of(MASKED, RAW).restored(value) == (result, [])


@pytest.mark.parametrize(
    ("value", "masked", "raw", "pointers"),
    [
        ({"x~/": ["Basic ‹key›"]}, {"x~/": [KEY]}, {"x~/": ["k"]}, ["/x~0~1/0"]),
        (["‹key›", "new", "‹key›"], [KEY, KEY, 1], ["one", "two", 1], ["/2"]),
        ({"a": "‹key›", "b": "‹key›"}, {"a": KEY}, ABSENT, ["/a"]),
        ({"‹key›": 1}, {KEY: 1}, ABSENT, ["/‹key›"]),
        ({"‹key›": 1}, {KEY: 1}, {"one": 1, "two": 2}, ["/‹key›"]),
    ],
)
def test_what_cannot_be_put_back_is_named_by_its_pointer(value, masked, raw, pointers):
    inputs, errors = Masks.of(masked, raw).restored(value)
    assert inputs == (["one", *value[1:]] if isinstance(value, list) else value)
    assert [error.pointer for error in errors] == pointers
    assert all("‹key›" in error.message for error in errors)


def test_the_form_carries_where_the_masks_of_an_expired_run_stood():
    carried = Masks.parse(Masks.of(MASKED, RAW).as_text())
    _, errors = carried.restored({**MASKED, "typed": "‹key›"})
    assert {error.pointer for error in errors} == {"/a", "/b/0", "/‹key›"}
    assert carried.restored({"a": "k-2", "b": ["Bearer k-2"]}) == ({"a": "k-2", "b": ["Bearer k-2"]}, [])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"values": {}, "names": {"/a": 1}}', '{"values": [], "names": {}}'])
def test_a_hidden_field_that_makes_no_sense_names_nothing(text):
    assert Masks.parse(text) == Masks()


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
    page = parsed(text)
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
    assert SECRET not in parsed(text).text
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


def test_an_expired_run_gives_nothing_back_and_the_form_names_the_field(visitor):
    site, browser = visitor
    first = finished(site, browser.post(f"{ACTION}/runs", form(browser.get(ACTION).text, name=SECRET, pin=PIN)))
    data = form(browser.get(f"{ACTION}?run={first.id}").text, pin=PIN) | {"from_run": "999"}
    response = browser.post(f"{ACTION}/runs", data)
    assert response.status_code == 422
    assert "‹password› stands for a secret that this page does not hold" in response.text
    assert len(site.store.list()) == 1
    again = finished(site, browser.post(f"{ACTION}/runs", form(response.text, name="typed again", pin=PIN)))
    assert site.store.get(again.id, reveal=True).request.inputs == {"name": "typed again", "pin": PIN}


def test_the_payload_shows_no_secret(visitor):
    _, browser = visitor
    page = browser.get(ACTION).text
    text = browser.post(f"{ACTION}/payload", form(page, name=f"Bearer {SECRET}", pin=PIN)).text
    assert PIN not in text
    assert "Bearer ‹password›" in parsed(text).text


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


def boxes(page):
    return [each.text for each in page.select("#outcome .node .masked")]


@pytest.mark.parametrize("text", ["‹bonjour›", "‹password›"])
def test_plain_text_between_guillemets_is_no_secret(speaker, text):
    site, browser = speaker
    first = finished(site, browser.post(f"{ACTION}/runs", form(browser.get(ACTION).text, name=text, pin=PIN)))
    result = BeautifulSoup(browser.get(f"/runs/{first.id}?tab=result").text, "html.parser")
    assert f'"{text}"' in [each.text for each in result.select(".string")]
    assert sorted(boxes(result)) == ["password", "pin"]
    assert 'id="fix-' in browser.get(f"/runs/{first.id}?tab=validation").text
    again = finished(site, browser.post(f"{ACTION}/runs", form(browser.get(f"{ACTION}?run={first.id}").text)))
    assert site.store.get(again.id, reveal=True).request.inputs == {"name": text, "pin": PIN}


@pytest.mark.parametrize(
    ("text", "shown"), [(SECRET, '"‹password›"'), (f"Bearer {SECRET}, twice", '"Bearer ‹password›, twice"')]
)
def test_a_masked_secret_is_drawn_as_one_and_gets_no_fix(speaker, text, shown):
    site, browser = speaker
    first = finished(site, browser.post(f"{ACTION}/runs", form(browser.get(ACTION).text, name=text, pin=PIN)))
    result = BeautifulSoup(browser.get(f"/runs/{first.id}?tab=result").text, "html.parser")
    assert shown in [spelled(each) for each in result.select(".string")]
    assert sorted(boxes(result)) == ["password", "password", "pin"]
    assert 'id="fix-' not in browser.get(f"/runs/{first.id}?tab=validation").text
    again = finished(site, browser.post(f"{ACTION}/runs", form(browser.get(f"{ACTION}?run={first.id}").text)))
    assert site.store.get(again.id, reveal=True).request.inputs == {"name": text, "pin": PIN}


def test_each_masked_secret_of_a_page_is_a_box(speaker):
    site, browser = speaker
    text = f"Bearer {SECRET}, {'and more, ' * 40}"
    first = finished(site, browser.post(f"{ACTION}/runs", form(browser.get(ACTION).text, name=text, pin=PIN)))
    for tab in ("result", "http", "validation", "output", "handler"):
        page = parsed(browser.get(f"/runs/{first.id}?tab={tab}").text)
        assert {each.text for each in page.select(".masked")} == {"password", "pin"}, tab
        assert "‹password›" not in page.text, tab
        assert not page.select('[id^="fix-"]'), tab


def spelled(string):
    """A drawn string with its boxes as guillemets."""
    return "".join(f"‹{part.text}›" if part.name else str(part) for part in string.children)


@pytest.mark.parametrize(("key", "obstacle"), [("‹password›", ""), (SECRET, "It contains a masked secret.")])
def test_a_masked_key_is_drawn_as_one_and_gets_no_suggestion(key, obstacle):
    contract, auth = Contract(ContractVersion.V2), {"password": SECRET}
    request = RunRequest(
        "greeter", Path("/greeter"), "greeter.py", Kind.ACTION, "greet", contract, {key: 1}, auth, AuthShape.FLAT
    )
    outcome = Outcome(RunState.FINISHED, Status.SUCCEEDED, {key: 1}, Returned("ActionResult", {key: 1}))
    run = Redactor.for_request(request).run(Run("1", request, 0.0, outcome))
    (node,) = json_tree.grow(run.outcome.result).children
    assert node.label == '"‹password›"'
    assert masked(node.label) == (
        '&#34;<span class="masked" title="masked">password</span>&#34;' if obstacle else "&#34;‹password›&#34;"
    )
    assert schema_suggestion.suggest(run, "this", Around(config='{"actions": {"greet": {}}}')).obstacle == obstacle
    assert Masks.of(run.request.inputs, request.inputs).restored({"‹password›": 1}) == ({key: 1}, [])
