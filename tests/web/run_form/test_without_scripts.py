"""The form of every kind in a browser without scripts: each press posts all of it, and a page comes back.

The same is done by mouse and keyboard, and with scripts, in ``tests/browser/forms``.
"""

import io
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag

from tests.html_form import Page
from workbench.domain import Run
from workbench.uploads import Uploads

FOLDER = Path(__file__).parents[2] / "browser" / "forms" / "every-kind"
ACTION = "/integrations/every-kind/actions/every_kind"
LEAST = {"title": "T", "agree": False}


@dataclass
class Form:
    """The request's form of the page that a visitor has before them."""

    site: Any
    visitor: Any
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.open(f"{ACTION}?new=1")

    def open(self, path: str) -> None:
        """Go to a page."""
        self._show(self.visitor.get(path).text)

    def value(self, label: str, index: int = 0) -> str:
        """What a field holds."""
        control = self.page.control(label, index)
        return control.get_text().removeprefix("\n") if control.name == "textarea" else str(control.get("value", ""))

    def inner(self, legend: str) -> list[Tag]:
        """The fields to type into inside a fieldset, in their order."""
        return list(self.page.group(legend).select("input.input, textarea.input"))

    def kind(self, legend: str, option: str) -> None:
        """Choose the kind of a value, and press the button beside it."""
        (choice,) = self.page.group(legend).select(":scope > .ways > .kind > select")
        for one in choice.find_all("option"):
            one.attrs.pop("selected", None)
            if one.text == option:
                one["selected"] = ""
        self.press(f"Switch the kind of {legend}")

    def press(self, name: str, index: int = 0, **files: tuple[bytes, str, str]) -> None:
        """Press a button of the form, with the files chosen at the fields whose labels are given."""
        button = self.page.button(name, index)
        data: dict[str, Any] = {}
        for key, value in self.page.pairs(button):
            data.setdefault(key, []).append(value)
        for label, (content, *named) in files.items():
            data[str(self.page.control(label.replace("_", " "))["name"])] = (io.BytesIO(content), *named)
        address = button.get("formaction") or self.page.soup.form["action"]  # type: ignore[index]  # it is there
        answer = self.visitor.post(str(address), data, content_type="multipart/form-data")
        if answer.status_code == 303:
            self.run: Run = self.site.runner.wait(answer.headers["Location"].partition("?run=")[2], 60)
            self.open(answer.headers["Location"])
        else:
            assert answer.status_code in (200, 422)
            self._show(answer.text)

    def sent(self, **files: tuple[bytes, str, str]) -> Any:
        """Run it, and what the handler says it was given."""
        before = len(self.site.store.list())
        self.press(self.page.soup.select_one("button[data-run]").get_text(" ", strip=True), 0, **files)  # type: ignore[union-attr]
        assert len(self.site.store.list()) == before + 1, self.errors
        return self.run.outcome.result["inputs"]

    def refused(self) -> str:
        """Run it, and what keeps it from being sent."""
        before = len(self.site.store.list())
        self.press("Run Ctrl ⏎")
        assert len(self.site.store.list()) == before
        assert self.errors
        return self.errors

    @property
    def errors(self) -> str:
        """The summary of what is wrong."""
        found = self.page.soup.find(id="inputs-errors")
        return found.get_text(" ", strip=True) if found else ""

    def _show(self, text: str) -> None:
        start = text.index('<form id="request"')
        self.page = Page(text[start : text.index("</form>", start)])


@pytest.fixture(scope="module")
def every_kind(make_site: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A site on which the integration of every kind runs, the actions declared that its code has beside that one."""
    copy = tmp_path_factory.mktemp("forms") / "every-kind"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    config = json.loads((copy / "config.json").read_text("utf-8"))
    plain = {"description": "", "input_schema": {"type": "object"}, "output_schema": {"type": "object"}}
    config["actions"] |= {"some_kinds": plain, "wide": plain, "secretive": plain}
    (copy / "config.json").write_text(json.dumps(config), "utf-8")
    uploads = Uploads(tmp_path_factory.mktemp("uploads"), "http://127.0.0.1:8771")
    return make_site(copy, uploads=uploads)


@pytest.fixture
def form(every_kind: Any) -> Form:
    """A new form of every kind."""
    return Form(every_kind, every_kind.inside())


@pytest.fixture
def ready(form: Form) -> Form:
    """The same with nothing but what is required: no default is left."""
    form.page.fill("Title", "T").take("Agreed", "false")
    for label in ("Long text", "Greeting", "count"):
        form.page.fill(label, "")
    return form


def test_a_new_form_sends_its_defaults_and_nothing_else(form: Form) -> None:
    form.page.fill("Title", "T").take("Agreed", "true")
    assert form.sent() == {"title": "T", "text": "one\ntwo", "greeting": "hello", "count": 20, "agree": True}


def test_text_is_typed_cleared_sent_empty_and_null(ready: Form) -> None:
    ready.page.fill("Title", '  "é" <b> ').fill("Long text", "\n a\n\nb \n")
    ready.page.fill("note", "").blank("note", 'send ""').blank("Greeting", "send null")
    sent = ready.sent()
    assert sent == LEAST | {"title": '  "é" <b> ', "note": "", "greeting": None, "text": "\n a\n\nb \n"}
    assert ready.value("count") == "", "a default that was cleared stays cleared"


def test_numbers_are_exact_and_what_is_none_stays_as_typed(ready: Form) -> None:
    ready.page.fill("count", "9007199254740993").fill("ratio", "1_0")
    assert "ratio" in ready.refused()
    assert ready.value("ratio") == "1_0"
    assert ready.page.control("ratio")["aria-invalid"] == "true"
    ready.page.fill("ratio", "1.0")
    sent = ready.sent()
    assert (sent["count"], repr(sent["ratio"])) == (9007199254740993, "1.0")


def test_options_dates_and_formats(ready: Form) -> None:
    typed = {
        "day": "2026-11-01",
        "moment": "2026-11-01T09:30:00+13:00",
        "mail": "nobody",
        "link": "https://example.com/?a=1&b=2",
        "Picture": "https://example.com/p.png",
        "mark": "v1",
        "Order": "null",
    }
    for label, text in typed.items():
        ready.page.fill(label, text)
    ready.page.take("verbose", "false")
    picture = {"picture": typed.pop("Picture"), "order": None, "verbose": False}
    del typed["Order"]
    assert ready.sent() == LEAST | typed | picture
    assert "This is not a valid email" in ready.page.text()


def test_rows_are_added_moved_duplicated_and_removed(ready: Form) -> None:
    for number, text in enumerate(("one", "two", "three"), 1):
        ready.press("Add item to tags")
        ready.page.fill(f"Item {number}", text)
    ready.press("Move up Item 3 of tags")
    ready.press("Remove Item 1 of tags")
    ready.press("Add item to People")
    ready.page.fill("name", "Ada").fill("age", "36")
    ready.press("Duplicate Item 1 of People")
    ready.page.fill("age", "", 1)
    ready.press("Add item to grid")
    ready.press("Add item to Item 1")
    ready.page.fill("Item 1", "1.5", 1)
    assert ready.sent() == LEAST | {
        "tags": ["three", "two"],
        "people": [{"name": "Ada", "age": 36}, {"name": "Ada"}],
        "grid": [[1.5]],
    }


def test_a_name_that_is_blank_or_given_twice_is_an_error_and_no_loss(ready: Form) -> None:
    for number, value in enumerate(("first", "second", "third"), 1):
        ready.press("Add property to Headers")
        ready.page.fill(f"Value {number}", value)

    def names() -> list[Tag]:
        return list(ready.page.group("Headers").select(".row-key .input"))

    names()[0]["value"] = names()[1]["value"] = "a.b"
    ready.refused()
    assert names()[1]["value"] == "a.b"
    assert ready.page.group("Headers").select(".error")
    names()[1]["value"] = "c"
    blank = names()[2].find_next("select")
    assert isinstance(blank, Tag)
    named = blank.find("option", string='named ""')
    assert isinstance(named, Tag)
    named["selected"] = ""
    assert ready.sent()["headers"] == {"a.b": "first", "c": "second", "": "third"}


def test_a_value_of_any_kind_nests(ready: Form) -> None:
    ready.kind("anything", "object")
    ready.press("Add property to anything")
    ready.page.group("anything").select(".row-key .input")[0]["value"] = "key"
    ready.page.fill("Value 1", "v")
    ready.press("Add item to pair")
    ready.press("Add item to pair")
    ready.inner("pair")[0]["value"], ready.inner("pair")[1]["value"] = "left", "2"
    assert ready.sent() == LEAST | {"anything": {"key": "v"}, "pair": ["left", 2]}


def test_each_branch_keeps_its_draft(ready: Form) -> None:
    ready.inner("Body")[0]["value"] = "some words"
    ready.kind("Body", "parts")
    ready.page.fill("part", "a part")
    ready.kind("Body", "words")
    assert ready.inner("Body")[0]["value"] == "some words"
    ready.kind("Body", "parts")
    assert ready.value("part") == "a part"
    ready.kind("mixed", "null")
    assert ready.sent() == LEAST | {"body": {"part": "a part"}, "mixed": None}


def test_recursion_opens_step_by_step_and_a_condition_adds_a_field(ready: Form) -> None:
    ready.page.take("Tree", "send")
    ready.page.group("Tree").select_one("input.input")["value"] = "root"  # type: ignore[index]  # it is there
    ready.press("Include next")
    ready.page.group("next").select_one("input.input")["value"] = "leaf"  # type: ignore[index]  # it is there
    ready.page.take("verbose", "true").fill("Reason", "because")
    assert ready.sent() == LEAST | {
        "verbose": True,
        "tree": {"name": "root", "next": {"name": "leaf"}},
        "reason": "because",
    }


def test_one_field_as_json_and_back(ready: Form) -> None:
    ready.press("Add item to tags")
    ready.page.fill("Item 1", "one")
    ready.press("Edit as JSON tags")
    assert json.loads(ready.value("tags")) == ["one"]
    ready.page.fill("tags", '["one",\n "two" "three"]')
    ready.press("Back to the form tags")
    assert ready.value("tags") == '["one",\n "two" "three"]'
    assert "Line 2, column 8" in ready.refused()
    for wrong, words in (("[NaN]", "NaN"), ('{"a": 1, "a": 2}', "a")):
        ready.page.fill("tags", wrong)
        assert words in ready.refused()
        assert ready.value("tags") == wrong
    ready.page.fill("tags", '["three", "four"]')
    ready.press("Back to the form tags")
    assert ready.value("Item 2") == "four"
    assert ready.sent() == LEAST | {"tags": ["three", "four"]}


def test_all_of_it_as_json_and_back(form: Form) -> None:
    text = '{"zz": {"b": [1, 1.0, null]}, "title": "T", "agree": true, "count": 9007199254740993, "tags": "no list"}'
    form.press("JSON")
    form.page.fill("JSON", text)
    form.press("Form")
    assert form.value("Title") == "T"
    assert 'Must be an array, but is the string "no list".' in form.page.text()
    form.press("JSON")
    assert json.dumps(json.loads(form.value("JSON"))) == text
    form.page.fill("JSON", '{"title": "T",\n}')
    form.press("Form")
    assert form.value("JSON") == '{"title": "T",\n}'
    assert "Line 1, column 14" in form.refused()
    form.page.fill("JSON", '{"title": "T", "agree": true, "own": [1]}')
    assert form.sent() == {"title": "T", "agree": True, "own": [1]}


def test_a_file_is_sent_as_its_name_type_and_content(ready: Form) -> None:
    ready.page.take("Upload", "send")
    sent = ready.sent(Choose_a_file_for_Upload=(b"\x00hi\n", "a.txt", "text/plain"))
    assert sent == LEAST | {"upload": {"name": "a.txt", "contentType": "text/plain", "content": "AGhpCg=="}}


def test_a_file_becomes_a_url_by_the_button_beside_its_field(ready: Form) -> None:
    for number in (1, 2):
        ready.press("Add item to Pictures")
        file = {f"Choose_a_file_for_Item_{number}": (b"picture", "a b.png", "image/png")}
        ready.press(f"Use this file for Item {number}", **file)
        assert ready.value(f"Item {number}").endswith("/a%20b.png")
    urls = ready.sent()["pictures"]
    assert len(set(urls)) == 2
    assert all(url.startswith("http://127.0.0.1:8771/files/") for url in urls)


def test_a_file_becomes_a_url_by_run_itself_and_once(ready: Form) -> None:
    url = ready.sent(Choose_a_file_for_Picture=(b"picture", "a b.png", "image/png"))["picture"]
    assert url.endswith("/a%20b.png")
    ready.page.fill("note", "again")
    assert ready.sent()["picture"] == url, "it is not served anew with every run"


def test_an_object_that_is_not_included_keeps_what_was_typed_and_is_not_sent(ready: Form) -> None:
    ready.page.take("Address", "send").fill("street", "High Street").take("Tree", "send")
    ready.page.group("Tree").select_one("input.input")["value"] = "root"  # type: ignore[index]  # it is there
    ready.page.take("Tree", "omit")
    ready.press("Add item to tags")
    assert ready.page.group("Tree").select_one("input.input")["value"] == "root"  # type: ignore[index]  # it is there
    ready.page.fill("Item 1", "one")
    assert ready.sent() == LEAST | {"address": {"street": "High Street"}, "tags": ["one"]}


def test_enter_in_a_field_runs_it(form: Form) -> None:
    first = form.page.soup.select("button, input[type=submit]")[0]
    assert (first["type"], first.get("name"), first.get("formaction")) == ("submit", None, None)
    assert str(form.page.soup.form["action"]).endswith("/runs")  # type: ignore[index]  # it is there


def test_what_is_required_is_said_at_its_field(form: Form) -> None:
    form.press("Run Ctrl ⏎")
    assert form.run.outcome.status == "invalid_input"
    assert "Title" in form.errors
    link = form.page.soup.select_one("#inputs-errors a")
    assert link is not None
    assert link["href"] == f"#{form.page.control('Title')['id']}"
    assert form.page.control("Title")["aria-invalid"] == "true"
    told = [form.page.soup.find(id=one) for one in str(form.page.control("Title")["aria-describedby"]).split()]
    assert any(one and re.search(r"Is required, but is missing\.", one.text) for one in told)


def test_the_inputs_of_an_earlier_run_are_offered_and_fill_the_form(ready: Form) -> None:
    ready.sent()
    first = ready.run.id
    ready.page.fill("Title", "another")
    assert ready.sent()["title"] == "another"
    links = re.findall(rf'href="([^"]*every_kind\?run={first})"', ready.visitor.get("/runs").text)
    links += re.findall(rf'href="([^"]*every_kind\?run={first})"', ready.visitor.get(f"/runs/{first}").text)
    assert len(links) >= 2
    for path in dict.fromkeys(links):
        ready.open(path)
        assert ready.value("Title") == "T"
        assert "loaded" in ready.page.text()
        assert ready.value("count") == "", "what is loaded is never filled up with defaults"
    assert ready.sent() == LEAST
