"""A form on a page of the workbench, as a person handles it: by labels, legends and buttons."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

HERE = Path(__file__).parent
ACTIONS = "/integrations/every-kind/actions"
SOME = ("title", "note", "text", "greeting", "count", "ratio", "agree", "order", "mail", "headers", "people")
SOME_MORE = ("tags", "body", "either", "grid", "tree")


def some_kinds(every: dict[str, Any]) -> dict[str, Any]:
    """An action with half of the fields: its page costs half of the time."""
    schema = every["input_schema"]
    properties = {name: schema["properties"][name] for name in (*SOME, *SOME_MORE)}
    chosen = {name: schema[name] for name in ("type", "required", "definitions")}
    return every | {"display_name": "some_kinds", "input_schema": chosen | {"properties": properties}}


def wide() -> dict[str, Any]:
    """An action of 2,000 properties, 50 in each of 40 objects."""
    kinds = ("string", "integer", "boolean")
    inner = {f"p{n}": {"type": kinds[n % 3]} for n in range(50)}
    properties = {f"group_{n}": {"type": "object", "properties": inner} for n in range(40)}
    schema = {"type": "object", "properties": properties}
    return {"description": "Two thousand properties.", "input_schema": schema, "output_schema": {"type": "object"}}


def secretive() -> dict[str, Any]:
    """An action that takes a secret among its inputs."""
    secret = {"type": "string", "format": "password", "label": "Secret"}
    tags = {"type": "array", "items": {"type": "string"}}
    picture = {"type": "string", "x-autohive-input": "file-public-url", "label": "Picture"}
    properties = {"secret": secret, "ratio": {"type": "number"}, "tags": tags, "picture": picture}
    schema = {"type": "object", "properties": properties}
    return {"description": "Takes a secret.", "input_schema": schema, "output_schema": {"type": "object"}}


@pytest.fixture(scope="session")
def integration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the integration of every kind, with some actions more."""
    copy = tmp_path_factory.mktemp("forms") / "every-kind"
    shutil.copytree(HERE / "every-kind", copy, ignore=shutil.ignore_patterns("__pycache__"))
    config = json.loads((copy / "config.json").read_text("utf-8"))
    actions = config["actions"]
    actions |= {"some_kinds": some_kinds(actions["every_kind"]), "wide": wide(), "secretive": secretive()}
    (copy / "config.json").write_text(json.dumps(config), "utf-8")
    return copy


@pytest.fixture(scope="session")
def bench(serve: Callable[..., Any], integration: Path, corpus: Path) -> Iterator[Any]:
    """The workbench on the integration of every kind and on the corpus, with an echo server to serve files by."""
    with serve(integration, corpus, echo=True) as served:
        yield served


@dataclass(slots=True)
class Form:
    """The form on a page, by its labels, legends and buttons."""

    page: Page
    scripts: bool
    look_again: Callable[[Page], None]
    first: str = ""

    def field(self, label: str, nth: int = 0) -> Locator:
        """The control of a field."""
        return self.page.locator("#inputs-form").get_by_label(label, exact=True).nth(nth)

    def around(self, label: str) -> Locator:
        """The whole field with its facts."""
        named = f":scope > .field-head label:text-is({json.dumps(label)})"
        return self.page.locator("#inputs-form .field", has=self.page.locator(named)).last

    def group(self, legend: str) -> Locator:
        """The fieldset with this legend."""
        return self.page.locator("fieldset", has=self.page.locator(f":scope > legend:text-is({json.dumps(legend)})"))

    def take(self, legend: str, option: str) -> None:
        """Take one of the radio buttons of a fieldset, or the state of one that is sent when filled."""
        head = self.group(legend).first.locator(":scope > .control")
        quiet = head.locator(":scope > .switch > select")
        if quiet.count():
            quiet.select_option(option)
            return
        head.get_by_text(option, exact=True).click()

    def blank(self, label: str, meaning: str) -> None:
        """Leave a field blank, and say what that means."""
        self.field(label).fill("")
        self.around(label).get_by_label("If empty").select_option(meaning)

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press a button that edits the form, and wait until the form is drawn again."""
        button = (within or self.page.locator("#request")).get_by_role("button", name=name, exact=True).first
        self.edit(lambda: button.click())

    def edit(self, gesture: Callable[[], None]) -> None:
        """Do what makes the server draw the form again, and wait for it."""
        self._swapped("data-form", gesture)

    def _swapped(self, counter: str, gesture: Callable[[], None]) -> None:
        before = int(self.page.locator("html").get_attribute(counter) or 0)
        gesture()
        if self.scripts:
            self.page.locator(f"html[{counter}='{before + 1}']").wait_for(state="attached")  # cheaper than expect()

    def kind(self, legend: str, option: str) -> None:
        """Choose the kind of a value."""
        choose = self.group(legend).first.locator(":scope > .ways > .kind select")
        if self.scripts:
            self.edit(lambda: (choose.select_option(label=option), None)[-1])
        else:
            choose.select_option(label=option)
            self.group(legend).first.locator(":scope > .ways > .kind button").click()

    def menu(self, label: str, item: str) -> None:
        """Open the menu of a field and take something from it."""
        name = f"More actions for {label}"
        self.page.locator("#inputs-form summary", has_text=name).first.click()
        self.press(f"{item} {label}")

    def tab(self, name: str) -> None:
        """Edit all of it as JSON, or as a form."""
        self.edit(lambda: self.page.get_by_role("tab", name=name, exact=True).click())

    def write(self, text: str) -> None:
        """All of it as JSON text."""
        self.tab("JSON")
        self.fill_json(text)

    def fill_json(self, text: str) -> None:
        """Type JSON text into the last place for it: an editor where scripts run."""
        kind = ".cm-content" if self.scripts else "textarea.code"
        self.page.locator(f"#inputs-form {kind}").last.fill(text)

    def text(self) -> str:
        """What the JSON tab says."""
        self.tab("JSON")
        return self.page.locator("#inputs-form textarea").input_value()

    def run(self) -> None:
        """Press Run, and wait for the answer."""
        self._swapped("data-runs", lambda: self.page.get_by_role("button", name="Run", exact=True).click())

    def sent(self) -> Any:
        """Run it, and what the handler says it was given."""
        self.run()
        return self.received()

    def received(self) -> Any:
        """What the handler says it was given."""
        return json.loads(self.result())["inputs"]

    def result(self) -> str:
        """What the handler returned, as JSON text, once the run has finished."""
        self.page.wait_for_url(re.compile(r"\?run=\d+"))
        run = self.page.url.rpartition("=")[2]
        outcome = self.page.locator("#outcome[data-state=finished]")
        if not self.scripts:
            self.look_again(self.page)
        expect(outcome).to_contain_text("Succeeded")
        origin = self.page.url.partition("/integrations")[0]
        return self.page.context.request.get(f"{origin}/runs/{run}/values/result?form=json").text()

    def refused(self) -> Locator:
        """Run it, and the summary of what keeps it from being sent."""
        self.run()
        expect(self.page.locator("#inputs-errors")).to_be_visible()
        return self.page.locator("#inputs-errors")


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.exhaustive)], ids=["scripts", "no scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs JavaScript. ``tests/web/run_form/test_without_scripts.py`` does without a browser."""
    return bool(request.param)


@pytest.fixture
def open_form(
    bench: Any, open_page: Callable[..., Page], look_again: Callable[[Page], None], scripts: bool
) -> Callable[..., Form]:
    """Opens a form, new unless the path says otherwise."""

    def open_at(path: str) -> Form:
        window = {"width": 1280, "height": 1000}
        return Form(open_page(bench, path, statuses=False, scripts=scripts, viewport=window), scripts, look_again)

    return open_at


@pytest.fixture
def action() -> str:
    """The action whose form it is: one with a field of every kind."""
    return "every_kind"


@pytest.fixture
def form(open_form: Callable[..., Form], action: str) -> Form:
    """A new form."""
    return open_form(f"{ACTIONS}/{action}?new=1")


_LEAST = """() => {
  const [labels, legends] = ["label", "legend"].map((part) => [...document.querySelectorAll(`#inputs-form ${part}`)]);
  for (const [name, value] of [["Title", "T"], ["Long text", ""], ["Greeting", ""], ["count", ""]]) {
    const { control } = labels.find((label) => label.textContent === name);
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const agreed = legends.find((legend) => legend.textContent === "Agreed").parentElement;
  [...agreed.querySelectorAll("label")].find((label) => label.textContent === "false").control.click();
}"""


@pytest.fixture
def ready(form: Form) -> Form:
    """The same with nothing but what is required: no default is left. Other tests type by hand, here it is set."""
    form.page.evaluate(_LEAST)
    return form
