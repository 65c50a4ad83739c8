"""What a browser would post: the successful controls of a piece of HTML, by HTML's own rules."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partialmethod
from html.parser import HTMLParser
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.html_form import Page, Pairs, input_values
from workbench import forms
from workbench.domain import ABSENT, JSON, Absent
from workbench.forms.builder import Builder

CORPUS = Path(__file__).parents[1] / "corpus"
_OPERATIONS = {"Edit as JSON": forms.AS_JSON, "Edit as form": forms.AS_FORM, "Fill with examples": forms.FILL}


class Entries(HTMLParser):
    """The entry list of a form nobody touched, in one pass over its HTML, by HTML's "constructing the entry list".

    Left out: what is disabled, by itself or by a fieldset around it (but for that one's first legend), what stands in
    a template or a datalist, buttons, and what names another form as its own.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pairs: Pairs = []
        self._name: str | None = None
        self._select: list[Choice] = []
        self._multiple = False
        self._text: list[str] | None = None
        self._inert = 0
        self._fieldsets: list[Fieldset] = []
        self._optgroup = False
        self.feed(html.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd"))
        self.close()
        self.pairs = [(name, re.sub(r"\r\n|\r|\n", "\r\n", value)) for name, value in self.pairs]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = self._name_of(given)
        match tag:
            case "template" | "datalist":
                self._inert += 1
            case "fieldset":
                self._fieldsets.append(Fieldset("disabled" in given))
            case "legend" if self._fieldsets:
                self._fieldsets[-1].legends += 1
                self._fieldsets[-1].in_legend = self._fieldsets[-1].legends == 1
            case "input" if name:
                self.pairs += [(name, value) for value in input_values(given)]
            case "select":
                self._name, self._select, self._multiple = name, [], "multiple" in given
            case "optgroup":
                self._optgroup = "disabled" in given
            case "option":
                disabled = "disabled" in given or self._optgroup
                self._select.append(Choice(given.get("value"), "selected" in given, disabled))
            case "textarea":
                self._name, self._text = name, []

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)
        elif self._select:
            self._select[-1].text += data

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "template" | "datalist":
                self._inert -= 1
            case "fieldset":
                self._fieldsets.pop()
            case "legend" if self._fieldsets:
                self._fieldsets[-1].in_legend = False
            case "optgroup":
                self._optgroup = False
            case "select":
                if self._name:
                    self.pairs += [(self._name, value) for value in _chosen(self._select, self._multiple)]
                self._name, self._select = None, []
            case "textarea":
                if self._name:
                    self.pairs.append((self._name, "".join(self._text or ()).removeprefix("\n")))
                self._name, self._text = None, None

    def _name_of(self, given: Mapping[str, str | None]) -> str | None:
        barred = any(one.disabled and not one.in_legend for one in self._fieldsets)
        return None if barred or self._inert or "disabled" in given or "form" in given else given.get("name")


@dataclass
class Fieldset:
    """A fieldset that is open where the parser stands."""

    disabled: bool
    legends: int = 0
    in_legend: bool = False


@dataclass
class Choice:
    """An option of a select."""

    written: str | None
    selected: bool
    disabled: bool
    text: str = ""

    @property
    def value(self) -> str:
        """What it posts: its text where it has no value attribute."""
        return " ".join(self.text.split()) if self.written is None else self.written


def _chosen(options: list[Choice], multiple: bool) -> list[str]:
    taken = [one for one in options if one.selected]
    if not multiple:
        taken = taken[-1:] or [one for one in options if not one.disabled][:1]
    return [one.value for one in taken if not one.disabled]


@dataclass
class Session:
    """A person with one form: what they see is posted and comes back, button by button, as without JavaScript."""

    schema: JSON
    value: JSON | Absent = ABSENT
    previous: JSON | Absent = ABSENT
    prefix: str = "inputs"
    page: Page = field(init=False)
    edit: forms.Edit | None = None

    def __post_init__(self) -> None:
        self.page = Page(forms.open_form(self.schema, self.value, prefix=self.prefix).markup)

    def press(self, text: str, index: int = 0) -> "Session":
        """Press a button of the form, or a tab that turns all of it into JSON text or back."""
        operation = _OPERATIONS.get(text)
        whole = [*self.page.pairs(), (f"{self.prefix}.op", operation)] if operation else []
        pairs = whole or self.page.press(text, index)
        self.edit = forms.edit(self.schema, pairs, prefix=self.prefix, previous=self.previous)
        self.page = Page(self.edit.markup)
        return self

    def read(self) -> forms.FormData:
        """Submit the form."""
        return forms.read(self.schema, self.page.pairs(), prefix=self.prefix, previous=self.previous)

    @property
    def json(self) -> str:
        """The JSON text of what the form sends, which must have no error."""
        reading = self.read()
        assert reading.errors == (), reading.errors
        return "ABSENT" if reading.value is ABSENT else json.dumps(reading.value)


@pytest.fixture(scope="session")
def session() -> Callable[..., Session]:
    """Opens a form: ``session(schema, value)``."""
    return Session


@pytest.fixture(scope="session")
def entries() -> Callable[[str], Pairs]:
    """What a browser posts for HTML that nobody touched."""
    return lambda html: Entries(html).pairs


@pytest.fixture(scope="session")
def page() -> Callable[[str], Page]:
    """Opens HTML as a person would."""
    return Page


@pytest.fixture(scope="session")
def submit() -> Callable[..., Pairs]:
    """``submit(markup, changes={label: text})``: what a browser posts for the form after those changes."""

    def submitted(markup: str, changes: Mapping[str, str] | None = None) -> Pairs:
        if not changes:
            return Entries(markup).pairs
        opened = Page(markup)
        for label, text in changes.items():
            opened.fill(label, text)
        return opened.pairs()

    return submitted


@pytest.fixture(scope="session")
def faults() -> Callable[[BeautifulSoup], list[str]]:
    """What assistive technology would stumble on in a form, one line each."""
    return _faults


def _faults(soup: BeautifulSoup) -> list[str]:
    ids = [str(one["id"]) for one in soup.find_all(id=True)]
    known, found = (
        set(ids),
        [f"id twice: {one}" for one in ids if ids.count(one) > 1] if len(set(ids)) < len(ids) else [],
    )
    found += [f"no id by the spec: {one!r}" for one in ids if not one or re.search(r"\s", one)]
    for name in ("aria-describedby", "aria-labelledby", "aria-errormessage", "aria-controls"):
        for one in soup.find_all(attrs={name: True}):
            found += [f"{name} leads nowhere: {part}" for part in str(one[name]).split() if part not in known]
    named = {str(one["for"]) for one in soup.find_all("label", attrs={"for": True}) if one.get_text(strip=True)}
    found += [f"a label of nothing: {one}" for one in named - known]
    for one in soup.find_all(["input", "select", "textarea"]):
        if one.get("type") == "hidden":
            continue
        around = one.find_parent("label")
        says = around is not None and around.get_text(strip=True)
        if not (one.get("aria-label") or one.get("id") in named or says):
            found.append(f"no name: {one.get('name')}")
        if one.has_attr("aria-invalid") and not one.get("aria-describedby"):
            found.append(f"wrong, but without words: {one.get('name')}")
    for one in soup.find_all("fieldset"):
        legend = one.find("legend", recursive=False)
        if legend is None or not legend.get_text(strip=True):
            found.append(f"no legend: {one.get('id')}")
    return found + [f"no words: {one.get('value')}" for one in soup.find_all("button") if not one.get_text(strip=True)]


@pytest.fixture(scope="session")
def corpus_inputs() -> list[tuple[str, JSON]]:
    """Every action of the corpus with its input schema."""
    found: list[tuple[str, JSON]] = []
    for path in sorted(CORPUS.glob("*/config.json")):
        config = json.loads(path.read_text(encoding="utf-8"))
        for name, action in config.get("actions", {}).items():
            found.append((f"{path.parent.name}/{name}", action.get("input_schema", {})))
    return found


@pytest.fixture(scope="session")
def corpus_auth() -> list[tuple[str, JSON]]:
    """Every integration of the corpus that declares auth fields, with their schema."""
    found: list[tuple[str, JSON]] = []
    for path in sorted(CORPUS.glob("*/config.json")):
        fields = json.loads(path.read_text(encoding="utf-8")).get("auth", {}).get("fields")
        if fields is not None:
            found.append((path.parent.name, fields))
    return found


@pytest.fixture
def small_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page opens 25 fields, filled or blank, a tenth of what it opens otherwise: nothing else differs."""
    monkeypatch.setattr(Builder, "__init__", partialmethod(Builder.__init__, _left=25, _eager=25))
