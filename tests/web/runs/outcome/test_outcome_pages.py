"""The pages of runs: every status opens on its tab, nothing runs or leaks, big things stay small."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from workbench.domain import (
    AuthShape,
    EnvironmentVariable,
    ErrorInfo,
    ExchangeError,
    Frame,
    Kind,
    ReplacedValue,
    ShapeReason,
    ShapeRule,
    Side,
    Status,
    ValidationError,
)
from workbench.explain.statuses import STATUS_WORDS
from workbench.web.runs import tabs
from workbench.web.runs.history import run_list
from workbench.web.ui import handler_pages

TABS = tuple(tab.name for tab in tabs.TABS)

type Tell = Callable[..., Any]

ATTACKS = (
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "</script><svg onload=window.ran=1>",
    '"><div hx-get="/stolen" hx-trigger="load">',
    "{{7*7}}{% set x = 1 %}",
    "</pre></textarea><b hx-on:load='x'>",
)
ATTACK = "".join(ATTACKS)


def soup(client: FlaskClient, path: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:400]
    return BeautifulSoup(answer.text, "html.parser")


def one(page: BeautifulSoup | Tag, selector: str) -> Tag:
    found = page.select(selector)
    assert len(found) == 1, (selector, len(found))
    return found[0]


EVERYWHERE = [(status, tab) for status in Status for tab in ("", *TABS)]


@pytest.mark.parametrize(
    ("status", "tab"),  # each status and each tab; each with each in make test-all
    [
        pytest.param(*both, marks=() if not both[1] or number % 7 == 0 else pytest.mark.exhaustive)
        for number, both in enumerate(EVERYWHERE)
    ],
)
def test_every_status_draws_on_every_tab(client: FlaskClient, tell: Tell, status: Status, tab: str) -> None:
    story = tell().started().exchange().prints("hello\n").returned({"data": 1}).finished(status)
    page = soup(client, f"/runs/{story.run.id}?tab={tab}")
    assert one(page, ".outcome-head .pill").text == STATUS_WORDS[status].text
    assert one(page, ".headline").text.strip()
    assert one(page, ".strip [aria-current]")["id"] == f"outcome-tab-{tab}" if tab else True


@pytest.mark.parametrize(
    ("tab", "arrange"),
    [
        ("result", lambda s: s.returned({"data": {}}).finished(Status.SUCCEEDED, valued=True)),
        ("validation", lambda s: s.returned({}).errors(
            ValidationError(Side.OUTPUT, "/data", "/required", "required", "m")).finished(Status.INVALID_OUTPUT)),
        ("handler", lambda s: s.exchange().finished(Status.FAILED, error=s.error("KeyError", "'x'"))),
        ("http", lambda s: s.exchange(status=500).finished(
            Status.FAILED, error=s.error("autohive_integrations_sdk.HTTPError", "HTTP 500: x"))),
        ("http", lambda s: s.exchange(status=None, ended=False).finished(Status.TIMED_OUT)),
        ("handler", lambda s: s.finished(Status.TIMED_OUT)),
        ("output", lambda s: s.prints("fatal\n", "stderr").finished(Status.CRASHED)),
        ("handler", lambda s: s.finished(Status.LOAD_FAILED, error=s.error("ImportError", "no"))),
        ("http", lambda s: s.exchange(status=None, ended=False)),
    ],
)  # fmt: skip
def test_the_tab_that_matters_opens_first(client: FlaskClient, tell: Tell, tab: str, arrange: Any) -> None:
    story = arrange(tell().started())
    page = soup(client, f"/runs/{story.run.id}")
    assert one(page, ".strip [aria-current]")["id"] == f"outcome-tab-{tab}"


def attacked(tell: Tell) -> Any:
    """A run with the attack in every string that an integration or a server can choose."""
    cause = ErrorInfo(ATTACK, ATTACK, ATTACK, (Frame(ATTACK, 3, ATTACK, ATTACK),))
    schema = {"type": "object", "properties": {ATTACK: {"type": "string", "enum": [ATTACK]}}, "title": ATTACK}
    story = tell(name=ATTACK, inputs={ATTACK: ATTACK}, input_schema=schema, output_schema=schema).started()
    story.exchange(
        method=ATTACK, url=f"http://h.example/{ATTACK}?{ATTACK}", reason=ATTACK,
        headers=((ATTACK, ATTACK), ("Content-Type", "text/html")), request_headers=((ATTACK, ATTACK),),
        body=ATTACK.encode(), request_body=ATTACK.encode(), error=ExchangeError(ATTACK, ATTACK, ATTACK),
    )  # fmt: skip
    story.exchange(body=json.dumps({ATTACK: [ATTACK]}).encode())
    story.prints(ATTACK).prints(ATTACK, "stderr").logs(ATTACK, ATTACK[:30]).notes(ATTACK)
    story.returned({ATTACK: ATTACK}, ATTACK, lossy=(ReplacedValue(f"/{ATTACK}", ATTACK, ATTACK),))
    story.errors(ValidationError(Side.OUTPUT, f"/{ATTACK}", f"/properties/{ATTACK}/enum", "enum", ATTACK))
    story.hangs(Frame(ATTACK, 1, ATTACK, ATTACK))
    error = ErrorInfo(ATTACK, ATTACK, ATTACK, (Frame(story.file, 9, ATTACK, ATTACK),), (cause,))
    return story.finished(Status.FAILED, error=error)


OF_A_TAB = {
    "&exchange=1": "http",
    "&raw=response&exchange=1": "http",
    "&raw=result": "result",
    "&error=0": "validation",
}
"""The parts of a query that choose what a tab shows; to the other tabs they make no difference."""
QUERIES = [
    *((tab, "") for tab in TABS),
    *(
        pytest.param(tab, more, marks=[] if tab == of else [pytest.mark.exhaustive])
        for more, of in OF_A_TAB.items()
        for tab in TABS
    ),
]


@pytest.mark.parametrize(("tab", "more"), QUERIES)
def test_hostile_text_stays_text(client: FlaskClient, tell: Tell, tab: str, more: str) -> None:
    clean = tell().started().exchange().prints("x\n").returned({}).finished(Status.FAILED)
    story = attacked(tell)
    page = soup(client, f"/runs/{story.run.id}?tab={tab}{more}")
    ours = {str(tag.name) for tag in soup(client, f"/runs/{clean.run.id}?tab={tab}").find_all()}
    assert {str(tag.name) for tag in page.find_all()} <= ours | TREE_TAGS
    assert "/stolen" not in [tag.get("hx-get") for tag in page.find_all()]
    for tag in page.find_all():
        assert not [name for name in tag.attrs if name.startswith(("on", "hx-on")) or name == "style"], tag
    assert "49" not in page.text.split("{{")[0][-10:]
    assert "window.ran=1" in page.text
    assert "{{7*7}}" in page.text


TREE_TAGS = {
    "details", "summary", "div", "span", "pre", "code", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td",
    "ol", "ul", "li", "section", "article", "h2", "h3", "form", "input", "button", "svg", "rect", "title", "i",
    "strong", "p", "a", "nav", "time", "aside", "br",
}  # fmt: skip


def test_only_paths_of_ours_are_links(client: FlaskClient, tell: Tell) -> None:
    headers = (("Location", "javascript:alert(1)"), ("Link", "data:text/html,x"))
    story = tell().started().exchange(url="javascript:alert(1)", status=302, headers=headers)
    story.returned({"avatar_url": "javascript:alert(1)", "url": "data:text/html,x"}).finished(
        Status.SUCCEEDED, valued=True
    )
    for tab in TABS:
        for tag in soup(client, f"/runs/{story.run.id}?tab={tab}").find_all(href=True):
            assert str(tag["href"]).startswith(("/", "#")), tag
            assert not str(tag["href"]).startswith("//")


@pytest.mark.parametrize(
    "here", ["//evil.example", "javascript:alert(1)", "/\\evil.example", "http://evil.example", "x"]
)
def test_a_page_cannot_be_told_to_stand_elsewhere(client: FlaskClient, tell: Tell, here: str) -> None:
    story = tell().started().exchange()
    answer = client.get(f"/runs/{story.run.id}/outcome", query_string={"here": here}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "evil" not in answer.text
    assert "javascript:" not in answer.text
    moved = client.post(f"/runs/{story.run.id}/cancellation", data={"here": here})
    assert moved.status_code == 303
    assert moved.location == f"/runs/{story.run.id}"


def test_a_secret_is_masked_everywhere_and_shown_on_request_only(client: FlaskClient, tell: Tell) -> None:
    secret = "s3cret-value"
    story = tell().started().exchange(
        url=f"http://h.example/?key={secret}", request_headers=(("Authorization", f"Bearer {secret}"),),
        body=json.dumps({"echo": secret}).encode(), request_body=f"key={secret}".encode(),
    )  # fmt: skip
    story.prints(f"the key is {secret}\n").logs(secret).returned({"data": secret})
    story.finished(Status.FAILED, error=story.error("ValueError", f"bad key {secret}"))
    base = f"/runs/{story.run.id}"
    pages = [f"{base}?tab={tab}" for tab in TABS]
    pages += [f"{base}?tab=http&raw=response", f"{base}/export?form=har", f"{base}/export?form=json", "/runs"]
    pages += [f"{base}/values/{name}?form=json" for name in ("returned", "auth", "inputs", "response-1")]
    pages += [f"{base}/exchanges/1/{side}/body" for side in ("request", "response")]
    for page in pages:
        assert secret not in client.get(page).text, page
    masked = one(soup(client, f"{base}?tab=http&exchange=1"), "#request-headers .masked")
    assert masked.text == "api_key"
    assert client.get(f"{base}/exchanges/1/revelation").status_code == 405
    shown = client.post(f"{base}/exchanges/1/revelation", headers={"HX-Request": "true"})
    assert secret in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert "<html" not in shown.text
    whole = client.post(f"{base}/exchanges/1/revelation")
    assert secret in whole.text
    assert "<html" in whole.text
    assert client.post(f"{base}/exchanges/9/revelation").status_code == 404


def test_one_secret_that_the_run_obtained_is_shown_on_a_click(client: FlaskClient, tell: Any) -> None:
    token, headers = "tok-5bd0c1a9e3f7", (("Authorization", "Bearer tok-5bd0c1a9e3f7"), ("X-Api-Key", "abc"))
    body = b'{"access_token": "tok-0987654321"}'
    story = tell().started().exchange(request_headers=headers, body=body).prints(f"using {token}")
    story.finished(Status.SUCCEEDED)
    base = f"/runs/{story.run.id}"
    page = client.get(f"{base}?tab=http").text

    assert token not in page + client.get(f"{base}?tab=output").text
    assert "3 secrets masked" in page
    assert "sent with the request of exchange 1" in page
    assert "came with the response of exchange 1" in page
    assert "masked in its place only: too short" in page
    shown = client.post(f"{base}/secrets", data={"name": "Authorization"}, headers={"HX-Request": "true"})
    assert shown.text.strip() == f'<code class="secret-value">{token}</code>'
    assert token in client.post(f"{base}/secrets", data={"name": "Authorization"}).text
    assert client.post(f"{base}/secrets", data={"name": "X-Api-Key"}).status_code == 404
    assert json.loads(client.get(f"{base}/export?form=json").text)["masked"] == [
        {"name": "Authorization", "exchange": 1, "in": "request"},
        {"name": "access_token", "exchange": 1, "in": "response"},
    ]


def test_a_large_result_stays_a_small_page_and_loads_on_demand(client: FlaskClient, tell: Tell) -> None:
    value = [{"id": number, "name": "n" * 60, "tags": list(range(20))} for number in range(20_000)]
    story = tell().started().returned(value).finished(Status.SUCCEEDED, valued=True)
    answer = client.get(f"/runs/{story.run.id}")
    assert len(answer.data) < 200_000
    gap = BeautifulSoup(answer.text, "html.parser").select(".tree a.gap")[-1]
    more = client.get(str(gap["hx-get"]), headers={"HX-Request": "true"})
    assert more.status_code == 200
    assert len(more.data) < 200_000
    assert "<html" not in more.text
    assert re.search(r'class="index">\d+</span>', more.text)
    assert "<html" in client.get(str(gap["href"])).text


def test_a_fault_deep_in_a_large_document_is_drawn_with_its_way_open(client: FlaskClient, tell: Tell) -> None:
    value = {"entries": [{"title": f"t{n}", "published": "x"} for n in range(30_000)]}
    value["entries"][20_000]["published"] = None  # type: ignore[assignment]  # the fault
    schema = {"properties": {"entries": {"items": {"properties": {"published": {"type": "string"}}}}}}
    rule = "/properties/entries/items/properties/published/type"
    story = tell(output_schema=schema).started().returned(value)
    story.errors(ValidationError(Side.OUTPUT, "/entries/20000/published", rule, "type", "m")).finished(
        Status.INVALID_OUTPUT
    )
    page = soup(client, f"/runs/{story.run.id}")
    data, rules = page.select(".split .tree")
    assert "expected string, got null" in one(data, "[data-hit]").text
    assert "this rule" in one(rules, "[data-hit]").text
    assert len(str(page)) < 60_000
    gaps = [gap.text for gap in data.select("a.gap")]
    assert gaps == ["0 … 19999", "20001 … 29999"]
    for step in one(data, "[data-hit]").find_parents("details"):
        assert step.has_attr("open")


def test_a_missing_member_is_drawn_where_it_would_stand(client: FlaskClient, tell: Tell) -> None:
    story = tell().started().returned({"other": 1})
    story.errors(ValidationError(Side.OUTPUT, "/data", "/required", "required", "m")).finished(Status.INVALID_OUTPUT)
    data = soup(client, f"/runs/{story.run.id}").select(".split .tree")[0]
    assert one(data, ".hit .key").text == '"data"'
    assert one(data, ".hit .absent").text == "missing"


def test_an_input_fault_leads_to_its_field_and_an_auth_fault_to_the_auth_page(client: FlaskClient, tell: Tell) -> None:
    story = tell(inputs={}).errors(
        ValidationError(Side.INPUT, "/url", "/required", "required", "m"),
        ValidationError(Side.AUTH, "/api_key", "/required", "required", "m"),
    )
    page = soup(client, f"/runs/{story.finished(Status.INVALID_INPUT).run.id}")
    links = [str(link["href"]) for link in page.select(".error-item a[data-field]")]
    assert links[0].startswith("/integrations/api-fetch/actions/call_api?run=")
    assert re.search(r"#inputs-n[0-9a-f]{12}$", links[0])
    assert re.fullmatch(r"/integrations/api-fetch/auth#auth-n[0-9a-f]{12}", links[1])


def test_an_output_fault_names_the_return_line_and_the_rule_its_line(
    client: FlaskClient, tell: Tell, own_folder: Path
) -> None:
    schema = {"required": ["data"]}
    config = {"name": "x", "actions": {"call_api": {"output_schema": schema}}}
    (own_folder / "config.json").write_text(json.dumps(config, indent=1))
    story = tell(output_schema=schema).started().returned({})
    story.errors(ValidationError(Side.OUTPUT, "/data", "/required", "required", "m")).finished(Status.INVALID_OUTPUT)
    page = soup(client, f"/runs/{story.run.id}")
    assert one(page, ".error-item .ways a").text == "api_fetch.py:11"
    assert page.select(".split h2")[1].text == "output_schema · config.json:6"
    (own_folder / "config.json").write_text(
        json.dumps({"actions": {"call_api": {"output_schema": {"required": ["data"], "title": "edited"}}}})
    )
    page = soup(client, f"/runs/{story.run.id}")
    assert page.select(".split h2")[1].text == "output_schema"


def test_the_branches_of_a_one_of_are_held_against_the_value(client: FlaskClient, tell: Tell) -> None:
    from workbench.schema import diagnose

    schema = {"oneOf": [
        {"title": "Image", "type": "object", "required": ["url", "width"]},
        {"title": "Text", "type": "object", "required": ["text"]},
    ]}  # fmt: skip
    found = diagnose(schema, {"url": "x"}).errors[0]
    error = ValidationError(Side.INPUT, found.pointer, found.schema_pointer, found.keyword, found.message)
    story = tell(inputs={"url": "x"}, input_schema=schema).errors(error).finished(Status.INVALID_INPUT)
    page = soup(client, f"/runs/{story.run.id}")
    assert [branch.text for branch in page.select(".branch strong")] == ["Image", "Text"]
    assert "width" in one(page, ".branch.closest .unmet").text


def test_config_is_read_inside_the_folder_only(
    client: FlaskClient, tell: Tell, own_folder: Path, tmp_path: Path
) -> None:
    schema = {"required": ["data"]}
    outside = tmp_path / "outside.json"
    outside.write_text(json.dumps({"actions": {"call_api": {"output_schema": schema}}}))
    (own_folder / "config.json").unlink()
    (own_folder / "config.json").symlink_to(outside)
    story = tell(output_schema=schema).started().returned({})
    story.errors(ValidationError(Side.OUTPUT, "/data", "/required", "required", "m")).finished(Status.INVALID_OUTPUT)
    page = soup(client, f"/runs/{story.run.id}")
    assert page.select(".split h2")[1].text == "output_schema"


def test_the_handler_shows_its_source_with_the_lines_that_matter(client: FlaskClient, tell: Tell) -> None:
    story = tell().started().exchange()
    story.finished(Status.FAILED, error=story.error("KeyError", "'api_key'", 9))
    page = soup(client, f"/runs/{story.run.id}?tab=handler")
    marked = {one(line, ".no").text: one(line, ".note").text for line in page.select(".code li[class]")}
    assert marked == {"9": "raised KeyError", "10": "exchange 1"}
    lines = [line.text.strip() for line in page.select(".code li code")]
    assert lines[0] == "async def execute(self, inputs, context):"
    assert lines[-1] == 'return {"data": response}'
    assert page.select_one(".code .t-keyword").text == "async"  # type: ignore[union-attr]  # it is there


def test_a_run_that_hung_shows_its_own_lines_and_names_the_others(client: FlaskClient, tell: Tell) -> None:
    story = tell().started()
    sleep = Frame("/usr/lib/python3.13/asyncio/tasks.py", 718, "sleep", "return await future", 718)
    caller = Frame("/opt/sdk/_integration.py", 156, "_execute", "await handler", 156)
    story.hangs(sleep, story.frame(10), caller).finished(Status.TIMED_OUT)
    page = soup(client, f"/runs/{story.run.id}")
    assert [title.text for title in page.select(".step h3")] == [
        "tasks.py:718 in sleep",
        "api_fetch.py:10 in CallApi.execute",
    ]
    assert [one(line, ".note").text for line in page.select(".code li.stands")] == ["stopped here"]
    assert "_integration.py" not in one(page, ".panel").text


def test_a_binary_body_is_never_drawn_and_downloads_as_an_attachment(client: FlaskClient, tell: Tell) -> None:
    image = b"\x89PNG" + bytes(range(256)) * 20  # which is none, whatever its header says
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    story = tell().started().exchange(headers=(("Content-Type", "image/png"),), body=image)
    story.exchange(headers=(("Content-Type", "image/svg+xml"),), body=svg).finished(Status.SUCCEEDED)
    base = f"/runs/{story.run.id}"
    binary = soup(client, f"{base}?tab=http&exchange=1")
    assert not binary.select("img, object, embed, iframe")
    assert "89 50 4e 47 00" in one(binary, "pre.hex").text
    assert "<script>alert(1)" in one(soup(client, f"{base}?tab=http&exchange=2"), "pre.raw").text
    for number, body in ((1, image), (2, svg)):
        answer = client.get(f"{base}/exchanges/{number}/response/body")
        assert answer.data == body
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{base}/exchanges/3/response/body").status_code == 404


def test_a_body_that_was_cut_or_kept_in_part_says_so(client: FlaskClient, tell: Tell) -> None:
    story = tell().started().exchange(body=b'{"a": 1', size=5_000_000, body_state="cut").finished(Status.FAILED)
    notes = [note.text for note in soup(client, f"/runs/{story.run.id}?tab=http").select(".body-note")]
    assert notes[0] == "The connection closed before the body was complete."
    assert notes[1] == "Recorded 7 B of 5 MB. The handler received all of it. A replay has the recorded part only."


def test_a_mask_in_a_body_is_no_cut(client: FlaskClient, tell: Tell) -> None:
    key = "k" * 60
    story = tell(auth={"api_key": key}, auth_schema={"properties": {"api_key": {"format": "password"}}}).started()
    story.exchange(body=f'{{"key": "{key}"}}'.encode(), request_body=f"key={key}".encode()).finished(Status.SUCCEEDED)
    page = soup(client, f"/runs/{story.run.id}?tab=http")
    assert key not in str(page)
    assert page.select(".body-note") == []
    (exchange,) = story.now.outcome.exchanges
    assert exchange.response is not None
    assert len(exchange.response.body) < exchange.response.size
    assert (exchange.response.cut, exchange.request.cut) == (False, False)


def test_half_a_surrogate_pair_does_not_break_a_page(client: FlaskClient, tell: Tell) -> None:
    story = tell().started().exchange(body=b'{"a": "\\ud800"}').prints("\ud800\n")
    story.returned({"\ud800": "\udfff"}).finished(Status.SUCCEEDED, valued=True)
    for tab in TABS:
        assert client.get(f"/runs/{story.run.id}?tab={tab}").status_code == 200
    assert client.get(f"/runs/{story.run.id}/export?form=har").status_code == 200
    assert json.loads(client.get(f"/runs/{story.run.id}/values/result?form=json").data) == {"\ud800": "\udfff"}


def test_output_stands_on_one_clock_and_filters_by_source(client: FlaskClient, tell: Tell) -> None:
    story = (
        tell().started().prints("a").prints("b\n").prints("c\n").logs("careful", "WARNING").prints("oops\n", "stderr")
    )
    base = f"/runs/{story.run.id}?tab=output"
    lines = [(one(li, ".source").text, one(li, "pre").text) for li in soup(client, base).select(".console li")]
    assert lines == [("stdout", "ab"), ("stdout", "c"), ("WARNING", "careful"), ("stderr", "oops")]
    only = soup(client, f"{base}&source=stderr").select(".console li")
    assert [one(li, "pre").text for li in only] == ["oops"]


def test_a_log_line_leads_to_the_line_that_logged_it(client: FlaskClient, tell: Tell) -> None:
    story = tell().started().logs("careful", "WARNING").prints("no place\n")
    logged, printed = soup(client, f"/runs/{story.run.id}?tab=output").select(".console li")
    link = one(logged, ".from a")
    assert (one(logged, ".from").text, link.text) == ("api_fetch · api_fetch.py:9", "api_fetch.py:9")
    page = soup(client, link["href"].partition("#")[0])
    assert link["href"].endswith("#L9")
    assert page.select("#L9")
    assert not printed.select("a")


def test_log_lines_stand_between_the_exchanges_they_fell_between(client: FlaskClient, tell: Tell) -> None:
    story = tell().started().exchange(url="http://h/first").prints("between\n").exchange(url="http://h/second")
    rows = [row.text for row in soup(client, f"/runs/{story.run.id}?tab=http").select(".net tbody tr")]
    order = [next(word for word in ("first", "between", "second") if word in row) for row in rows]
    assert order == ["first", "between", "second"]


def test_records_of_a_poll_are_a_table_and_an_account_is_a_card(client: FlaskClient, tell: Tell) -> None:
    poll = tell(kind=Kind.TRIGGER, name="new_entries").started()
    poll.returned([{"id": "a", "data": {"title": "T", "n": 3}}], "list").finished(Status.SUCCEEDED, valued=True)
    table = one(soup(client, f"/runs/{poll.run.id}"), ".records")
    assert [cell.text for cell in table.select("th, td")] == ["id", "title", "n", "a", "T", "3"]
    account = tell(kind=Kind.ACCOUNT).started()
    account.returned({"email": "ada@example.com", "username": None}, "ConnectedAccountInfo")
    account.finished(Status.SUCCEEDED, valued=True)
    card = one(soup(client, f"/runs/{account.run.id}"), ".account")
    assert [cell.text for cell in card.select("dt, dd")] == ["email", "ada@example.com"]


def test_the_exports_are_what_they_say(client: FlaskClient, tell: Tell) -> None:
    dropped = ExchangeError("aiohttp.ServerDisconnectedError", "gone", "wait")
    story = (
        tell()
        .started()
        .exchange(status=None, error=dropped)
        .exchange(
            url="http://h/?a=1&b=", request_body=b'{"x": 1}', headers=(("Location", "/next"),), body=b"\xff\xfe\x00"
        )
    )
    story.returned({"data": 1}).finished(Status.SUCCEEDED, valued=True)
    answer = client.get(f"/runs/{story.run.id}/export?form=har")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=run-{story.run.id}.har"
    log = json.loads(answer.data)["log"]
    assert log["version"] == "1.2"
    first, second = log["entries"]
    assert first["response"]["status"] == 0
    assert "ServerDisconnectedError" in first["comment"]
    assert second["request"]["queryString"] == [{"name": "a", "value": "1"}, {"name": "b", "value": ""}]
    assert second["request"]["postData"]["text"] == '{"x": 1}'
    assert second["response"]["content"] == {"size": 3, "mimeType": "", "text": "//4A", "encoding": "base64"}
    assert second["response"]["redirectURL"] == "/next"
    assert second["timings"]["connect"] == 0.6
    assert second["timings"]["ssl"] == -1
    assert second["time"] == pytest.approx(39.0)
    whole = json.loads(client.get(f"/runs/{story.run.id}/export").data)
    assert whole["status"] == "succeeded"
    assert whole["result"] == {"data": 1}
    assert [each["attempt"] for each in whole["exchanges"]] == [1, 1]


def test_page_and_export_have_all_that_the_handler_got(client: FlaskClient, tell: Tell) -> None:
    story = tell(
        auth={"api_key": "s3cret-value", "shop_url": "shop"},
        shape_reason=ShapeReason(ShapeRule.CODE, "api_fetch.py", 9),
        metadata={"team": "red", "token": "t-12345678"},
        environment=(EnvironmentVariable("API_MODE", "m-12345678"), EnvironmentVariable("HOME", None)),
    ).started()
    story.returned({}).finished(Status.SUCCEEDED, valued=True)
    page = soup(client, f"/runs/{story.run.id}").select_one("main.values")
    assert page is not None
    assert [title.text for title in page.select("h2")] == ["Inputs", "context.auth", "context.metadata", "Environment"]
    note = page.select_one("h2 + p")
    assert note is not None
    assert note.text == (
        "context.auth is flat, without an envelope: api_fetch.py:9 reads it this way, and no line reads it the other "
        "way. Not declared in config.json: shop_url."
    )
    whole = json.loads(client.get(f"/runs/{story.run.id}/export").data)
    assert whole["auth"] == {"api_key": "‹api_key›", "shop_url": "shop"}
    assert whole["metadata"] == {"team": "red", "token": "‹token›"}
    assert whole["environment"] == {"API_MODE": "‹API_MODE›", "HOME": None}
    assert (whole["auth_shape"]["rule"], whole["auth_shape"]["line"]) == ("code", 9)
    for name, value in {"context-auth": "auth", "metadata": "metadata", "environment": "environment"}.items():
        assert json.loads(client.get(f"/runs/{story.run.id}/values/{name}?form=json").data) == whole[value]
    assert "12345678" not in client.get(f"/runs/{story.run.id}").text


@pytest.mark.parametrize("load_only", [False, True])
def test_a_variable_that_is_not_set_leads_to_the_auth_page(client: FlaskClient, tell: Tell, load_only: bool) -> None:
    story = tell(load_only=load_only, name="" if load_only else "call_api")
    error = story.error("KeyError", "'ADS_TOKEN'", 3, source='TOKEN = os.environ["ADS_TOKEN"]')
    story.finished(Status.LOAD_FAILED, error=error)
    verdict = soup(client, f"/runs/{story.run.id}").select_one(".outcome-head")
    assert verdict is not None
    link = verdict.find("a", string="Open the Auth page")
    assert link is not None
    assert str(link["href"]).startswith("/integrations/api-fetch/auth")
    assert "--env ADS_TOKEN=VALUE" in verdict.text
    assert ("back=" in str(link["href"])) is not load_only


def test_the_list_filters_and_has_an_empty_state(client: FlaskClient, tell: Tell) -> None:
    assert "No runs yet" in soup(client, "/runs").text
    good = tell().started().returned({"data": 1}).finished(Status.SUCCEEDED, valued=True)
    bad = tell(integration_id="other").started().finished(Status.FAILED)
    live = tell(name="other_action").started()

    def ids(query: str = "") -> list[str]:
        return [link.text for link in soup(client, f"/runs{query}").select('.runlist td:first-child a[href^="/runs/"]')]

    assert ids() == [live.run.id, bad.run.id, good.run.id]
    assert ids("?integration=other") == [bad.run.id]
    assert ids("?status=succeeded") == [good.run.id]
    assert ids("?status=live") == [live.run.id]
    assert ids("?status=crashed") == []
    assert ids(f"?integration={live.run.request.integration_id}&handler=action:other_action") == [live.run.id]


def test_a_filter_acts_at_once_and_its_address_has_no_empty_parameters(client: FlaskClient, tell: Tell) -> None:
    tell().started().finished(Status.FAILED)
    form = one(soup(client, "/runs"), "form.filters")
    assert (form["hx-trigger"], form["hx-get"]) == ("change", "/runs")
    answer = client.get("/runs?integration=&status=failed&handler=", headers={"HX-Request": "true"})
    assert answer.headers["HX-Push-Url"] == "/runs?status=failed"
    assert one(BeautifulSoup(answer.text, "html.parser"), "#filter-status option[selected]")["value"] == "failed"


def test_every_run_can_be_reached_part_by_part(client: FlaskClient, tell: Tell) -> None:
    made = [tell().started().finished(Status.FAILED).run.id for _ in range(run_list.SHOWN + 3)]
    other = tell(integration_id="other").started().finished(Status.FAILED).run.id
    page = soup(client, "/runs?integration=api-fetch")
    found = [link.text for link in page.select("#run-rows td:first-child a[href^='/runs/']")]
    assert "3 more" in one(page, "tr.more").text
    page = soup(client, str(one(page, "tr.more a")["hx-get"]))
    found += [link.text for link in page.select("#run-rows td:first-child a[href^='/runs/']")]
    assert found == made[::-1]
    assert other not in found
    assert page.select("tr.more") == []


def test_the_last_runs_of_the_handler_are_one_click_away(client: FlaskClient, tell: Tell) -> None:
    first = tell().started().finished(Status.FAILED).run.id
    assert soup(client, f"/runs/{first}").select(".history") == []
    later = [tell().started().returned({}).finished(Status.SUCCEEDED, valued=True).run.id for _ in range(9)]
    tell(name="other_action").started().finished(Status.FAILED)
    links = one(soup(client, f"/runs/{first}?tab=http"), ".history ol").select("a")
    assert [str(link["href"]) for link in links] == [f"/runs/{run}?tab=http" for run in (first, *later[:0:-1])]
    assert [link.get("aria-current") for link in links] == ["true"] + [None] * 8
    assert "Failed" in links[0].text
    here = "/integrations/api-fetch/actions/call_api"
    part = client.get(f"/runs/{first}/outcome?here={here}", headers={"HX-Request": "true"}).text
    assert f'href="{here}?run={later[-1]}"' in part
    every = str(one(BeautifulSoup(part, "html.parser"), ".history .all")["href"])
    assert len(soup(client, every).select("#run-rows tr")) == 10


@pytest.mark.parametrize(
    "path",
    ["/runs/none", "/runs/none/events", "/runs/none/outcome", "/runs/none/export", "/runs/1/values/nothing",
     "/runs/1/values/response-99", "/runs/1/values/inputs?pointer=/none", "/runs/1/values/inputs?pointer=bad"],
)  # fmt: skip
def test_what_is_not_there_is_a_404(client: FlaskClient, tell: Tell, path: str) -> None:
    tell().started()
    assert client.get(path).status_code == 404


def test_the_last_status_of_each_handler(tell: Tell) -> None:
    first = tell().started().finished(Status.FAILED)
    tell().started().returned({}).finished(Status.SUCCEEDED, valued=True)
    tell(kind=Kind.TRIGGER, name="poll").started()
    seen = handler_pages.last_status(first.store, "api-fetch")
    assert seen == {("action", "call_api"): ("Succeeded", "ok"), ("trigger", "poll"): ("Running", "live")}


def test_the_part_without_scripts_is_the_page(client: FlaskClient, tell: Tell) -> None:
    story = tell(auth_shape=AuthShape.FLAT).started()
    moved = client.get(f"/runs/{story.run.id}/outcome?tab=http&here=/x")
    assert moved.status_code == 303
    assert moved.location.startswith(f"/runs/{story.run.id}?tab=http")
