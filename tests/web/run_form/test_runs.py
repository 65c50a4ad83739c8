"""The pages on which something is run: form, JSON, payload, refusal, run, and the run's own address."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from bs4 import BeautifulSoup

from tests.html_form import parsed
from workbench import forms
from workbench.domain import Credentials
from workbench.forms import renderer
from workbench.runner import RunnerLimits
from workbench.web.run_form.inputs_form import Payload

ACTION = "/integrations/greeter/actions/greet"
TRIGGER = "/integrations/greeter/triggers/visits"


@pytest.fixture(autouse=True)
def credentials(live):
    """What the greeter's auth asks for."""
    live.app.extensions["workbench"].vault.put("greeter", Credentials({"password": "a password of the greeter"}))


def controls(text, form="request"):
    """The successful controls of a form, by HTML's rules, as far as these forms need them."""
    pairs = []
    for control in parsed(text).find(id=form).find_all(["input", "textarea", "select"]):
        name = control.get("name")
        if not name or control.has_attr("disabled") or control.get("type") == "file":
            continue
        if control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            pairs.append((name, chosen.get("value", chosen.text)))
        elif control.name == "textarea":
            pairs.append((name, re.sub(r"\A\r?\n", "", control.text)))
        elif control.get("type") not in ("radio", "checkbox") or control.has_attr("checked"):
            pairs.append((name, control.get("value", "")))
    names = dict.fromkeys(name for name, _ in pairs)
    grouped = {name: [value for other, value in pairs if other == name] for name in names}
    return {name: values[0] if len(values) == 1 else values for name, values in grouped.items()}


def filled(text, **values):
    """The controls of the request with some of them typed into, by their label."""
    page = parsed(text)
    data = controls(text)
    for label, value in values.items():
        found = next(each for each in page.find_all("label") if each.text.strip() == label)
        data[page.find(id=found["for"])["name"]] = value
    return data


def payload(text):
    """The exact payload that a page shows."""
    return json.loads(parsed(text).find(id="payload-text").text)


def run_id(response):
    return response.headers["Location"].partition("?run=")[2]


def test_a_run_without_scripts_leads_to_its_own_address(live):
    visitor = live.inside()
    page = visitor.get(f"{ACTION}?new=1").text
    response = visitor.post(f"{ACTION}/runs", filled(page, name="Ada", times="3"))
    assert response.status_code == 303
    run = live.runner.wait(run_id(response), 60)
    assert run.request.inputs == {"name": "Ada", "times": 3}
    assert run.outcome.status == "succeeded"
    assert run.request.contract.version == "0.1"
    assert run.request.timeout == 60
    shown = visitor.get(response.headers["Location"]).text
    assert payload(shown) == {"name": "Ada", "times": 3}
    assert "Succeeded" in shown
    assert 'title="Succeeded"' in shown


def test_htmx_gets_the_outcome_and_the_address_of_the_run(live):
    visitor = live.inside()
    page = visitor.get(f"{ACTION}?new=1").text
    response = visitor.post(f"{ACTION}/runs", filled(page, name="Ada"), htmx=True)
    assert response.status_code == 200
    assert response.headers["HX-Push-Url"].startswith(f"{ACTION}?run=")
    assert 'id="outcome"' in response.text
    assert "<html" not in response.text
    live.runner.wait(response.headers["HX-Push-Url"].partition("?run=")[2], 60)


def test_text_that_is_no_number_is_refused_at_its_field_and_stays_as_typed(live):
    visitor = live.inside()
    before = len(live.store.list())
    data = filled(visitor.get(f"{ACTION}?new=1").text, name="<Ada> & co", times="1_000")
    for htmx in (False, True):
        response = visitor.post(f"{ACTION}/runs", data, htmx=htmx)
        assert response.status_code == 422
        assert ("<html" in response.text) != htmx
        assert filled(response.text) | {"csrf_token": ""} == data | {"csrf_token": ""}
        assert "1_000" in response.text
        assert "not a number" in response.text
    assert response.headers["HX-Retarget"] == "#request"
    assert len(live.store.list()) == before


def test_inputs_that_break_the_schema_are_sent_and_their_faults_stand_at_their_fields(live):
    visitor = live.inside()
    page = visitor.get(f"{ACTION}?new=1").text
    response = visitor.post(f"{ACTION}/runs", filled(page, times="3"), htmx=True)
    assert response.status_code == 200
    assert BeautifulSoup(response.text, "html.parser").find(id="inputs-errors")
    run = live.runner.wait(response.headers["HX-Push-Url"].partition("?run=")[2], 60)
    assert run.outcome.status == "invalid_input"
    shown = BeautifulSoup(visitor.get(response.headers["HX-Push-Url"]).text, "html.parser")
    assert shown.find(id="inputs-errors")


def test_form_and_json_are_switched_without_loss_and_broken_json_keeps_its_text(live):
    visitor = live.inside()
    data = filled(visitor.get(f"{ACTION}?new=1").text, name="  Ada\u00e9", times="12345678901234567890")
    text = visitor.post(f"{ACTION}/form", data | {"inputs.op": "raw:root"}).text
    raw = controls(text)
    assert json.loads(raw["inputs.root.json"]) == {"name": "  Ada\u00e9", "times": 12345678901234567890}
    assert 'aria-selected="true" name="inputs.op" value="raw:root"' in text

    raw["inputs.root.json"] = '{"name": "Ada",\n "times": NaN}'
    kept = visitor.post(f"{ACTION}/form", raw | {"inputs.op": "form:root"}).text
    assert controls(kept)["inputs.root.json"] == raw["inputs.root.json"]
    refused = visitor.post(f"{ACTION}/runs", raw)
    assert refused.status_code == 422
    assert "Line 2, column 11" in refused.text

    raw["inputs.root.json"] = '{"times": 1.0, "extra": [1, {"a": null}], "name": "Ada"}'
    back = visitor.post(f"{ACTION}/form", raw | {"inputs.op": "form:root"}).text
    response = visitor.post(f"{ACTION}/runs", controls(back))
    sent = live.runner.wait(run_id(response), 60).request.inputs
    assert json.dumps(sent) == raw["inputs.root.json"]


def test_the_payload_follows_the_form(live):
    visitor = live.inside()
    data = filled(visitor.get(f"{ACTION}?new=1").text, name="Ada", times="3")
    assert payload(visitor.post(f"{ACTION}/payload", data, htmx=True).text) == {"name": "Ada", "times": 3}
    wrong = filled(visitor.get(f"{ACTION}?new=1").text, name="Ada", times="three")
    assert "keeps this from being sent" in visitor.post(f"{ACTION}/payload", wrong, htmx=True).text


def test_an_edit_by_htmx_swaps_what_changed(live):
    visitor = live.inside()
    data = filled(visitor.get(f"{ACTION}?new=1").text, name="Ada")
    headers = {"HX-Target": "div#inputs-form"}
    response = visitor.post(f"{ACTION}/form", data | {"inputs.op": "raw:root"}, htmx=True, headers=headers)
    assert response.text.lstrip().startswith('<div class="form" id="inputs-form"')
    response = visitor.post(
        f"{ACTION}/form", data | {"inputs.op": "raw:root"}, htmx=True, headers={"HX-Target": "form#request"}
    )
    assert 'id="request"' in response.text
    assert "<html" not in response.text


def test_a_time_limit_that_is_none_is_refused(live):
    visitor = live.inside()
    data = filled(visitor.get(f"{ACTION}?new=1").text, name="Ada")
    for limit in ("", "soon", "-1", "0", "nan", "inf", "1e9", "3601"):
        response = visitor.post(f"{ACTION}/runs", data | {"timeout": limit}, htmx=True)
        assert response.status_code == 422, limit
        assert "not a number of seconds" in response.text, limit


def test_contract_and_limit_are_chosen_for_the_run_and_stay_on_its_page(live):
    visitor = live.inside()
    data = filled(visitor.get(f"{ACTION}?new=1").text, name="Ada") | {"timeout": "7.5", "contract": "2"}
    response = visitor.post(f"{ACTION}/runs", data)
    asked = live.runner.wait(run_id(response), 60).request
    assert (asked.contract.version, asked.auth_shape, asked.timeout) == ("2", "envelope", 7.5)
    again = visitor.get(response.headers["Location"]).text
    shown = controls(again)
    assert (shown["timeout"], shown["contract"]) == ("7.5", "2")
    assert 'Settings<span class="is-set">: 7.5 s, contract 2</span></summary>' in again


def test_a_trigger_is_polled_with_its_timestamp(live):
    visitor = live.inside()
    page = visitor.get(f"{TRIGGER}?new=1").text
    assert "Empty sends <code>None</code> (first poll)." in page
    response = visitor.post(f"{TRIGGER}/runs", controls(page) | {"last_poll_ts": "1700000000"})
    run = live.runner.wait(run_id(response), 60)
    assert run.request.last_poll_ts == "1700000000"
    assert run.outcome.returned.value == [{"id": "1", "data": {"since": "1700000000"}}]
    second = visitor.post(f"{TRIGGER}/runs", controls(page) | {"last_poll_ts": " "})
    assert live.runner.wait(run_id(second), 60).request.last_poll_ts == str(int(run.created_at)), "as the platform does"
    first = visitor.post(f"{TRIGGER}/runs", controls(page) | {"last_poll_ts": "None"})
    assert live.runner.wait(run_id(first), 60).request.last_poll_ts is None
    page = visitor.get(second.headers["Location"] + "&tab=result").text
    assert "1 record, none new" in page
    assert "(last poll)" in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("yesterday", "“yesterday” is not a Unix time in seconds."),
        ("nan", "is not a Unix time"),
        ("-1", "is not a Unix time"),
        ("1700000000000", "is in milliseconds. Write seconds: 1700000000."),
    ],
)
def test_a_last_poll_that_is_no_timestamp_is_said_at_its_field(live, text, words):
    visitor = live.inside()
    page = visitor.get(TRIGGER).text
    response = visitor.post(f"{TRIGGER}/runs", controls(page) | {"last_poll_ts": text})
    assert response.status_code == 422
    soup = BeautifulSoup(response.text, "html.parser")
    field = soup.select_one("#last-poll-ts")
    assert field["value"] == text
    assert soup.find(id=field["aria-describedby"].split()[-1]).text.count(words) == 1


def test_the_address_of_a_run_of_something_else_or_of_none_says_so(live):
    visitor = live.inside()
    page = visitor.get(f"{TRIGGER}?new=1").text
    other = run_id(visitor.post(f"{TRIGGER}/runs", controls(page)))
    for asked in (other, "none", "<script>"):
        response = visitor.get(ACTION, query_string={"run": asked})
        assert response.status_code == 200
        assert "not found: it was deleted, or belongs to another workbench" in response.text
        assert "No run yet" in response.text
        assert "<script>" not in response.text.replace("<script src", "")


def test_a_form_with_too_many_parts_or_bytes_is_told_so(live):
    visitor = live.inside()
    many = {f"inputs.x{number}": "" for number in range(7000)}
    response = visitor.post(f"{ACTION}/runs", many)
    assert response.status_code in (413, 422)
    live.app.config["MAX_CONTENT_LENGTH"], before = 10_000, live.app.config["MAX_CONTENT_LENGTH"]
    try:
        response = visitor.post(f"{ACTION}/runs", {"inputs.root.json": "x" * 20_000}, htmx=True)
    finally:
        live.app.config["MAX_CONTENT_LENGTH"] = before
    assert response.status_code == 413
    assert response.headers["HX-Retarget"] == "#notes"


def test_a_runner_that_is_closed_says_so(make_site, greeter):
    site = make_site(greeter)
    visitor = site.inside()
    data = filled(visitor.get(ACTION).text, name="Ada")
    site.runner.close()
    response = visitor.post(f"{ACTION}/runs", data, htmx=True)
    assert response.status_code == 503
    assert "takes no more runs" in response.text


def test_a_form_of_an_older_schema_is_still_understood(make_site, config, write_integration, runner, tmp_path):
    folder = write_integration(tmp_path / "greeter", config)
    visitor = make_site(folder, runner=runner).inside()
    data = filled(visitor.get(f"{ACTION}?new=1").text, name="Ada", times="3")
    config["actions"]["greet"]["input_schema"] = {"type": "object", "properties": {"name": {"type": "string"}}}
    write_integration(tmp_path / "greeter", config)
    preview = visitor.post(f"{ACTION}/payload", data, htmx=True).text
    assert payload(preview) == {"name": "Ada", "times": 3}
    assert "config.json changed after this form was loaded" in preview
    for htmx in (False, True):
        answer = visitor.post(f"{ACTION}/runs", data, htmx=htmx)
        assert answer.status_code == 422
        assert "Not declared in the schema" in answer.text
        assert payload(answer.text) == {"name": "Ada", "times": 3}
    again = controls(visitor.post(f"{ACTION}/form", data).text)
    assert again["schema"] != data["schema"]
    assert "config.json changed" not in visitor.post(f"{ACTION}/payload", again, htmx=True).text


def test_an_edit_that_leaves_every_field_in_its_place_asks_nothing(
    make_site, config, write_integration, runner, tmp_path
):
    folder = write_integration(tmp_path / "greeter", config)
    visitor = make_site(folder, runner=runner).inside()
    data = filled(visitor.get(f"{ACTION}?new=1").text, name="Ada")
    properties = {"name": {"type": "string", "description": "Whose?"}, "times": {"type": "integer"}, "new": {}}
    config["actions"]["greet"]["input_schema"] = {"type": "object", "properties": properties}
    write_integration(tmp_path / "greeter", config)
    preview = visitor.post(f"{ACTION}/payload", data, htmx=True).text
    assert payload(preview) == {"name": "Ada"}
    assert "changed after" not in preview


def test_one_press_on_run_renders_the_form_once(live, monkeypatch):
    rendered = []
    whole = renderer.Renderer.form
    monkeypatch.setattr(renderer.Renderer, "form", lambda self: rendered.append(1) or whole(self))
    visitor = live.inside()
    data = filled(visitor.get(f"{ACTION}?new=1").text, name="Ada")
    assert len(rendered) == 1
    rendered.clear()
    started = visitor.post(f"{ACTION}/runs", data, htmx=True)
    assert started.status_code == 200
    assert len(rendered) == 1
    rendered.clear()
    assert visitor.post(f"{ACTION}/payload", data).status_code == 200
    assert visitor.post(f"{ACTION}/runs", data).status_code == 303
    assert rendered == [], "a preview and a redirect need no form"


def test_the_payload_is_exact_and_counts_what_keeps_it():
    error = forms.FieldError("/n", "no number", "x")
    shown = Payload(forms.FormData({"a": 1.0, "b": "</pre><b>"}, (error,)))
    assert shown.json == '{\n  "a": 1.0,\n  "b": "</pre><b>"\n}'
    assert shown.python == "{\n    'a': 1.0,\n    'b': '</pre><b>',\n}"
    assert shown.blocked
    assert "1 error keeps this" in shown.reason


def test_the_mode_of_the_form_is_a_value(live):
    visitor = live.inside()
    data = controls(visitor.get(f"{ACTION}?new=1").text)
    switched = visitor.post(f"{ACTION}/form", data | {"inputs.op": forms.AS_JSON}, htmx=True).text
    tabs = BeautifulSoup(switched, "html.parser").select("[role=tab]")
    assert [tab["aria-selected"] for tab in tabs] == ["false", "true"]
    schema = {"type": "object", "properties": {"note": {"const": 'name="inputs.root.json"'}}}
    assert forms.open_form(schema, {"note": 'name="inputs.root.json"'}).mode is forms.Mode.FORM
    assert forms.open_form(schema, [1]).mode is forms.Mode.JSON


def test_a_run_that_did_not_start_says_so_above_the_outcome_of_an_earlier_one(live):
    visitor = live.inside()
    page = visitor.get(f"{ACTION}?new=1").text
    assert BeautifulSoup(page, "html.parser").find(id="not-started").has_attr("hidden")
    run = live.runner.wait(run_id(visitor.post(f"{ACTION}/runs", filled(page, name="Ada"))), 60)
    wrong = filled(page, name="Ada", times="x")
    for blocked in (visitor.post(f"{ACTION}/runs", wrong, htmx=True), visitor.post(f"{ACTION}/runs", wrong)):
        assert blocked.status_code == 422
        said = BeautifulSoup(blocked.text, "html.parser").find(id="not-started")
        assert said.text == "The run did not start. Check the form. Below is the outcome of an earlier run."
        assert not said.has_attr("hidden")
    started = visitor.post(f"{ACTION}/runs", filled(page, name="Ada"), htmx=True).text
    assert BeautifulSoup(started, "html.parser").find(id="not-started").has_attr("hidden")
    shown = BeautifulSoup(visitor.get(f"{ACTION}?run={run.id}").text, "html.parser")
    assert shown.find(id="not-started").text == ""


def test_a_notice_is_gone_once_a_run_started_and_the_last_run_can_be_loaded(live):
    visitor = live.inside()
    page = visitor.get(f"{ACTION}?new=1").text
    started = BeautifulSoup(visitor.post(f"{ACTION}/runs", filled(page, name="Ada"), htmx=True).text, "html.parser")
    assert started.select_one("hx-partial[hx-target='#form-notice'] #form-notice").text == ""
    offer = started.select_one("hx-partial[hx-target='#drafts'] #run-offer")
    (run,) = live.store.list(limit=1)
    assert offer.find("a")["href"] == f"{ACTION}?run={run.id}"
    assert offer["data-at"] == str(int(run.created_at * 1000))


def test_the_json_of_inputs_with_secrets_has_masks_and_the_run_gets_the_secrets(
    tmp_path, make_site, write_integration, config
):
    properties = {"name": {"type": "string"}, "key": {"type": "string", "format": "password"}}
    config["actions"]["greet"]["input_schema"] = {"type": "object", "properties": properties}
    write_integration(tmp_path / "greeter", config)
    site = make_site(tmp_path)
    visitor = site.inside()
    page = visitor.get(f"{ACTION}?new=1").text
    to_json = {"inputs.op": forms.AS_JSON}
    blank = visitor.post(f"{ACTION}/form", controls(page) | to_json, htmx=True).text
    data = controls(blank) | {"inputs.root.json": '{"name": "n", "key": "typed-secret-1"}'}
    back = visitor.post(f"{ACTION}/form", data | {"inputs.op": forms.AS_FORM}, htmx=True).text
    again = visitor.post(f"{ACTION}/form", controls(back) | to_json, htmx=True).text
    assert "typed-secret-1" not in back + again
    assert json.loads(controls(again)["inputs.root.json"]) == {"name": "n", "key": "‹secret 1›"}
    run = site.runner.wait(run_id(visitor.post(f"{ACTION}/runs", controls(again))), 60)
    assert site.store.get(run.id, reveal=True).request.inputs == {"name": "n", "key": "typed-secret-1"}
    data = controls(again) | {"inputs.root.json": '{"name": "n", "key": "typed-secret-2"'}
    blocked = visitor.post(f"{ACTION}/runs", data, htmx=True)
    assert blocked.status_code == 422
    assert "typed-secret" not in blocked.text


def test_a_button_fills_the_blank_fields_with_examples(live):
    visitor = live.inside()
    shown = visitor.get(f"{ACTION}?new=1").text
    button = BeautifulSoup(shown, "html.parser").find("button", string="Fill with examples")
    press = {button["name"]: button["value"]}
    pane = visitor.post(button["formaction"], controls(shown) | press, htmx=True).text
    assert payload(pane) == {"name": "Example"}
    assert payload(visitor.post(button["formaction"], filled(shown, name="Ada") | press).text) == {"name": "Ada"}
    as_json = visitor.post(f"{ACTION}/form", controls(shown) | {"inputs.op": forms.AS_JSON}, htmx=True).text
    assert "Fill with examples" not in as_json


def test_texts_of_fields_that_no_schema_knows_are_shown_and_do_not_block_the_run(live):
    visitor = live.inside()
    data = filled(visitor.get(f"{ACTION}?new=1").text, name="Ada") | {"schema": "dropped", "inputs.n0": "typed"}
    answer = visitor.post(f"{ACTION}/runs", data, htmx=True)
    assert answer.status_code == 200
    assert controls(answer.text, "inputs-form")["inputs.n0"] == "typed"
    first = visitor.post(f"{ACTION}/runs", data)
    assert first.status_code == 422, "without scripts a run has a page of its own, which would not have the text"
    assert payload(first.text) == {"name": "Ada"}
    assert visitor.post(f"{ACTION}/runs", controls(first.text)).status_code == 303


def test_the_earlier_name_of_the_schema_field_is_accepted(make_site, config, write_integration, runner, tmp_path):
    folder = write_integration(tmp_path / "greeter", config)
    visitor = make_site(folder, runner=runner).inside()
    data = filled(visitor.get(f"{ACTION}?new=1").text, name="Ada", times="3")
    data["drawn"] = data.pop("schema")
    config["actions"]["greet"]["input_schema"] = {"type": "object", "properties": {"name": {"type": "string"}}}
    write_integration(tmp_path / "greeter", config)
    assert payload(visitor.post(f"{ACTION}/payload", data, htmx=True).text) == {"name": "Ada", "times": 3}


def test_the_settings_of_fetch_go_with_the_run_and_come_back(live):
    visitor = live.inside()
    page = visitor.get(f"{ACTION}?new=1").text
    assert 'placeholder="3 (the SDK’s default)"' in page
    assert 'placeholder="30 (the SDK’s default)"' in page
    data = filled(page, name="Ada") | {"retries": "1", "fetch_timeout": "2.5"}
    run = live.runner.wait(run_id(visitor.post(f"{ACTION}/runs", data)), 60)
    assert (run.request.max_retries, run.request.fetch_timeout) == (1, 2.5)
    shown = visitor.get(f"{ACTION}?run={run.id}").text
    assert "1 retry, fetch 2.5 s</span></summary>" in shown
    assert (controls(shown)["retries"], controls(shown)["fetch_timeout"]) == ("1", "2.5")


def test_a_run_again_has_the_inputs_and_settings_of_the_earlier_one_and_the_credentials_of_now(live):
    visitor = live.inside()
    data = filled(visitor.get(f"{ACTION}?new=1").text, name="Ada", times="3")
    data |= {"timeout": "9", "contract": "2", "retries": "1"}
    first = live.runner.wait(run_id(visitor.post(f"{ACTION}/runs", data)), 60)
    live.app.extensions["workbench"].vault.put("greeter", Credentials({"password": "another password"}))
    page = BeautifulSoup(visitor.get(f"{ACTION}?run={first.id}").text, "html.parser")
    response = visitor.post(page.find(id="outcome-again").parent["action"])
    assert (response.status_code, response.headers["Location"].partition("?")[0]) == (303, ACTION)
    again = live.runner.wait(run_id(response), 60)
    asked = live.store.get(again.id, reveal=True).request
    assert (asked.inputs, asked.timeout, asked.max_retries) == ({"name": "Ada", "times": 3}, 9, 1)
    assert asked.contract.version == "2"
    assert asked.context_auth["credentials"] == {"password": "another password"}
    assert visitor.get(f"/runs/{first.id}/repetition").status_code == 405


BAD_SETTINGS = [
    *(("retries", text) for text in ("11", "-1", "²", "1.5")),
    *(("fetch_timeout", text) for text in ("0", "inf", "x")),
]


def test_settings_of_fetch_that_are_none_are_refused_and_stay_as_typed(live):
    visitor = live.inside()
    data = filled(visitor.get(f"{ACTION}?new=1").text, name="Ada")
    for name, typed in BAD_SETTINGS:
        response = visitor.post(f"{ACTION}/runs", data | {name: typed}, htmx=True)
        assert response.status_code == 422, typed
        assert f"“{typed}”" in response.text
        assert controls(response.text)[name] == typed


def test_the_editor_of_json_text_is_offered_what_the_schema_has(live):
    visitor = live.inside()
    page = visitor.get(f"{ACTION}?new=1").text
    text = visitor.post(f"{ACTION}/form", controls(page) | {"inputs.op": forms.AS_JSON}).text
    form = BeautifulSoup(text, "html.parser").find(id="inputs-form")
    assert form.find("textarea")["data-json"] == ""
    offered = visitor.get(form["data-completions"], query_string={"pointer": ""}).json
    assert [one["name"] for one in offered["names"]] == ["name", "times"]
    assert visitor.get(f"{ACTION}/completions", query_string={"pointer": "/no/such"}).json["names"] == []


def test_which_fields_are_shown_stays_over_a_redraw(live):
    visitor = live.inside()
    page = visitor.get(f"{ACTION}?new=1").text
    again = visitor.post(f"{ACTION}/form", controls(page) | {"show": "set"}).text
    chosen = BeautifulSoup(again, "html.parser").select(".shows input[checked]")
    assert [one["value"] for one in chosen] == ["set"]


def test_of_many_posted_at_once_the_accepted_end_with_the_truth_and_the_rest_are_busy(live, monkeypatch):
    monkeypatch.setattr(live.runner, "_limits", RunnerLimits(queued=8))
    visitor = live.inside()
    page = visitor.get(f"{ACTION}?new=1").text

    data = filled(page, name="Ada", times="2") | {"contract": ""}
    (name,) = (control for control, value in data.items() if value == "Ada")

    def post(number):
        return number, visitor.post(f"{ACTION}/runs", data | {name: f"Ada {number}"})

    with ThreadPoolExecutor(8) as pool:
        posted = list(pool.map(post, range(40)))
    accepted = {number: run_id(response) for number, response in posted if response.status_code == 303}
    busy = [response for _, response in posted if response.status_code != 303]
    assert len(accepted) >= 12
    assert len(set(accepted.values())) == len(accepted)
    for number, one in accepted.items():
        outcome = live.runner.wait(one, 60).outcome
        assert (outcome.status, f"Ada {number}" in json.dumps(outcome.result)) == ("succeeded", True)
    assert busy
    assert {(response.status_code, "The workbench is busy" in response.text) for response in busy} == {(503, True)}
