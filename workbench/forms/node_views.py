"""What a page shows of a draft, as values: views of nodes and rows, buttons, the summary of what is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from markupsafe import Markup
from wtforms import Field

from workbench.jsondoc import pointer as pointers

NOTHING: Final = Markup("")


class Said(Protocol):
    """Anything said about a place in a value: a problem of the form, a fault of the schema, a run's problem."""

    @property
    def pointer(self) -> str: ...
    @property
    def message(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Button:
    """A submit button that edits the form: the operation it posts, its text, what it is about, the node it swaps."""

    op: str
    text: str
    about: str
    target: str
    style: str = ""
    enabled: bool = True
    focused: bool = False


@dataclass(slots=True)
class View:
    """A node as drawn. ``id`` is its element's id; ``main`` and ``side`` are bound WTForms fields."""

    id: str
    kind: str
    label: str
    type_line: str = ""
    required: bool = False
    origin: str = ""
    help: Markup = NOTHING
    notes: Sequence[str] = ()
    default: str = ""
    is_default: bool = False
    when_blank: str = ""
    errors: Sequence[str] = ()
    remarks: Sequence[str] = ()
    control_id: str = ""
    main: Field | None = None
    side: Field | None = None
    attributes: Mapping[str, object] = field(default_factory=dict)
    hidden: Markup = NOTHING
    members: Sequence["View"] = ()
    rows: Sequence["RowView"] = ()
    current: "View | None" = None
    buttons: Sequence[Button] = ()
    menu: Sequence[Button] = ()
    state: str = ""
    text: str = ""
    secret: bool = False
    picker: "Picker | None" = None
    share: Button | None = None
    bare: bool = False

    @property
    def has_help(self) -> bool:
        """Whether the help element is drawn."""
        return bool(self.help or self.notes or self.default)


@dataclass(frozen=True, slots=True)
class Picker:
    """A file picker: its control's name, and the ids of the controls that a script fills from the file."""

    name: str
    fills: Sequence[str]


@dataclass(frozen=True, slots=True)
class RowView:
    """A row as drawn: its node, its name's controls where it has one, its buttons."""

    node: View
    key: Field | None
    key_side: Field | None
    key_errors: Sequence[str]
    buttons: Sequence[Button]
    focused: bool = False


@dataclass(frozen=True, slots=True)
class Jump:
    """A line of the summary: what is wrong, the label of its field, and the element to go to."""

    label: str
    message: str
    target: str


def placed(said: Iterable[Said], places: Mapping[str, str]) -> dict[str, list[str]]:
    """Messages by the id of the node that is nearest to each one's pointer."""
    found: dict[str, list[str]] = {}
    for one in said:
        node = getattr(one, "node", "")
        if node:
            continue
        pointer = one.pointer
        while pointer not in places and pointer:
            pointer = pointers.parent(pointer)
        messages = found.setdefault(places.get(pointer, ""), [])
        message = _at_its_place(one) if pointer == one.pointer else one.message
        if message not in messages:
            messages.append(message)
    return found


def _at_its_place(one: Said) -> str:
    """The message without the pointer in front of it: it stands at the very field."""
    start = f"{one.pointer} "
    return f"It {one.message.removeprefix(start)}" if one.pointer and one.message.startswith(start) else one.message


def jumps(view: View) -> list[Jump]:
    """The summary's lines in the order of the page."""
    found = [Jump(view.label, message, view.control_id) for message in view.errors]
    for member in view.members:
        found += jumps(member)
    for row in view.rows:
        found += [Jump(row.node.label, text, row.key.id if row.key else row.node.id) for text in row.key_errors]
        found += jumps(row.node)
    return found + (jumps(view.current) if view.current else [])
