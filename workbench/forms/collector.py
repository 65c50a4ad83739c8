"""From a draft to the value that it sends, and the errors that keep it from sending one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.domain import ABSENT, JSON, Absent
from workbench.forms.draft import (
    ArrayNode,
    Blank,
    ChoiceNode,
    ClosedNode,
    JsonNode,
    Key,
    Node,
    ObjectNode,
    OptionNode,
    Position,
    RowNode,
    SetNode,
    State,
    TextNode,
)
from workbench.forms.jsontext import number
from workbench.forms.secret_masks import expired_mask, unmask
from workbench.forms.shapes import ControlKind
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.strict import JsonError, loads


@dataclass(frozen=True, slots=True)
class FieldError:
    """An error that the form itself found. ``text`` is the text as typed; ``pointer`` the place in the value."""

    pointer: str
    message: str
    text: str = ""
    node: str = ""
    """The id of the row whose name the error is about, where no pointer leads there."""


@dataclass(slots=True)
class Collector:
    """Collects one draft: its value, the errors in it, the pointers of the secrets that were left unchanged."""

    errors: list[FieldError] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    masks: Mapping[str, JSON] | None = None
    """What the masks in JSON text stand for; None where no text has masks."""

    def collect(self, node: Node, pointer: str = "", stored: JSON | Absent = ABSENT) -> JSON | Absent:
        """The value of ``node``, or ABSENT. ``stored`` is its previous value, for secrets that are left unchanged."""
        match node:
            case TextNode():
                return self._text(node, pointer, stored)
            case OptionNode():
                return self._option(node, pointer)
            case ObjectNode():
                return self._object(node, pointer, stored)
            case ArrayNode():
                return self._array(node, pointer, stored)
            case SetNode():
                return self._set(node, pointer)
            case ChoiceNode():
                if node.unshown:
                    message = "Another kind was chosen, but its form is not shown yet. Press Switch, then fill it in."
                    self.errors.append(FieldError(pointer, message))
                return self.collect(node.current, pointer, stored)
            case JsonNode():
                return self._json(node, pointer)
            case ClosedNode(has_secret=True):
                return self._stored(pointer, stored)
            case ClosedNode(text=text):
                return loads(text) if text else ABSENT

    def _text(self, node: TextNode, pointer: str, stored: JSON | Absent) -> JSON | Absent:
        if node.text:
            return self._typed(node, pointer)
        if node.blank is Blank.KEEP:
            return self._stored(pointer, stored)
        if node.blank is Blank.NULL:
            return None
        return "" if node.blank is Blank.EMPTY and node.info.shape.kind is ControlKind.TEXT else ABSENT

    def _typed(self, node: TextNode, pointer: str) -> JSON | Absent:
        if node.info.shape.kind is not ControlKind.NUMBER:
            return node.text
        try:
            return number(node.text)
        except ValueError as error:
            secret = node.info.shape.is_secret
            self.errors.append(
                FieldError(pointer, "This is not a number in JSON." if secret else str(error), node.text)
            )
            return ABSENT

    def _stored(self, pointer: str, stored: JSON | Absent) -> JSON | Absent:
        self.unchanged.append(pointer)
        return stored

    def _option(self, node: OptionNode, pointer: str) -> JSON | Absent:
        return self._option_value(node.key, node, pointer) if node.key else ABSENT

    def _option_value(self, key: str, node: OptionNode | SetNode, pointer: str) -> JSON | Absent:
        for option in node.info.shape.options:
            if option.key == key:
                return option.value
        self.errors.append(FieldError(pointer, "This option is no longer in the schema. Choose again.", key))
        return ABSENT

    def _set(self, node: SetNode, pointer: str) -> JSON | Absent:
        if node.state is State.NULL:
            return None
        if node.state is State.OUT or (node.state is State.FILLED and not node.keys):
            return ABSENT
        values = [self._option_value(key, node, pointer) for key in node.keys]
        return [value for value in values if value is not ABSENT]

    def _json(self, node: JsonNode, pointer: str) -> JSON | Absent:
        if not node.text.strip() and node.info.position is not Position.ROOT:
            return ABSENT
        try:
            return self._unmasked(loads(node.text), pointer)
        except JsonError as error:
            why = "" if node.info.shape.is_write_only else f" {error}"
            self.errors.append(FieldError(pointer, f"This is not JSON.{why}", node.text))
            return ABSENT

    def _unmasked(self, value: JSON, pointer: str) -> JSON:
        if self.masks is None:
            return value
        if expired := expired_mask(value, self.masks):
            message = f"“{expired}” stands for a secret that this page no longer has. Type the secret itself."
            self.errors.append(FieldError(pointer, message, expired))
        return unmask(value, self.masks)

    def _object(self, node: ObjectNode, pointer: str, stored: JSON | Absent) -> JSON | Absent:
        if node.state is State.NULL:
            return None
        if node.state is State.OUT:
            return ABSENT
        before = stored if isinstance(stored, dict) else {}
        found: dict[str, tuple[str, JSON]] = {}
        taken: set[str] = set()
        for member in node.members:
            inner = before.get(member.info.name, ABSENT)
            value = self.collect(member, pointers.join(pointer, member.info.name), inner)
            taken.add(member.info.name)
            if value is not ABSENT:
                found[member.info.id] = (member.info.name, value)
        others = [value for name, value in before.items() if name not in taken]
        for row in node.rows:
            self._map_row(row, pointer, taken, found, _loaded(others, row.token))
        if node.state is State.FILLED and not found:
            return ABSENT
        usual = [one.info.id for one in node.members] + [row.node.info.id for row in node.rows]
        order = [*node.order, *(one for one in usual if one not in set(node.order))]
        return dict(found[one] for one in order if one in found)

    def _map_row(
        self, row: RowNode, pointer: str, taken: set[str], found: dict[str, tuple[str, JSON]], stored: JSON | Absent
    ) -> None:
        try:
            name = key_name(row.key or Key())
        except ValueError as error:
            self.errors.append(FieldError(pointer, str(error), row.key.text if row.key else "", row.node.info.id))
            return
        place = pointers.join(pointer, name)
        if name in taken:
            message = f"The key “{name}” is already used. Give this one another name."
            self.errors.append(FieldError(place, message, name, row.node.info.id))
            return
        taken.add(name)
        value = self.collect(row.node, place, stored)
        if value is ABSENT:
            self._add_blank(place, f"“{name}” has no value yet. Fill it or remove it.")
        else:
            found[row.node.info.id] = (name, value)

    def _array(self, node: ArrayNode, pointer: str, stored: JSON | Absent) -> JSON | Absent:
        if node.state is State.NULL:
            return None
        if node.state is State.OUT:
            return ABSENT
        values: list[JSON] = []
        before = stored if isinstance(stored, list) else []
        for index, row in enumerate(node.rows):
            place = f"{pointer}/{index}"
            value = self.collect(row.node, place, _loaded(before, row.token))
            if value is ABSENT:
                self._add_blank(place, f"Item {index + 1} has no value yet. Fill it or remove it.")
            else:
                values.append(value)
        return values

    def _add_blank(self, place: str, message: str) -> None:
        """Add that a row is blank, unless there is another error inside it."""
        if not any(pointers.covers(place, error.pointer) for error in self.errors):
            self.errors.append(FieldError(place, message))


def key_name(key: Key) -> str:
    """The name that a row's key means; raises ValueError where it means none."""
    if not key.text:
        if key.empty:
            return ""
        raise ValueError("A property has no name yet. Type one, choose the empty name, or remove the row.")
    if not key.literal:
        return key.text
    try:
        name = loads(key.text)
    except JsonError as error:
        raise ValueError(f"This name is not JSON text. {error}") from None
    if not isinstance(name, str):
        raise ValueError("This name must be JSON text, in double quotes.")
    return name


def _loaded(values: list[JSON], token: str) -> JSON | Absent:
    """What a row was loaded with: the tokens of loaded rows are their first places."""
    place = pointers.index(token, len(values))
    return ABSENT if place is None else values[place]
