"""The inputs while they are edited: as a form drawn from the schema, or as JSON text. One JSON value is behind both."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from workbench.domain import ABSENT, JSON, Absent
from workbench.forms.jsontext import JsonError, dumps, loads
from workbench.web.presenters.handlers import Handler

FORM: Final = "form"
TEXT: Final = "json"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence about the inputs; ``control`` is the id of the control that it is about, where there is one."""

    message: str
    control: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The inputs as they stand on the page. ``value`` is ABSENT where something keeps them from having one.

    ``form`` is the markup in the mode FORM, ``text`` the JSON in the mode TEXT; ``blocking`` is what keeps them from
    being sent.
    """

    mode: str
    value: JSON | Absent = ABSENT
    form: Markup | None = None
    text: str = ""
    blocking: tuple[Said, ...] = ()

    @property
    def payload(self) -> str:
        """What will be sent, as indented JSON; empty where there is no value."""
        return "" if self.value is ABSENT else dumps(self.value, indent=2)


def as_text(value: JSON | Absent) -> Draft:
    """The JSON editor with ``value`` in it."""
    return Draft(TEXT, value, text="" if value is ABSENT else dumps(value, indent=2))


def read_text(text: str) -> Draft:
    """What was typed into the JSON editor, kept to the letter where it is no JSON."""
    try:
        return Draft(TEXT, loads(text), text=text)
    except JsonError as error:
        return Draft(TEXT, text=text, blocking=(Said(str(error), "json-text"),))


def start(handler: Handler, value: JSON | Absent, mode: str) -> Draft:
    """A new draft where ``value`` is ABSENT (declared defaults, nothing else), or that value loaded."""
    return as_text({} if value is ABSENT else value)


def read(handler: Handler, posted: MultiDict[str, str]) -> Draft:
    """What was posted, in the mode that it was edited in."""
    return read_text(posted.get("json", "{}"))


def wants_redraw(posted: MultiDict[str, str]) -> bool:
    """Whether the button that was pressed edits the form rather than sends it."""
    return "to" in posted


def edited(handler: Handler, posted: MultiDict[str, str]) -> Draft:
    """The draft after the edit that was asked for."""
    return read(handler, posted)
