"""``config.json`` while it is being edited and is not JSON: every page stays, says where, and recovers by itself."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup

PAGES = [
    "/integrations/greeter",
    "/integrations/greeter/actions/greet",
    "/integrations/greeter/triggers/visits",
    "/integrations/greeter/account",
    "/integrations/greeter/auth",
    "/integrations/greeter/files/config.json",
]
PLACE = "config.json:3:1: config.json is not valid JSON: expecting ',' delimiter at line 3, column 1."


@pytest.fixture
def broken() -> str:
    return '{\n  "name": "greeter"\n}}'.replace("}}", '"x": 1}')


def text_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def test_every_page_stays_with_the_last_readable_state(make_site, write_integration, config, tmp_path, runner, broken):
    config["supports_connected_account"] = True
    root = write_integration(tmp_path / "greeter", config)
    visitor = make_site(root, runner=runner).inside()
    before = {page: text_of(visitor.get(page)) for page in PAGES}
    (root / "config.json").write_text(broken)
    for path in PAGES:
        response = visitor.get(path)
        page = text_of(response)
        assert response.status_code == 200, path
        assert PLACE in page.select_one("#config-state .notice").text
        names = [[each.text for each in one.select("#nav-handlers .name")] for one in (page, before[path])]
        assert names[0] == names[1] != []
    form = text_of(visitor.get(PAGES[1]))
    assert [each["name"] for each in form.select("#inputs-root [name]")] == [
        each["name"] for each in before[PAGES[1]].select("#inputs-root [name]")
    ]
    assert "1 error" in text_of(visitor.get("/")).select_one("a.card").text
    write_integration(root, config)
    assert not text_of(visitor.get(PAGES[1])).select_one("#config-state .notice")


def test_a_run_of_a_broken_file_says_where_it_is_broken(make_site, write_integration, config, tmp_path, broken):
    root = write_integration(tmp_path / "greeter", config)
    site = make_site(root)
    visitor = site.inside()
    visitor.get(PAGES[1])
    (root / "config.json").write_text(broken)
    response = visitor.post(f"{PAGES[1]}/runs", {})
    assert response.status_code == 303
    run = site.runner.wait(response.headers["Location"].partition("?run=")[2], 60)
    assert run.outcome.status == "load_failed"
    headline = text_of(visitor.get(response.headers["Location"])).select_one("h1.headline").text
    assert "line 3" in headline


def test_the_fixes_of_an_earlier_run_wait_for_the_file(make_site, write_integration, config, tmp_path, broken):
    config["actions"]["greet"]["output_schema"] = {"type": "array"}
    root = write_integration(tmp_path / "greeter", config)
    site = make_site(root)
    visitor = site.inside()
    credentials = {"auth.type": "object", "auth.password.type": "string", "auth.password": "p"}
    visitor.post("/integrations/greeter/auth", credentials)
    response = visitor.post(f"{PAGES[1]}/runs", {})
    run = site.runner.wait(response.headers["Location"].partition("?run=")[2], 60)
    (root / "config.json").write_text(broken)
    assert visitor.get(f"/runs/{run.id}?tab=validation").status_code == 200


def test_a_file_that_was_never_readable_is_named_and_found_once_it_is_fixed(
    make_site, write_integration, config, tmp_path, runner, broken
):
    root = write_integration(tmp_path / "greeter", config)
    (root / "config.json").write_text(broken)
    visitor = make_site(root, runner=runner).inside()
    for path in PAGES[1:4]:
        response = visitor.get(path)
        assert response.status_code == 409
        assert PLACE in response.text.replace("&#39;", "'")
        assert "declare" not in text_of(response).select_one("#main").text
        assert text_of(response).select_one("[data-config-reload]")
        assert PLACE in visitor.get(path, headers={"HX-Request": "true"}).text.replace("&#39;", "'")
    write_integration(root, config)
    assert visitor.get(PAGES[1]).status_code == 200


@pytest.mark.parametrize("text", ["", "[]", "\ufeff{", "null", '{"a": ' * 100_000])
def test_other_files_that_cannot_be_read_keep_the_pages_too(
    make_site, write_integration, config, tmp_path, runner, text
):
    root = write_integration(tmp_path / "greeter", config)
    visitor = make_site(root, runner=runner).inside()
    visitor.get(PAGES[1])
    (root / "config.json").write_text(text)
    assert text_of(visitor.get(PAGES[1])).select_one("#config-state .notice").text.startswith("config.json:")


def test_the_state_changes_with_the_file(make_site, write_integration, config, tmp_path, runner, broken):
    root = write_integration(tmp_path / "greeter", config)
    visitor = make_site(root, runner=runner).inside()
    shown = []
    for text in (json.dumps(config), broken, json.dumps(config)):
        (root / "config.json").write_text(text)
        state = text_of(visitor.get("/integrations/greeter/config-state")).select_one("#config-state")
        shown.append((state["data-config-digest"], state.text.strip()))
    assert shown[0] == shown[2] != shown[1]
    assert shown[0][1] == ""
    assert shown[1][1].startswith(PLACE)


def test_the_state_changes_with_the_findings_of_the_code(make_site, write_integration, config, tmp_path, runner):
    root = write_integration(tmp_path / "greeter", config)
    visitor, code = make_site(root, runner=runner).inside(), (root / "greeter.py").read_text()
    shown = []
    for text in (code, code + "\ndef broken(:\n", code + "\n# a comment\n"):
        (root / "greeter.py").write_text(text)
        state = text_of(visitor.get("/integrations/greeter/config-state")).select_one("#config-state")
        shown.append(state["data-config-digest"])
    assert shown[0] == shown[2] != shown[1], "a change without a new finding redraws nothing"
    findings = text_of(visitor.get("/integrations/greeter")).select_one("#findings")
    assert findings["hx-trigger"] == "config-changed from:document"
