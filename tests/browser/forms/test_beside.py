"""What stands beside a form: the exact payload, copies, earlier runs, errors; the auth form; forms of all sizes."""

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

pytestmark = pytest.mark.browser

ACTION = "/integrations/every-kind/actions/every_kind"
AUTH = "/integrations/every-kind/auth"


@pytest.fixture
def action() -> str:
    """A shorter one: what is looked at here does not ask for every kind of field."""
    return "some_kinds"


@pytest.fixture
def scripts() -> bool:
    """These tests are of what scripts add."""
    return True


def test_the_payload_follows_and_typing_does_not_wait_for_it(form: Any, intercept: Callable[..., None]) -> None:
    held: list[Route] = []
    intercept(form.page, "**/payload", lambda route: held.append(route))
    form.field("Title").press_sequentially("typed meanwhile")
    expect(form.field("Title")).to_have_value("typed meanwhile")
    expect(form.around("Title").locator(".origin")).to_have_text("typed")
    for route in held[-1:]:  # each request takes the place of the one before it
        route.continue_()
    form.page.unroute("**/payload")
    form.field("Title").press_sequentially(".")
    expect(form.page.locator("#payload-text")).to_contain_text('"typed meanwhile."')

    # after an edit it is asked for once, beside what leaving a field that was typed in asks for
    with form.page.expect_response("**/payload"):
        form.field("Title").blur()
    asked: list[str] = []

    def hear(request: Request) -> None:
        if request.url.endswith("/payload"):
            asked.append(request.url)

    form.page.on("request", hear)
    form.press("Add item to tags")
    expect(form.page.locator("#payload-text")).to_contain_text('"tags"')
    form.page.wait_for_timeout(700)
    form.page.remove_listener("request", hear)
    assert len(asked) == 1


def test_the_payload_is_copied_as_json_and_as_python(form: Any) -> None:
    request = form.page.locator("#request")
    form.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    form.take("Agreed", "true")
    form.blank("Greeting", "send null")
    expect(form.page.locator("#payload-text")).to_contain_text('"greeting": null')
    wanted = {"text": "one\ntwo", "greeting": None, "count": 20, "agree": True}
    for name, read in (("Copy as JSON", json.loads), ("Copy as Python", ast.literal_eval)):
        button = request.locator("button", has_text=name)
        button.click()
        expect(request.locator("button", has_text="Copied")).to_be_visible()
        assert read(form.page.evaluate("() => navigator.clipboard.readText()")) == wanted
        expect(button).to_be_visible()


def test_the_keyboard_alone_is_enough(form: Any) -> None:
    keys = form.page.keyboard
    form.field("Title").focus()
    keys.type("T")
    form.field("Long text").fill("a")
    keys.press("Enter")
    keys.type("b")
    tab_to(form.group("Agreed").get_by_role("radio").first)
    keys.press("ArrowRight")
    tab_to(form.group("tags").get_by_role("button", name="Add item to tags"))
    form.edit(lambda: keys.press("Enter"))
    expect(form.field("Item 1")).to_be_focused()
    keys.type("one")
    duplicate = form.group("tags").get_by_role("button", name="Duplicate Item 1 of tags")
    while not duplicate.evaluate("(control) => control === document.activeElement"):
        keys.press("Alt+Enter")
    form.edit(lambda: keys.press("Space"))
    expect(form.field("Item 2")).to_be_focused()
    keys.press("End")
    keys.type("!")
    keys.press("Control+Enter")
    sent = form.received()
    assert (sent["title"], sent["agree"], sent["tags"]) == ("T", True, ["one", "one!"])
    assert sent["text"] == "a\nb"


def tab_to(control: Locator) -> None:
    """Press Tab until the focus is where it should be."""
    for _ in range(120):
        control.page.keyboard.press("Tab")
        if control.evaluate("(control) => control === document.activeElement"):
            return
    pytest.fail("the keyboard does not get there")


DEEP = {"name": "1"}
for _name in "23456":
    DEEP = {"name": _name, "next": DEEP}  # type: ignore[dict-item]


def test_an_error_of_a_closed_field_opens_it_and_the_summary_leads_there(form: Any) -> None:
    tree = json.loads(json.dumps(DEEP))
    tree["next"]["next"]["next"]["next"]["next"]["name"] = 5
    form.write(json.dumps({"title": "T", "agree": True, "tree": tree}))
    form.tab("Form")
    form.run()
    summary = form.page.locator("#inputs-errors")
    expect(summary).to_contain_text("name")
    summary.get_by_role("link").first.click()
    assert form.page.evaluate("() => document.activeElement.innerText") == "5"
    assert form.page.evaluate("() => document.activeElement.getAttribute('aria-invalid')") == "true"


@pytest.mark.exhaustive
def test_secrets_are_masked_kept_replaced_and_cleared(open_form: Callable[..., Any]) -> None:
    page = open_form(AUTH).page
    form, seen = page.locator("#auth"), page.locator("#auth-payload")
    form.get_by_label("User name").fill("ada")
    for label, secret in (("Password", "first-secret"), ("Token", "second-secret")):
        assert form.get_by_label(label, exact=True).get_attribute("type") == "password"
        form.get_by_label(label, exact=True).fill(secret)
    form.get_by_role("button", name="Reveal what is typed as Password").click()
    assert form.get_by_label("Password", exact=True).get_attribute("type") == "text"
    with page.expect_event("load"):
        form.get_by_role("button", name="Save credentials", exact=True).click()
    expect(form.get_by_label("Password", exact=True)).to_have_attribute("placeholder", "••••••••")
    form.get_by_label("User name").fill("bob")
    form.get_by_label("Password", exact=True).fill("third")
    form.locator(".field", has=page.get_by_label("Token", exact=True)).get_by_label("If empty").select_option("cleared")
    with page.expect_event("load"):
        form.get_by_role("button", name="Save credentials", exact=True).click()
    expect(form.get_by_label("User name")).to_have_value("bob")
    expect(seen).not_to_contain_text("token")
    for secret in ("first-secret", "second-secret", "third"):
        assert secret not in page.content()
    page.goto(page.url.partition("/integrations")[0] + f"{ACTION}?new=1")
    page.get_by_label("Title", exact=True).fill("T")
    page.locator("fieldset", has_text="Agreed").first.get_by_text("true", exact=True).click()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#outcome[data-state=finished] .pill").first).to_have_text("Succeeded")
    run = page.url.rpartition("=")[2]
    origin = page.url.partition("/integrations")[0]
    got = json.loads(page.context.request.get(f"{origin}/runs/{run}/values/result?form=json").text())
    assert got["auth"] == {"user_name": 3, "password": 5}
    page.goto(origin + AUTH)
    page.get_by_role("button", name="Discard credentials").click()
    expect(seen).not_to_contain_text("bob")


CORPUS = Path(__file__).parents[2] / "corpus"


def actions() -> Iterator[tuple[int, int, str, str, Any]]:
    """Every action of the corpus with the number of its fields and their depth."""
    for path in sorted(CORPUS.glob("*/config.json")):
        for name, action in json.loads(path.read_text("utf-8")).get("actions", {}).items():
            schema = action.get("input_schema", {})
            yield (*measure(schema), path.parent.name, name, schema)


def measure(schema: Any) -> tuple[int, int]:
    """How many fields a schema has, and how deep they lie."""
    inner = [
        *schema.get("properties", {}).values(),
        *([schema["items"]] if isinstance(schema.get("items"), dict) else []),
    ]
    found = [measure(one) for one in inner if isinstance(one, dict)]
    return len(inner) + sum(one for one, _ in found), 1 + max((deep for _, deep in found), default=0)


def value_of(schema: Any, salt: str) -> Any:
    """A value that has everything its schema names, with texts that a form could spoil."""
    if "enum" in schema:
        return schema["enum"][-1]
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object" or "properties" in schema:
        return {name: value_of(one, name) for name, one in reversed(schema.get("properties", {}).items())} or {"": salt}
    if kind == "array":
        items = schema.get("items")
        return [value_of(items if isinstance(items, dict) else {}, salt + str(n)) for n in range(2)]
    plain = {"integer": 9007199254740993, "number": 1.0, "boolean": False}
    return plain.get(str(kind), f"\n {salt} \n<b>\t")


_BY_FIELDS = sorted(actions(), key=lambda one: (one[0], one[1]), reverse=True)[:3]
_BY_DEPTH = sorted(actions(), key=lambda one: (one[1], one[0]), reverse=True)[:3]
LARGEST = {f"{one[2]}/{one[3]}": one for one in (*_BY_FIELDS, *_BY_DEPTH)}


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, marks=() if number == 0 else pytest.mark.exhaustive) for number, case in enumerate(LARGEST)],
)
def test_a_real_form_gives_back_what_it_was_given(open_form: Callable[..., Any], case: str) -> None:
    _, _, folder, name, schema = LARGEST[case]
    integration = folder
    form = open_form(f"/integrations/{integration}/actions/{name}?new=1")
    text = json.dumps(value_of(schema, "x"))
    form.write(text)
    form.tab("Form")
    expect(form.page.locator("#inputs-form .field").first).to_be_visible()
    back = form.text()
    assert json.dumps(json.loads(back)) == text
    form.tab("Form")
    form.tab("JSON")
    assert form.page.locator("#inputs-form textarea").input_value() == back


def test_real_integrations_open_without_a_complaint(
    bench: Any, open_page: Callable[..., Page], step: Callable[[int], int]
) -> None:
    page = open_page(bench)
    cards = page.locator(".catalog-list .name a").evaluate_all("all => all.map(card => card.getAttribute('href'))")
    real = [card for card in cards if not card.endswith("/every-kind")]
    assert len(real) == 41
    for card in real[:: step(14)]:
        page.goto(bench.origin + card, wait_until="domcontentloaded")
        expect(page.locator("#actions li")).not_to_have_count(0)
        page.goto(bench.origin + (page.locator("#actions a").last.get_attribute("href") or ""))
        expect(page.get_by_role("button", name="Run", exact=True)).to_be_enabled()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), card


@pytest.mark.exhaustive
def test_two_thousand_properties_open_at_once(open_form: Callable[..., Any]) -> None:
    form = open_form("/integrations/every-kind/actions/wide?new=1")
    expect(form.group("group_39").first).to_be_visible()
    form.press("Include group_39", form.group("group_39").first)
    form.group("group_39").get_by_label("p0", exact=True).fill("typed")
    expect(form.page.locator("#payload-text")).to_contain_text('"typed"')
    assert form.sent() == {"group_39": {"p0": "typed"}}
