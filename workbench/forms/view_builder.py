"""From a draft to its views: for each node its text, its controls, its buttons and its errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from workbench.forms import controls, field_text
from workbench.forms.controls import Widget, all_controls, key_controls, own_controls, range_controls
from workbench.forms.draft import (
    ArrayNode,
    ChoiceNode,
    ClosedNode,
    JsonNode,
    Node,
    ObjectNode,
    OptionNode,
    Position,
    RowNode,
    SetNode,
    TextNode,
)
from workbench.forms.field_notes import default_of, is_public_file, notes_of, remarks_of, summary_of
from workbench.forms.fields import FormFields, dom_id, hidden
from workbench.forms.keyword_values import tuple_of
from workbench.forms.member_ranges import MemberRange, find_ranges
from workbench.forms.node_views import NOTHING, Button, NodeView, Picker, RowView
from workbench.forms.shapes import FILE_MEMBERS, ControlKind, Shapes

_KINDS: Final[Mapping[type, str]] = {
    TextNode: "text",
    OptionNode: "select",
    ObjectNode: "object",
    ArrayNode: "array",
    SetNode: "set",
    ChoiceNode: "choice",
    JsonNode: "json",
    ClosedNode: "closed",
}
"""The macro that renders a node, and a class of its element."""


@dataclass(slots=True)
class ViewBuilder:
    """Makes the views of one draft. ``messages`` are texts by node id, ``key_messages`` by the id of the row's node.

    ``secrets`` are the ids of nodes that must not be shown as JSON, ``pointers`` the places of nodes by their ids.
    """

    shapes: Shapes
    prefix: str
    fields: FormFields
    messages: Mapping[str, Sequence[str]]
    key_messages: Mapping[str, Sequence[str]]
    autofocus: str = ""
    secrets: frozenset[str] = frozenset()
    serves_files: bool = False
    pointers: Mapping[str, str] = field(default_factory=dict)

    def view(self, node: Node, label: str = "", *, bare: bool = False) -> NodeView:
        """The view of ``node``."""
        schema, info = node.info.shape.schema, node.info
        blank = isinstance(node, ClosedNode) and not node.text
        view = NodeView(
            id=f"{self.prefix}-{info.id}",
            kind=_KINDS[type(node)],
            label=label or _label(node),
            type_line=self._type_line(node),
            required=info.required,
            required_when=f"required {info.required_when}" if info.required_when else "",
            help=NOTHING if blank else field_text.help_of(schema),
            notes=() if blank else notes_of(node, serves_files=self.serves_files),
            errors=(errors := self.messages.get(info.id, ())),
            remarks=remarks_of(node, has_error=bool(errors)),
            control_id=dom_id(self.prefix, info.id),
            bare=bare,
        )
        if not blank:
            view.menu = self._menu(node, view)
            view.default, view.is_default = default_of(node, self.shapes)
        self._fill(node, view)
        view.attributes = self._attributes(view)
        return view

    def _type_line(self, node: Node) -> str:
        line = field_text.type_line(node.info.shape)
        written = field_text.label_of(node.info.shape.schema, "")
        return f"{node.info.name} · {line}" if node.info.name and written not in ('""', node.info.name) else line

    def _fill(self, node: Node, view: NodeView) -> None:
        """What is particular to the kind of ``node``."""
        match node:
            case TextNode() | OptionNode():
                self._fill_scalar(node, view)
            case ObjectNode():
                self._fill_object(node, view)
            case ArrayNode():
                self._fill_array(node, view)
            case SetNode(info=info):
                self._fill_container(node, view)
                view.side = self.fields.get(info.id + controls.FLAGS)
            case ChoiceNode():
                self._fill_choice(node, view)
            case JsonNode(info=info, behind=behind):
                view.control_id = dom_id(self.prefix, info.id + controls.JSON_TEXT)
                view.main = self.fields.get(info.id + controls.JSON_TEXT)
                view.pointer = self.pointers.get(info.id, "")
                view.unstored = self.shapes.holds_secret(info.shape)
                travelling = [one for one in own_controls(node) if one.widget is Widget.HIDDEN]
                behind_it = () if behind is None else all_controls(behind)
                view.hidden = hidden(self.prefix, [*travelling, *behind_it])
            case ClosedNode(text=text):
                self._fill_closed(node, view, text)

    def _fill_scalar(self, node: TextNode | OptionNode, view: NodeView) -> None:
        id_, shape = node.info.id, node.info.shape
        name = id_ + controls.LINES if isinstance(node, TextNode) and node.lines else id_
        view.control_id = dom_id(self.prefix, name)
        view.main, view.side = self.fields.get(name), self.fields.get(id_ + controls.BLANK)
        view.when_blank = controls.blank_choices(node)[0][1] if isinstance(node, TextNode) and view.side is None else ""
        view.origin = str(node.info.origin)
        view.secret = shape.is_secret
        if view.secret:
            view.hidden = hidden(self.prefix, [one for one in own_controls(node) if one.widget is Widget.HIDDEN])
        if self.serves_files and isinstance(node, TextNode) and is_public_file(shape):
            view.picker = Picker(id_ + controls.PUBLIC, [view.control_id])
            view.share = Button(f"share:{id_}", "Use this file", f"for {view.label}", view.id, "small")
        if isinstance(node, OptionNode):
            if shape.segmented:
                view.kind = "segments"
        elif view.secret and node.blank == "keep":
            view.origin, view.text = "unchanged", "unchanged"

    def _fill_object(self, node: ObjectNode, view: NodeView) -> None:
        self._fill_container(node, view)
        view.members = self._members(node, view.id)
        rows = node.rows
        view.rows = [self._row(node, row, index, _row_label(row, index), view.label) for index, row in enumerate(rows)]
        shape = node.info.shape
        free = not shape.is_file and (not node.members or self._invites_others(node))
        adders = [
            Button(
                f"add:{node.info.id}:{slot.key}",
                f"Add property like {slot.pattern}" if slot.pattern else "Add property",
                f"to {view.label}" if view.label else "",
                view.id,
                "small",
                focused=not index and self.autofocus == f"add:{node.info.id}:",
            )
            for index, slot in enumerate(self.shapes.slots(node.info.shape))
        ]
        if free or rows or any(":p" in button.op for button in adders):
            view.buttons = adders
        else:
            view.menu = [*adders, *view.menu]
        if node.info.shape.is_file:
            ids = {one.info.name: inner.control_id for one, inner in zip(node.members, view.members, strict=True)}
            view.picker = Picker(node.info.id + controls.FILE, [ids[name] for name in FILE_MEMBERS])

    def _invites_others(self, node: ObjectNode) -> bool:
        """Whether undeclared properties are expected: they have a schema, are required, or no menu offers them."""
        shape = node.info.shape
        described = isinstance(shape.schema.get("additionalProperties"), dict)
        return described or node.info.position is Position.ROOT or self.shapes.requires_undeclared(shape)

    def _members(self, node: ObjectNode, target: str) -> list[NodeView]:
        """The views of the declared properties; a range of closed ones has one view for all."""
        ranges = [each for each in find_ranges(node) if not any(one.info.id in self.messages for one in each.members)]
        firsts = {each.id: each for each in ranges}
        others = {one.info.id for each in ranges for one in each.members[1:]}
        return [
            self._range(firsts[one.info.id], node, target) if one.info.id in firsts else self.view(one)
            for one in node.members
            if one.info.id not in others
        ]

    def _range(self, range_: MemberRange, parent: ObjectNode, target: str) -> NodeView:
        first, last = (field_text.label_of(one.info.shape.schema, one.info.name) for one in range_.ends)
        op, span = f"more:{parent.info.id}:{range_.id}", f"{first} … {last}"
        return NodeView(
            id=f"{self.prefix}-{range_.id}-range",
            kind="range",
            label=span,
            type_line=range_.facts,
            hidden=hidden(self.prefix, range_controls(range_)),
            buttons=[Button(op, f"Show {len(range_.members)} fields", span, target, "small")],
        )

    def _fill_array(self, node: ArrayNode, view: NodeView) -> None:
        self._fill_container(node, view)
        view.rows = [
            self._row(node, row, index, f"Item {index + 1}", view.label) for index, row in enumerate(node.rows)
        ]
        op = f"add:{node.info.id}:"
        view.buttons = [
            Button(op, "Add item", f"to {view.label}", view.id, "small", focused=self.autofocus == op),
        ]

    def _fill_container(self, node: ObjectNode | ArrayNode | SetNode, view: NodeView) -> None:
        view.main = self.fields.get(node.info.id + controls.STATE)
        view.control_id = dom_id(self.prefix, node.info.id + controls.STATE) if view.main else view.id
        view.state = node.state
        view.hidden = hidden(
            self.prefix,
            [one for one in own_controls(node) if one.widget is Widget.HIDDEN and not one.name.endswith(controls.ROW)],
        )

    def _fill_choice(self, node: ChoiceNode, view: NodeView) -> None:
        name = node.info.id + controls.BRANCH
        view.main, view.control_id = self.fields.get(name), dom_id(self.prefix, name)
        view.current = self.view(node.current, view.label, bare=True)
        view.origin = view.current.origin
        view.menu = [*(one for one in view.current.menu if not one.op.startswith("raw:")), *view.menu]
        view.buttons = [Button(f"branch:{node.info.id}", "Switch", f"the kind of {view.label}", view.id, "small")]
        drafts = [one for index, draft in node.drafts if index != node.chosen for one in all_controls(draft)]
        travelling = [one for one in own_controls(node) if one.widget is Widget.HIDDEN]
        view.hidden = hidden(self.prefix, [*travelling, *drafts])

    def _fill_closed(self, node: ClosedNode, view: NodeView, text: str) -> None:
        view.control_id = f"{view.id}-open"
        view.hidden = hidden(self.prefix, own_controls(node))
        view.text = "not shown: it contains secrets" if node.has_secret else summary_of(text) if text else ""
        scalar = node.info.shape.kind not in (ControlKind.OBJECT, ControlKind.ARRAY, ControlKind.CHOICE)
        verb = "Replace" if node.has_secret else "Open" if text else "Fill in" if scalar else "Include"
        focused = self.autofocus == node.info.id
        view.buttons = [Button(f"open:{node.info.id}", verb, view.label, view.id, "small", focused=focused)]

    def _row(self, parent: ObjectNode | ArrayNode, row: RowNode, index: int, label: str, within: str) -> RowView:
        target = f"{self.prefix}-{parent.info.id}"
        ops = f"{parent.info.id}:{row.token}"
        about = f"{label} of {within}" if within else label
        last = index == len(parent.rows) - 1
        fixed = isinstance(parent, ArrayNode) and bool(tuple_of(parent.info.shape.schema)[0])
        buttons = [Button(f"remove:{ops}", "Remove", about, target, "x", not fixed or last)]
        if not fixed:
            buttons = [
                Button(f"up:{ops}", "Move up", about, target, "up", index > 0, self.autofocus == f"up:{ops}"),
                Button(f"down:{ops}", "Move down", about, target, "down", not last, self.autofocus == f"down:{ops}"),
                Button(f"copy:{ops}", "Duplicate", about, target, "copy"),
                *buttons,
            ]
        names = [control.name for control in key_controls(row) if control.widget is not Widget.HIDDEN]
        key = self.fields.get(names[0]) if names else None
        side = self.fields.get(names[1]) if len(names) > 1 else None
        view = self.view(row.node, label, bare=True)
        travelling = [controls.Control(parent.info.id + controls.ROW, row.token)]
        travelling += [control for control in key_controls(row) if control.widget is Widget.HIDDEN]
        view.hidden = hidden(self.prefix, travelling) + view.hidden
        messages = self.key_messages.get(row.node.info.id, ())
        return RowView(view, key, side, messages, buttons, self.autofocus == row.node.info.id + controls.KEY)

    def _menu(self, node: Node, view: NodeView) -> list[Button]:
        """The less common ways to edit a node."""
        id_ = node.info.id
        if node.info.position is Position.ROOT:
            return []
        several = isinstance(node, TextNode) and node.info.shape.kind is ControlKind.TEXT and not node.lines
        if isinstance(node, JsonNode):
            found = [] if node.info.shape.kind is ControlKind.OPAQUE else [("form", "Back to the form")]
            if node.text.strip():
                found.append(("clear", "Discard the value"))
        else:
            found = [("lines", "Write several lines")] if several else []
            found += [("raw", "Edit as JSON")] if id_ not in self.secrets else []
        return [Button(f"{op}:{id_}", text, view.label, view.id) for op, text in found]

    def _attributes(self, view: NodeView) -> dict[str, object]:
        described = [f"{view.id}-t"] if view.type_line and not view.bare else []
        described += [f"{view.id}-h"] if view.has_help else []
        described += [f"{view.id}-e"] if view.errors else []
        described += [f"{view.id}-w"] if view.remarks else []
        found: dict[str, object] = {"aria-describedby": " ".join(described)} if described else {}
        if view.errors:
            found["aria-invalid"] = "true"
        if view.id == f"{self.prefix}-{self.autofocus}":
            found["autofocus"] = True
        return found


def _label(node: Node) -> str:
    """What a node is called; an object at the root needs no name."""
    if node.info.position is not Position.ROOT:
        return field_text.label_of(node.info.shape.schema, node.info.name)
    if isinstance(node, ObjectNode) and not controls.state_choices(node.info):
        return ""
    return "JSON" if isinstance(node, JsonNode) else "Value"


def _row_label(row: RowNode, index: int) -> str:
    """What a map's row is called: by its name, where it has one."""
    name = row.key.text.strip() if row.key else ""
    return name if name else f"Value {index + 1}"
