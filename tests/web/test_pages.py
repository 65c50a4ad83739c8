"""Every page of every integration opens; hostile names stay text."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from flask import abort

from workbench.web.integration import icons

HOSTILE = [
    "<script>alert(1)</script>",
    "{{7*7}}",
    "\"quoted\" 'single'",
    "..",
    ".",
    "a/b",
    "a%2fb",
    "名前 ünï",
    "x" * 300,
    "~tilde",
    "with space",
    "\\back",
    "",
    "hx-get",
    "line\nbreak",
    "\ud800half",
    "%00",
    "?q=1#f",
    "</title><img src=x onerror=alert(1)>",
]


class Live(HTMLParser):
    """Collects what could do something: scripts, handlers, live addresses, htmx attributes."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def assert_harmless(text):
    page = Live()
    page.feed(text)
    scripts = [value for tag, name, value in page.attributes if tag == "script" and name == "src"]
    assert page.tags.count("script") == len(scripts)
    assert all(source.startswith("/static/") for source in scripts)
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        assert not name.startswith("hx-on"), (tag, name)
        if name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            assert value.startswith(("/", "#", "?", "http://example.com/", "https://example.com/")), (tag, name, value)
            assert not value.startswith("//")
    assert "49" not in page.tags
    assert "img" not in page.tags
    assert "alert(1)" not in [value for _, name, value in page.attributes if name.startswith("on")]


@pytest.fixture(scope="module")
def corpus_site(make_site, corpus, runner):
    return make_site(corpus[0].parent, runner=runner)


def test_the_catalog_shows_every_integration(corpus_site, corpus):
    text = corpus_site.inside().get("/").text
    assert text.count("<tr data-item") == 41
    assert "41 in corpus" in text


def test_the_overview_and_auth_pages_of_the_corpus_open(corpus_site, step):
    visitor = corpus_site.inside()
    for integration in corpus_site.catalog.integrations()[:: step(3)]:
        page = visitor.get(f"/integrations/{integration.id}")
        assert page.status_code == 200, integration.id
        for action in integration.actions:
            assert f"/integrations/{integration.id}/actions/{action.name}" in page.text
        auth = visitor.get(f"/integrations/{integration.id}/auth")
        assert auth.status_code == 200, integration.id
        assert "Value of context.auth" in auth.text


def test_the_actions_of_the_corpus_open(corpus_site, spread):
    integrations = corpus_site.catalog.integrations()
    actions = [
        (f"/integrations/{each.id}/actions/{action.name}", action.input_schema)
        for each in integrations
        for action in each.actions
    ]
    assert len(actions) == 700
    visitor = corpus_site.inside()
    for path, _ in spread(actions):
        page = visitor.get(path)
        assert page.status_code == 200, path
        assert 'id="request"' in page.text
        assert 'id="outcome"' in page.text


def test_an_integration_that_cannot_be_read_is_listed_with_its_place_and_stops_no_other(
    make_site, write_integration, config, tmp_path, runner
):
    write_integration(tmp_path / "all" / "good", config)
    write_integration(tmp_path / "all" / "bad", '{\n  "name": "bad"\n  "version": 1\n}')
    visitor = make_site(tmp_path / "all", runner=runner).inside()
    text = visitor.get("/").text
    assert "config.json:3:3" in text
    assert "Greeter" in text
    page = visitor.get("/integrations/bad")
    assert page.status_code == 200
    assert "config.json:3:3" in page.text
    assert visitor.get("/integrations/good").status_code == 200
    assert visitor.get("/integrations/bad/auth").status_code == 200


def test_edits_on_disk_show_at_the_next_look(make_site, write_integration, config, tmp_path, runner):
    root = write_integration(tmp_path / "one", config)
    visitor = make_site(root, runner=runner).inside()
    assert "Greet someone" in visitor.get("/integrations/one/actions/greet").text
    config["actions"]["greet"]["display_name"] = "Greet everybody"
    write_integration(root, config)
    assert "Greet everybody" in visitor.get("/integrations/one/actions/greet").text
    del config["actions"]["greet"]
    write_integration(root, config)
    assert visitor.get("/integrations/one/actions/greet").status_code == 404


def test_a_catalog_without_integrations_says_what_to_do(make_site, runner):
    text = make_site(runner=runner).inside().get("/").text
    assert "No integrations found" in text
    assert "config.json" in text


def test_the_field_opens_a_folder_and_goes_to_its_integration(make_site, write_integration, config, tmp_path, runner):
    root = write_integration(tmp_path / "far" / "one", config)
    write_integration(tmp_path / "far" / "two", config)
    site = make_site(runner=runner)
    visitor = site.inside()
    response = visitor.post("/folders", {"path": f"  {root} "})
    assert (response.status_code, response.headers["Location"]) == (303, "/integrations/one")
    response = visitor.post("/folders", {"path": str(tmp_path / "far")})
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert len(site.catalog.integrations()) == 2


@pytest.mark.parametrize("typed", ["/no/such/folder", "\x00", "~nobody/x", "", "<script>alert(1)</script>"])
def test_a_folder_that_cannot_be_opened_is_said_and_stays_as_typed(make_site, runner, typed):
    response = make_site(runner=runner).inside().post("/folders", {"path": typed})
    assert response.status_code == 422
    assert 'class="notice bad' in response.text
    assert_harmless(response.text)


def test_folders_complete_as_one_types(make_site, tmp_path, runner):
    (tmp_path / "alpha").mkdir()
    (tmp_path / "alp<b>").mkdir()
    (tmp_path / "beta").mkdir()
    response = make_site(runner=runner).inside().get("/folders", query_string={"path": f"{tmp_path}/al"})
    assert "alpha" in response.text
    assert "alp&lt;b&gt;" in response.text
    assert "beta" not in response.text


@pytest.fixture(scope="module")
def hostile_site(make_site, tmp_path_factory, runner):
    import json

    schema = {
        "type": "object",
        "properties": {
            "<img src=x onerror=alert(1)>": {
                "type": "string",
                "label": "<b hx-get='/runs' hx-trigger='load'>b</b>",
                "description": "javascript:alert(1) data:text/html,x https://example.com/a?b=c {{7*7}}",
                "default": "</script><script>alert(2)</script>",
            },
            "e": {"enum": ["<i>", "\"'"], "description": "hx-on:click=alert(1)"},
        },
    }
    config = {
        "name": "<script>alert(0)</script>",
        "display_name": "<b onmouseover=alert(1)>{{7*7}}</b>",
        "version": '1.0.0"><x',
        "description": "</p><img src=x onerror=alert(1)> \ud800",
        "entry_point": "../../etc/passwd",
        "icon": "../../../etc/passwd",
        "auth": {
            "type": "custom",
            "identifier": "<script>",
            "fields": {
                "properties": {
                    'p)%>+$:"é': {"label": "</label><script>", "help_text": "javascript:x http://example.com/<script>"}
                }
            },
        },
        "actions": {name: {"description": name, "input_schema": schema, "output_schema": {}} for name in HOSTILE},
        "polling_triggers": {
            name: {"description": name, "polling_interval": "<b>", "input_schema": schema, "output_schema": {}}
            for name in HOSTILE
        },
    }
    root = tmp_path_factory.mktemp("hostile") / "<b>{{7*7}}"
    root.mkdir()
    (root / "config.json").write_text(json.dumps(config), "utf-8")
    return make_site(root, runner=runner)


def test_hostile_names_open_and_stay_text(hostile_site):
    visitor = hostile_site.inside()
    (integration,) = hostile_site.catalog.integrations()
    assert_harmless(visitor.get("/").text)
    overview = visitor.get(f"/integrations/{integration.id}").text
    assert_harmless(overview)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in overview
    assert "{{7*7}}" in overview
    assert_harmless(visitor.get(f"/integrations/{integration.id}/auth").text)
    links = [
        value for tag, name, value in parsed(overview) if (tag == "a" and "/actions/" in value) or "/triggers/" in value
    ]
    assert len(set(links)) == 2 * len(HOSTILE)
    for link in set(links):
        page = visitor.get(link)
        assert page.status_code == 200, link
        assert_harmless(page.text)
        assert page.text.count('class="head"') == 1


def parsed(text):
    page = Live()
    page.feed(text)
    return page.attributes


@pytest.mark.parametrize(
    ("name", "content", "status", "media"),
    [
        ("icon.png", b"\x89PNG\r\n\x1a\n", 200, "image/png"),
        ("icon.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 200, "image/svg+xml"),
        ("icon.html", b"<script>alert(1)</script>", 404, None),
        ("config.json", None, 404, None),
    ],
)
def test_icons_are_pictures_that_cannot_run(
    make_site, write_integration, config, tmp_path, runner, name, content, status, media
):
    root = write_integration(tmp_path / "one", config | {"icon": name})
    if content is not None:
        (root / name).write_bytes(content)
    response = make_site(root, runner=runner).inside().get("/integrations/one/icon")
    assert response.status_code == status
    if media:
        assert response.headers["Content-Type"] == media
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert "script-src" not in response.headers["Content-Security-Policy"]
        assert ("attachment" in response.headers.get("Content-Disposition", "")) == (media == "image/svg+xml")


@pytest.mark.parametrize("icon", ["../canary.png", "/etc/passwd", "link.png", "..\\canary.png", "a\x00.png", ".."])
def test_icons_outside_of_the_folder_are_never_read(make_site, write_integration, config, tmp_path, runner, icon):
    (tmp_path / "canary.png").write_bytes(b"the canary")
    root = write_integration(tmp_path / "one", config | {"icon": icon})
    (root / "link.png").symlink_to(tmp_path / "canary.png")
    response = make_site(root, runner=runner).inside().get("/integrations/one/icon")
    assert response.status_code == 404
    assert b"the canary" not in response.data


def test_a_link_that_was_put_in_place_of_the_icon_after_the_look_is_not_followed(site, greeter, tmp_path):
    (tmp_path / "canary.png").write_bytes(b"the canary")
    link = greeter / "late.png"
    link.symlink_to(tmp_path / "canary.png")
    assert icons.read(replace(site.catalog.integrations()[0], icon=link)) is None
    link.unlink()
    link.write_bytes(b"its own")
    assert icons.read(replace(site.catalog.integrations()[0], icon=link)).data == b"its own"


@pytest.mark.parametrize(
    ("posted", "page"),
    [
        ("/integrations/greeter/actions/greet/runs", "/integrations/greeter/actions/greet"),
        ("/integrations/greeter/import-checks", "/integrations/greeter"),
        ("/runs/7/cancellation", "/runs/7"),
        ("/paste", ""),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_page_that_has_expired_leads_to_the_page_of_its_form(site, posted, page, headers):
    visitor = site.inside()
    answer = visitor.client.post(posted, headers={"Origin": site.url, **headers}, base_url=site.url)
    assert answer.status_code == 403
    assert ("Open the page again</a>" in answer.text) == bool(page)
    assert f'href="{page}"' in answer.text or not page


def test_a_form_of_an_earlier_workbench_says_that_it_has_expired_and_what_to_do(site):
    visitor = site.inside()
    sent = {"data": {"csrf_token": "old"}, "headers": {"Origin": site.url}, "base_url": site.url}
    page = visitor.client.post("/integrations/greeter/actions/greet/runs", **sent)
    assert page.status_code == 403
    assert "<h1>This page has expired</h1>" in page.text
    assert "Open the page again, then repeat your last step." in page.text
    assert "Forbidden" not in page.text


def test_a_request_that_cannot_be_read_says_what_to_do(site):
    site.app.view_functions["runs.index"] = lambda: abort(400)
    page = site.inside().get("/runs")
    assert page.status_code == 400
    assert "<h1>Bad request</h1>" in page.text
    assert "Go back, reload the page, then try again." in page.text
