"""What a page shows of a draft, as values: views of nodes and rows, buttons, the summary of errors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from markupsafe import Markup
from wtforms import Field

from workbench.domain import ValidationError
from workbench.jsondoc import pointer as pointers
from workbench.schema.messages import at_field

NOTHING: Final = Markup("")


class Message(Protocol):
    """A message about a place in a value: an error of the form itself, a validation error, or one that code made."""

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
class NodeView:
    """A node as rendered. ``id`` is its element's id; ``main`` and ``side`` are bound WTForms fields.

    ``pointer`` is the place of a value that is edited as JSON text.
    """

    id: str
    kind: str
    label: str
    type_line: str = ""
    required: bool = False
    required_when: str = ""
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
    members: Sequence["NodeView"] = ()
    rows: Sequence["RowView"] = ()
    current: "NodeView | None" = None
    buttons: Sequence[Button] = ()
    menu: Sequence[Button] = ()
    state: str = ""
    text: str = ""
    pointer: str = ""
    secret: bool = False
    unstored: bool = False
    picker: "Picker | None" = None
    share: Button | None = None
    bare: bool = False

    @property
    def has_help(self) -> bool:
        """Whether the help element is rendered."""
        return bool(self.help or self.notes or self.default)


@dataclass(frozen=True, slots=True)
class Picker:
    """A file picker: its control's name, and the ids of the controls that a script fills from the file."""

    name: str
    fills: Sequence[str]


@dataclass(frozen=True, slots=True)
class RowView:
    """A row as rendered: its node, its name's controls where it has one, its buttons."""

    node: NodeView
    key: Field | None
    key_side: Field | None
    key_errors: Sequence[str]
    buttons: Sequence[Button]
    focused: bool = False


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A line of the summary: an error, the label of its field, and the element that it links to."""

    label: str
    message: str
    target: str


def messages_by_node(messages: Iterable[Message], places: Mapping[str, str]) -> dict[str, list[str]]:
    """The texts of ``messages`` by the id of the node that is nearest to each one's pointer."""
    found: dict[str, list[str]] = {}
    for message in messages:
        if getattr(message, "node", ""):
            continue
        pointer = message.pointer
        while pointer not in places and pointer:
            pointer = pointers.parent(pointer)
        texts = found.setdefault(places.get(pointer, ""), [])
        text = message.message
        if pointer == message.pointer and isinstance(message, ValidationError):
            text = at_field(message)
        if text not in texts:
            texts.append(text)
    return found


def summary_lines(view: NodeView) -> list[SummaryLine]:
    """The summary's lines in the order of the page."""
    found = [SummaryLine(view.label, message, view.control_id) for message in view.errors]
    for member in view.members:
        found += summary_lines(member)
    for row in view.rows:
        found += [SummaryLine(row.node.label, text, row.key.id if row.key else row.node.id) for text in row.key_errors]
        found += summary_lines(row.node)
    return found + (summary_lines(view.current) if view.current else [])
