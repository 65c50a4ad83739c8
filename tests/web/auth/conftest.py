"""The form of the auth page as a browser has it, filled in and posted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.html_form import parsed

AUTH = "/integrations/greeter/auth"


def pairs_of(text: str) -> dict[str, Any]:
    """What a browser posts of the form as it stands; a name that comes more than once has a list."""
    found: dict[str, Any] = {}
    for control in parsed(text).find_all(["input", "select", "textarea"]):
        name, kind = control.get("name"), control.get("type")
        inside = control.find_parent(id="auth") or control.get("form") == "auth"
        is_off = kind in ("radio", "checkbox") and not control.has_attr("checked")
        if name is None or not inside or kind == "file" or is_off:
            continue
        if control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            value = chosen["value"]
        else:
            value = control.text.removeprefix("\n") if control.name == "textarea" else control.get("value", "")
        found[name] = [*found[name], value] if isinstance(found.get(name), list) else value
        if name.endswith((".row", "secrecy.name", "secrecy.choice")) and not isinstance(found[name], list):
            found[name] = [found[name]]
    return found


@dataclass
class AuthForm:
    """Somebody on the auth page. Each press posts the form as it stands, with what was typed."""

    visitor: Any
    text: str
    url: str = AUTH

    def open(self, query: str = "") -> "AuthForm":
        """Open the page."""
        response = self.visitor.get(f"{self.url}{query}")
        assert response.status_code == 200
        self.text = response.text
        return self

    def post(self, path: str = "", typed: dict[str, Any] | None = None, **more: Any) -> Any:
        """Post the form to a path below the page's; a redirect is followed, as a browser does."""
        data = pairs_of(self.text) | (typed or {})
        response = self.visitor.post(f"{self.url}{path}", data | {"csrf_token": self.visitor.csrf}, **more)
        if response.status_code == 303:
            self.text = self.visitor.get(response.headers["Location"]).text
        elif response.mimetype == "text/html":
            self.text = response.text
        return response

    def press(self, op: str, typed: dict[str, Any] | None = None) -> Any:
        """Press a button of a section."""
        return self.post("/form", (typed or {}) | {"op": op})

    def add(self, section: str, name: str, value: str, **more: str) -> None:
        """Add a row and fill it in, without saving it; ``more`` are its other controls."""
        self.press(f"{section}.add:{name}")
        token = self.page.find(id=section).find_all("li", class_="value-row")[-1]["id"].partition("-")[2]
        typed = {f"{section}.{token}.name": name, f"{section}.{token}.value": value}
        self.press("none", typed | {f"{section}.{token}.{part}": text for part, text in more.items()})

    @property
    def page(self) -> BeautifulSoup:
        """The page as it stands."""
        return parsed(self.text)

    def row(self, section: str, name: str) -> str:
        """The start of the names of the controls of a row."""
        control = self.page.find(id=section).find("input", {"value": name, "class": "name"})
        return str(control["name"].removesuffix(".name"))

    def control(self, label: str) -> str:
        """The name of the control of a declared field."""
        page = self.page.find(id="auth-form")
        return str(page.find(id=page.find("label", string=label)["for"])["name"])


@pytest.fixture
def auth_form() -> Callable[..., AuthForm]:
    """Makes the form of a visitor, opened."""

    def make(visitor: Any, url: str = AUTH) -> AuthForm:
        return AuthForm(visitor, "", url).open()

    return make
