"""From a draft to the value that it sends, and what keeps it from sending one."""

from dataclasses import dataclass, field

from workbench.domain import ABSENT, JSON, Absent
from workbench.forms.draft import (
    Blank,
    Choice,
    Group,
    Held,
    Key,
    Listing,
    Node,
    Pick,
    Raw,
    Row,
    Slot,
    State,
    Text,
)
from workbench.forms.jsontext import number
from workbench.forms.shapes import Kind
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.strict import JsonError, loads


@dataclass(frozen=True, slots=True)
class Problem:
    """What the form itself found. ``text`` is the text as typed; ``pointer`` the place in the value."""

    pointer: str
    message: str
    text: str = ""
    node: str = ""
    """The id of the row whose name is meant, where no pointer leads there."""


@dataclass(slots=True)
class Collector:
    """Collects one draft: its value, the problems in it, the pointers of the secrets that were left unchanged."""

    problems: list[Problem] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    def collect(self, node: Node, pointer: str = "", stored: JSON | Absent = ABSENT) -> JSON | Absent:
        """The value of ``node``, or ABSENT. ``stored`` is what stood there before, for what is left unchanged."""
        match node:
            case Text():
                return self._text(node, pointer, stored)
            case Pick():
                return self._pick(node, pointer)
            case Group():
                return self._group(node, pointer, stored)
            case Listing():
                return self._listing(node, pointer, stored)
            case Choice():
                if node.unshown:
                    message = "Another kind was chosen, but its form is not shown yet. Press Switch, then fill it in."
                    self.problems.append(Problem(pointer, message))
                return self.collect(node.current, pointer, stored)
            case Raw():
                return self._json(node, pointer)
            case Held(kept=True):
                return self._kept(pointer, stored)
            case Held(text=text):
                return loads(text) if text else ABSENT

    def _text(self, node: Text, pointer: str, stored: JSON | Absent) -> JSON | Absent:
        if node.text:
            return self._typed(node, pointer)
        if node.blank is Blank.KEEP:
            return self._kept(pointer, stored)
        if node.blank is Blank.NULL:
            return None
        return "" if node.blank is Blank.EMPTY and node.spot.shape.kind is Kind.TEXT else ABSENT

    def _typed(self, node: Text, pointer: str) -> JSON | Absent:
        if node.spot.shape.kind is not Kind.NUMBER:
            return node.text
        try:
            return number(node.text)
        except ValueError as error:
            self.problems.append(Problem(pointer, str(error), node.text))
            return ABSENT

    def _kept(self, pointer: str, stored: JSON | Absent) -> JSON | Absent:
        self.unchanged.append(pointer)
        return stored

    def _pick(self, node: Pick, pointer: str) -> JSON | Absent:
        if not node.key:
            return ABSENT
        for option in node.spot.shape.options:
            if option.key == node.key:
                return option.value
        self.problems.append(Problem(pointer, "This option is no longer in the schema. Choose again.", node.key))
        return ABSENT

    def _json(self, node: Raw, pointer: str) -> JSON | Absent:
        if not node.text.strip() and node.spot.slot is not Slot.ROOT:
            return ABSENT
        try:
            return loads(node.text)
        except JsonError as error:
            self.problems.append(Problem(pointer, f"This is not JSON. {error}", node.text))
            return ABSENT

    def _group(self, node: Group, pointer: str, stored: JSON | Absent) -> JSON | Absent:
        if node.state is State.NULL:
            return None
        if node.state is State.OUT:
            return ABSENT
        before = stored if isinstance(stored, dict) else {}
        found: dict[str, tuple[str, JSON]] = {}
        taken: set[str] = set()
        for member in node.members:
            inner = before.get(member.spot.name, ABSENT)
            value = self.collect(member, pointers.join(pointer, member.spot.name), inner)
            taken.add(member.spot.name)
            if value is not ABSENT:
                found[member.spot.id] = (member.spot.name, value)
        others = [value for name, value in before.items() if name not in taken]
        for row in node.rows:
            self._map_row(row, pointer, taken, found, _loaded(others, row.token))
        if node.state is State.FILLED and not found:
            return ABSENT
        usual = [one.spot.id for one in node.members] + [row.node.spot.id for row in node.rows]
        order = [*node.order, *(one for one in usual if one not in set(node.order))]
        return dict(found[one] for one in order if one in found)

    def _map_row(
        self, row: Row, pointer: str, taken: set[str], found: dict[str, tuple[str, JSON]], stored: JSON | Absent
    ) -> None:
        try:
            name = key_name(row.key or Key())
        except ValueError as error:
            self.problems.append(Problem(pointer, str(error), row.key.text if row.key else "", row.node.spot.id))
            return
        place = pointers.join(pointer, name)
        if name in taken:
            message = f"The key “{name}” is there already. Give this one another name."
            self.problems.append(Problem(place, message, name, row.node.spot.id))
            return
        taken.add(name)
        value = self.collect(row.node, place, stored)
        if value is ABSENT:
            self._say_blank(place, f"“{name}” has no value yet. Fill it or remove it.")
        else:
            found[row.node.spot.id] = (name, value)

    def _listing(self, node: Listing, pointer: str, stored: JSON | Absent) -> JSON | Absent:
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
                self._say_blank(place, f"Item {index + 1} has no value yet. Fill it or remove it.")
            else:
                values.append(value)
        return values

    def _say_blank(self, place: str, message: str) -> None:
        """Say that a row is blank, unless something else was said of it already."""
        if not any(pointers.covers(place, problem.pointer) for problem in self.problems):
            self.problems.append(Problem(place, message))


def key_name(key: Key) -> str:
    """The name that a row's key means; raises ValueError where it means none."""
    if not key.text:
        if key.empty:
            return ""
        raise ValueError("A member has no name yet. Write one, or choose the empty name, or remove the row.")
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
