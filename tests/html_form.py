"""A form in HTML as a person has it before them: filled in by label, and what its buttons post by HTML's rules."""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bs4 import BeautifulSoup, Tag

type Pairs = list[tuple[str, str]]


@dataclass
class Page:
    """A form as a person has it before them. Changes are made by label, the way a person finds a field."""

    html: str

    def __post_init__(self) -> None:
        self.html.encode("utf-8")  # a lone surrogate cannot be sent at all

    @functools.cached_property
    def soup(self) -> BeautifulSoup:
        """What it is made of, parsed once it is looked at."""
        # The input stream: line breaks become LF, NUL becomes U+FFFD.
        text = self.html.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
        return BeautifulSoup(text, "html.parser", on_duplicate_attribute="replace")

    def pairs(self, press: Tag | None = None) -> Pairs:
        """The entry list of the form, ``press`` being the button that submits it."""
        found: Pairs = []
        for control in _controls(self.soup):
            name = control.get("name")
            if not name or control.has_attr("disabled"):
                continue
            if control.name == "button":
                found += [(str(name), str(control.get("value", "")))] if control is press else []
            else:
                found += [(str(name), value) for value in _values(control)]
        return [(name, re.sub(r"\r\n|\r|\n", "\r\n", value)) for name, value in found]

    def control(self, label: str, index: int = 0) -> Tag:
        """The control whose label reads ``label``."""
        hits = [one for one in self.soup.find_all("label") if one.get("for") and one.get_text() == label]
        assert len(hits) > index, f"no label {label!r} among {[one.get_text() for one in self.soup.find_all('label')]}"
        found = self.soup.find(id=hits[index]["for"])
        assert isinstance(found, Tag)
        return found

    def group(self, legend: str, index: int = 0) -> Tag:
        """The fieldset whose legend reads ``legend``."""
        hits = [one for one in self.soup.find_all("legend") if one.get_text() == legend]
        assert len(hits) > index, (
            f"no legend {legend!r} among {[one.get_text() for one in self.soup.find_all('legend')]}"
        )
        assert isinstance(hits[index].parent, Tag)
        return hits[index].parent

    def fill(self, label: str, text: str, index: int = 0) -> "Page":
        """Type ``text`` into the field, or take the option that reads ``text``."""
        control = self.control(label, index)
        _set(control, text)
        return self

    def blank(self, label: str, text: str) -> "Page":
        """Choose what the field means when it is left blank."""
        side = self.control(label).find_next_sibling("select")
        assert isinstance(side, Tag)
        _set(side, text)
        return self

    def take(self, legend: str, option: str, index: int = 0) -> "Page":
        """Take the segment, or the state of one that is sent when filled, that reads ``option`` in the fieldset."""
        quiet = self.group(legend, index).select_one(":scope > .control > .switch > select")
        if quiet is not None:
            _set(quiet, option)
            return self
        seg = self.group(legend, index).find(class_="seg")
        assert isinstance(seg, Tag)
        chosen = [one for one in seg.find_all("label") if one.get_text() == option]
        assert chosen, f"no segment {option!r} in {legend!r}: {seg.get_text()}"
        for radio in seg.find_all("input"):
            del radio["checked"]
        radio = chosen[0].find("input")
        assert isinstance(radio, Tag)
        radio["checked"] = ""
        return self

    def button(self, text: str, index: int = 0) -> Tag:
        """The button that reads ``text``, what is only for screen readers included."""
        named = [(" ".join(one.get_text().split()), one) for one in self.soup.find_all("button")]
        hits = [one for name, one in named if name == text]
        assert len(hits) > index, f"no button {text!r} among {[name for name, _ in named]}"
        assert not hits[index].has_attr("disabled"), f"{text!r} is disabled"
        return hits[index]

    def press(self, text: str, index: int = 0) -> Pairs:
        """What pressing that button posts."""
        return self.pairs(self.button(text, index))

    def text(self) -> str:
        """All the words on the page."""
        return self.soup.get_text(" ", strip=True)


def _controls(outer: Tag) -> Iterator[Tag]:
    """The controls within a tag, in order, but for those in a template or in a fieldset that is disabled."""
    for tag in (one for one in outer.children if isinstance(one, Tag)):
        if tag.name in ("input", "select", "textarea", "button"):
            yield tag
        elif tag.name != "template" and not (tag.name == "fieldset" and tag.has_attr("disabled")):
            yield from _controls(tag)


def _set(control: Tag, text: str) -> None:
    if control.name == "select":
        options = control.find_all("option")
        assert text in [one.get_text() for one in options], f"{text!r} not in {[one.get_text() for one in options]}"
        for option in options:
            del option["selected"]
            if option.get_text() == text:
                option["selected"] = ""
    elif control.name == "textarea":
        control.string = "\n" + text
    else:
        control["value"] = text


def _values(control: Tag) -> Iterator[str]:
    if control.name == "textarea":
        text = control.get_text()
        yield text.removeprefix("\n")
    elif control.name == "select":
        options = [one for one in control.find_all("option") if not one.has_attr("disabled")]
        chosen = [one for one in options if one.has_attr("selected")] or options[:1]
        yield from (str(one.get("value", one.get_text())) for one in chosen[-1:])
    else:
        yield from input_values(control.attrs)


def input_values(control: Mapping[str, object]) -> Iterator[str]:
    kind, value = str(control.get("type", "text")).lower(), str(control.get("value", ""))
    if kind in ("submit", "button", "reset", "image"):
        return
    if kind in ("checkbox", "radio"):
        if "checked" in control:
            yield str(control.get("value", "on"))
    elif kind == "file":
        yield ""
    elif kind == "date":
        yield value if _is_date(value) else ""
    elif kind in ("number", "range", "time", "datetime-local", "month", "week", "color"):
        raise AssertionError(f"a {kind} control may change what it is given")
    elif kind in ("email", "url"):
        yield re.sub("[\r\n]", "", value).strip("\t\f ")
    elif kind == "hidden":
        yield value
    else:
        yield re.sub("[\r\n]", "", value)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@functools.lru_cache(maxsize=16)
def parsed(html: str) -> BeautifulSoup:
    """The page, to be read only: who asks for the same page again gets the same."""
    return BeautifulSoup(html, "html.parser")
