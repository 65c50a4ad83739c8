"""Examples into what is still blank in a form: what is required, and what its schema gives an example of."""

from dataclasses import dataclass, replace

from workbench.domain import ABSENT, JSON, Absent, ValidationError
from workbench.forms.builder import Builder
from workbench.forms.collector import Collector
from workbench.forms.draft import (
    ROOT_ID,
    ArrayNode,
    Blank,
    ChoiceNode,
    ClosedNode,
    JsonNode,
    Key,
    Node,
    ObjectNode,
    OptionNode,
    Origin,
    RowNode,
    SetNode,
    State,
    TextNode,
    fresh_token,
    with_children,
)
from workbench.forms.example_values import ExampleMaker
from workbench.forms.keyword_values import names_of
from workbench.forms.shapes import Shapes
from workbench.jsondoc import pointer as pointers
from workbench.schema import diagnose

FILL = f"fill:{ROOT_ID}"
"""The operation that fills the whole form with examples."""
_MOST_ROUNDS = 5


def fill_draft(draft: Node, shapes: Shapes, builder: Builder) -> Node:
    """``draft`` with examples where it sends nothing; what was typed, loaded or chosen stays.

    Properties that only a branch or a condition requires are found by a diagnosis of what is filled in so far.
    """
    wanted: frozenset[str] = frozenset()
    for _ in range(_MOST_ROUNDS):
        draft = _Filler(shapes, builder, ExampleMaker(shapes), wanted).fill(draft, "", wanted=True)
        missing = _required_places(shapes.root, Collector().collect(draft))
        if missing <= wanted:
            break
        wanted |= missing
    return draft


def fill_remark(before: Node, after: Node) -> str:
    """What to say of a form that was filled, in a sentence."""
    if before == after:
        return "No field was filled in: no blank one is required or has an example or a default."
    return "Blank fields were filled in with examples. Check them before you run."


def _required_places(schema: JSON, value: JSON | Absent) -> frozenset[str]:
    """The pointers of the properties that ``value`` must have and has not; of a choice those of its first branch."""
    found: set[str] = set()
    for error in diagnose(schema, value).errors if value is not ABSENT else ():
        each = [[error.pointer], *([one.pointer for one in branch.errors] for branch in error.branches)]
        lacking = (places for places in each if places and all(pointers.resolve(value, at) is ABSENT for at in places))
        found.update(next(lacking, ()))
    return frozenset(found)


def find_missing(schema: JSON, value: JSON | Absent) -> list[ValidationError]:
    """The errors of ``value`` about properties that it must have and has not; their messages have no value in them."""
    if value is ABSENT:
        return []
    return [each for each in diagnose(schema, value).errors if pointers.resolve(value, each.pointer) is ABSENT]


@dataclass(frozen=True, slots=True)
class _Filler:
    """Fills one draft; ``missing`` are the pointers of properties that turned out to be required."""

    shapes: Shapes
    builder: Builder
    maker: ExampleMaker
    missing: frozenset[str]

    def fill(self, node: Node, pointer: str, *, wanted: bool) -> Node:
        """``node`` filled; where it is not ``wanted``, only if it is sent already."""
        match node:
            case TextNode(text="", blank=Blank.ABSENT) | OptionNode(key="") | ClosedNode(text="", has_secret=False):
                return self._example(node, pointer) if wanted else node
            case SetNode(state=State.OUT | State.FILLED, keys=()):
                return self._example(node, pointer) if wanted else node
            case JsonNode(behind=None) if wanted and not node.text.strip():
                return self._example(node, pointer)
            case ObjectNode(state=State.IN | State.FILLED) | ObjectNode(state=State.OUT) if wanted or _is_sent(node):
                return self._object(node, pointer)
            case ArrayNode(state=State.OUT | State.IN, rows=()) if wanted:
                return self._array(node, pointer)
            case ArrayNode(state=State.IN):
                return with_children(
                    node, [self.fill(row.node, f"{pointer}/{at}", wanted=True) for at, row in enumerate(node.rows)]
                )
            case ChoiceNode(unshown=False):
                return self._choice(node, pointer, wanted=wanted)
        return node

    def _example(self, node: Node, pointer: str) -> Node:
        value = self.maker.value(node.info.shape)
        return node if value is ABSENT else self.builder.build(node.info, value, pointer, Origin.EXAMPLE)

    def _array(self, node: ArrayNode, pointer: str) -> Node:
        """An array with its first items; one that was included without any stays empty where it may be."""
        if node.state is State.IN and node.info.required is False and self.maker.is_valid(node.info.shape, []):
            return node
        return self._example(node, pointer)

    def _object(self, node: ObjectNode, pointer: str) -> Node:
        if node.info.shape.is_file and not _is_sent(node):
            return self._example(node, pointer)
        members = [self._member(member, pointers.join(pointer, member.info.name)) for member in node.members]
        rows = [*(replace(row, node=self.fill(row.node, pointer, wanted=True)) for row in node.rows)]
        made = replace(node, members=tuple(members), rows=tuple(rows))
        made = self._with_others(made, pointer)
        if not made.rows and not self.maker.is_valid(node.info.shape, Collector().collect(made) or {}):
            whole = self._example(node, pointer) if Collector().collect(node) in (ABSENT, {}) else node
            made = whole if isinstance(whole, ObjectNode) and whole is not node else made
        return made if node.state is State.FILLED and _is_sent(made) else replace(made, state=State.IN)

    def _member(self, member: Node, pointer: str) -> Node:
        info = member.info
        wanted = info.required or pointer in self.missing
        wanted = wanted or (not info.condition and self.maker.has_example(info.shape))
        return self.fill(member, pointer, wanted=wanted)

    def _with_others(self, node: ObjectNode, pointer: str) -> ObjectNode:
        """``node`` with rows for the required names that it does not declare."""
        known = {member.info.name for member in node.members} | {row.key.text for row in node.rows if row.key}
        names = [*names_of(node.info.shape.schema, "required")]
        names += [pointers.split(each)[-1] for each in self.missing if each and pointers.parent(each) == pointer]
        rows = list(node.rows)
        for name in dict.fromkeys(name for name in names if name not in known):
            slot = self.shapes.slot_for(node.info.shape, name)
            value = self.maker.value(self.shapes.slot_shape(node.info.shape, slot))
            if value is not ABSENT:
                token = fresh_token(rows)
                place = pointers.join(pointer, name)
                made = self.builder.map_row(node.info, token, name, value, place, Origin.EXAMPLE)
                rows.append(RowNode(token, made.node, made.key or Key(name), made.slot))
        return replace(node, rows=tuple(rows))

    def _choice(self, node: ChoiceNode, pointer: str, *, wanted: bool) -> Node:
        """The branch that is shown where it can be filled validly, else another one; drafts of others stay."""
        current = self.fill(node.current, pointer, wanted=wanted)
        value = Collector().collect(current)
        shown = tuple((at, current if at == node.chosen else draft) for at, draft in node.drafts)
        if (
            not wanted
            or _is_sent(node.current)
            or (value is not ABSENT and self.maker.is_valid(node.info.shape, value))
        ):
            return replace(node, drafts=shown)
        made = self._example(node, pointer)
        if not isinstance(made, ChoiceNode) or made is node:
            return replace(node, drafts=shown)
        drafts = dict(node.drafts) | dict(made.drafts)
        return replace(made, drafts=tuple(sorted(drafts.items(), key=lambda draft: draft[0])))


def _is_sent(node: Node) -> bool:
    return Collector().collect(node) is not ABSENT
