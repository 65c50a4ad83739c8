"""Forms mounted by a page of one's own, with JavaScript."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask, request
from markupsafe import Markup, escape
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from workbench import forms
from workbench.domain import ABSENT
from workbench.resources import static_dir

pytestmark = pytest.mark.browser

SCHEMA: Any = {
    "type": "object",
    "properties": {
        "feed_url": {"type": "string", "format": "uri", "label": "Feed URL", "description": "See https://example.com."},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
        "include": {"type": "boolean", "label": "Include content"},
        "sort": {"enum": ["newest", "oldest"]},
        "since": {"type": "object", "properties": {"date": {"type": "string", "format": "date"}}},
        "tags": {"type": "array", "items": {"type": "string"}},
        "headers": {"type": "object", "additionalProperties": {"type": "string"}},
        "body": {"oneOf": [{"type": "string", "title": "words"}, {"type": "integer", "title": "a number"}]},
        "file": {"type": "object", "format": "file"},
        "secret": {"type": "string", "format": "password", "label": "Secret"},
        "next": {"$ref": "#/definitions/link"},
    },
    "required": ["feed_url"],
    "definitions": {
        "link": {"type": "object", "properties": {"name": {"type": "string"}, "next": {"$ref": "#/definitions/link"}}}
    },
}
POLICY = "default-src 'self'; frame-ancestors 'none'; form-action 'self'"
STYLES = (
    "layers",
    "tokens",
    "base",
    "button",
    "input",
    "form-blank",
    "form-choice",
    "form-filter",
    "form-grid",
    "form-menu",
    "form-nest",
    "form-rows",
    "form-secret",
    "form-segments",
    "form-set",
    "form",
)
SCRIPTS = (
    "vendor/htmx.min",
    "js/form-secret",
    "js/form-file",
    "js/form-origin",
    "js/form-switch",
    "js/menu",
    "js/form-preview",
    "js/form-queue",
    "js/form-merge",
    "js/form-focus",
)


def page_of(markup: Markup, result: str = "") -> str:
    """A page that mounts a form as the package's own words say."""
    styles = "".join(f'<link rel="stylesheet" href="/static/css/{name}.css">' for name in STYLES)
    scripts = "".join(
        f'<script {"defer" if name.startswith("vendor") else "type=module"} src="/static/{name}.js"></script>'
        for name in SCRIPTS
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A form</title>'
        f'<link rel="icon" href="/static/favicon.svg">{styles}'
        '<meta name="htmx-config" content=\'{"includeIndicatorCSS": false}\'>'
        f'{scripts}</head><body><main><h1>A form</h1><h2 id="h">Inputs</h2>'
        '<form method="post" action="/run" enctype="multipart/form-data" novalidate aria-labelledby="h">'
        f'{markup}<div id="inputs-payload"></div><button class="btn primary">Run</button></form>'
        f'<pre id="result">{escape(result)}</pre></main></body></html>'
    )


def application() -> Flask:
    """A small application around one form."""
    app = Flask(__name__, static_folder=str(static_dir()), static_url_path="/static")
    app.config.update(MAX_FORM_PARTS=forms.MAX_PARTS, MAX_FORM_MEMORY_SIZE=10_000_000)
    urls: Any = {"edit_url": "/edit", "preview_url": "/preview"}

    def pairs() -> list[tuple[str, str]]:
        files = [(name, file) for name, file in request.files.items(multi=True) if file.filename]
        made = [forms.file_part(name, str(file.filename), file.mimetype, file.read()) for name, file in files]
        return [*request.form.items(multi=True), *made]

    @app.after_request
    def strict(response: Any) -> Any:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.get("/")
    def show() -> str:
        value = json.loads(request.args["value"]) if "value" in request.args else ABSENT
        return page_of(forms.open_form(SCHEMA, value, secrets=request.args.getlist("secret"), **urls).markup)

    @app.post("/edit")
    def edit() -> str:
        made = forms.edit(SCHEMA, pairs(), **urls)
        return str(made.node_markup) if "HX-Request" in request.headers else page_of(made.markup)

    @app.post("/preview")
    def preview() -> str:
        value = forms.read(SCHEMA, pairs()).value
        return f'<pre id="inputs-payload">{escape("" if value is ABSENT else json.dumps(value, indent=2))}</pre>'

    @app.post("/run")
    def run() -> str:
        reading = forms.read(SCHEMA, pairs())
        if reading.errors:
            return page_of(forms.edit(SCHEMA, pairs(), **urls).markup, "refused")
        return page_of(forms.open_form(SCHEMA, reading.value, **urls).markup, json.dumps(reading.value))

    return app


def whole(app: WSGIApplication) -> WSGIApplication:
    """``app`` with each body in one piece: Werkzeug's server leaves a file open if the browser goes away meanwhile."""

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            getattr(body, "close", lambda: None)()

    return call


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, whole(application()), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=[True], ids=["scripts"])
def page(request: pytest.FixtureRequest, one_browser: Any, address: str) -> Iterator[Page]:
    """A page of the form; whatever breaks the content policy fails the test.

    Without scripts the forms of the workbench go through the same gestures (test_forms), but for the keyboard's.
    """
    opened: Page = one_browser.take(request.param)
    complaints: list[str] = []
    listeners: dict[Any, Any] = {
        "pageerror": lambda error: complaints.append(str(error)),
        "console": lambda message: complaints.append(message.text) if message.type == "error" else None,
    }
    for event, listener in listeners.items():
        opened.on(event, listener)
    opened.set_viewport_size({"width": 900, "height": 900})
    opened.goto(address)
    yield opened
    for event, listener in listeners.items():
        opened.remove_listener(event, listener)
    one_browser.put_back(request.param, opened)
    assert complaints == []


def group(page: Page, legend: str) -> Any:
    return page.locator("fieldset", has=page.locator(f":scope > legend:text-is({json.dumps(legend)})")).first


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """Wait until the answer to what is done within stands in the page.

    Without scripts that is a page of its own, which takes the old one's place some time after the response has come.
    """
    if page.evaluate("typeof htmx === 'undefined'"):
        with page.expect_navigation():
            yield
        return
    with page.expect_response("**/edit"):
        yield
    expect(page.locator(".htmx-request")).to_have_count(0)


def press(page: Page, name: str) -> None:
    """Press a button of the form and wait for its answer."""
    with answered(page):
        page.get_by_role("button", name=name, exact=True).first.click()


def switch(page: Page, to: str) -> None:
    with answered(page):
        group(page, "body").get_by_label("Kind").select_option(label=to)


def result(page: Page) -> Any:
    """Run it, and what came of it."""
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#result")).not_to_be_empty()
    text = page.locator("#result").inner_text()
    return text if text == "refused" else json.loads(text)


def test_every_kind_of_gesture_on_one_page(page: Page) -> None:
    page.get_by_label("Feed URL").fill("http://x.test/")
    page.get_by_label("limit").fill("")
    group(page, "Include content").get_by_text("false", exact=True).click()
    page.get_by_label("sort").select_option("oldest")

    for number, text in ((1, "one"), (2, "two")):
        press(page, "Add item to tags")
        page.get_by_label(f"Item {number}").fill(text)
    press(page, "Move up Item 2 of tags")
    press(page, "Duplicate Item 1 of tags")
    press(page, "Remove Item 3 of tags")
    press(page, "Add property to headers")
    page.get_by_label("Name of Value 1").fill("a.b")
    page.get_by_label("Value 1", exact=True).fill("v")

    since = group(page, "since")  # included and left out without the server
    expect(page.get_by_label("date")).to_be_hidden()
    since.get_by_text("send", exact=True).click()
    page.get_by_label("date").fill("2026-11-01")
    since.get_by_text("omit", exact=True).first.click()
    expect(page.get_by_label("date")).to_be_hidden()
    since.get_by_text("send", exact=True).click()

    page.get_by_label("body").fill("some words")  # a branch keeps its draft while another is shown
    switch(page, "a number")
    page.get_by_label("body").fill("7")
    switch(page, "words")
    expect(page.get_by_label("body")).to_have_value("some words")
    switch(page, "a number")

    group(page, "file").get_by_text("send", exact=True).click()
    page.locator("input[type=file]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"\x00hi\n"})
    expect(page.get_by_label("content", exact=True)).to_have_value("AGhpCg==")

    group(page, "next").get_by_text("send", exact=True).first.click()  # recursion opens one step at a time
    press(page, "Include next")
    page.get_by_label("name", exact=True).last.fill("deep")

    assert result(page) == {
        "feed_url": "http://x.test/",
        "include": False,
        "sort": "oldest",
        "since": {"date": "2026-11-01"},
        "tags": ["two", "two"],
        "headers": {"a.b": "v"},
        "body": 7,
        "file": {"name": "a.txt", "contentType": "text/plain", "content": "AGhpCg=="},
        "next": {"next": {"name": "deep"}},
    }


@pytest.mark.exhaustive
def test_the_empty_text_is_sent_by_a_control_of_its_own(page: Page) -> None:
    blank = page.locator(".field", has=page.get_by_label("Feed URL")).get_by_label("If empty")
    expect(blank).to_be_visible()
    blank.select_option('send ""')
    assert result(page) == {"feed_url": "", "limit": 20}


@pytest.mark.exhaustive
def test_json_is_pasted_and_becomes_the_form_again(page: Page, address: str) -> None:
    page.goto(f"{address}/?value={quote('{"limit": 1.0}')}")
    menu = page.locator(".field", has=page.get_by_label("limit")).locator("summary").first
    menu.click()
    press(page, "Edit as JSON limit")
    page.get_by_label("limit").fill('"anything"')
    assert result(page) == {"limit": "anything"}


@pytest.mark.exhaustive
@pytest.mark.parametrize("page", [True, False], ids=["scripts", "no scripts"], indirect=True)
def test_the_form_is_sent_with_the_keyboard_alone(page: Page) -> None:
    press(page, "Add item to tags")
    page.get_by_label("Feed URL").focus()
    page.keyboard.type("http://x.test/")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value === '' && document.activeElement.type === 'radio'"):
            break
    page.keyboard.press("ArrowRight")
    page.get_by_label("Item 1").focus()
    page.keyboard.type("news")
    page.keyboard.press("Enter")
    expect(page.locator("#result")).not_to_be_empty()
    assert json.loads(page.locator("#result").inner_text()) == {
        "feed_url": "http://x.test/",
        "limit": 20,
        "include": True,
        "tags": ["news"],
    }


def test_a_menu_by_keyboard_the_exact_payload_a_secret_and_a_number_that_is_refused(page: Page, address: str) -> None:
    page.goto(f"{address}/?secret=secret")
    field = page.locator(".field", has=page.get_by_label("Feed URL"))
    field.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Write several lines Feed URL")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Write several lines Feed URL")).to_be_hidden()

    expect(field.locator(".origin")).to_have_text("absent")
    page.get_by_label("Feed URL").press_sequentially("http://x")
    expect(field.locator(".origin")).to_have_text("typed")
    expect(field.get_by_label("If empty")).to_be_hidden()
    expect(page.locator("#inputs-payload")).to_contain_text('"feed_url": "http://x"')
    press(page, "Add item to tags")
    expect(page.get_by_label("Item 1")).to_be_focused()
    page.keyboard.type("t")
    expect(page.locator("#inputs-payload")).to_contain_text('"t"')
    press(page, "Remove Item 1 of tags")
    expect(page.locator("#inputs-payload")).not_to_contain_text('"t"')

    secret = page.get_by_label("Secret")
    assert secret.get_attribute("type") == "password"
    secret.fill("typed")
    page.get_by_role("button", name="Reveal what is typed as Secret").click()
    assert secret.get_attribute("type") == "text"
    page.get_by_role("button", name="Hide what is typed as Secret").click()
    assert secret.get_attribute("type") == "password"

    page.get_by_label("limit").fill("1_000")
    assert result(page) == "refused"
    expect(page.get_by_label("limit")).to_have_value("1_000")
    page.locator(".errors a").click()
    assert page.evaluate("document.activeElement.value") == "1_000"


VALUE = {
    "limit": "many",
    "tags": ["a", 5],
    "headers": {"": "x", "b": "y"},
    "body": 5,
    "since": {"date": "soon"},
    "zz": {"any": [None]},
    "next": {"next": {"next": {}}},
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("value", [None, VALUE], ids=["blank", "filled"])
def test_axe_finds_nothing(page: Page, address: str, axe: Any, value: Any) -> None:
    if value is not None:
        page.goto(f"{address}/?secret=secret&value={quote(json.dumps(value))}")
    page.evaluate("for (const menu of document.querySelectorAll('details')) menu.removeAttribute('name')")
    page.evaluate("for (const menu of document.querySelectorAll('details')) menu.open = true")
    axe(page, "")
