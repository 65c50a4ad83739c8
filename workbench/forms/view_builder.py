"""From a draft to its views: for each node its words, its controls, its buttons and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.forms import controls, field_text
from workbench.forms.controls import Widget, all_controls, key_controls, own_controls, run_controls
from workbench.forms.draft import (
    Choice,
    Group,
    Held,
    Listing,
    Node,
    Pick,
    Raw,
    Row,
    Slot,
    Text,
)
from workbench.forms.field_notes import default_of, is_public_file, notes_of, remarks_of, summary_of
from workbench.forms.fields import FormFields, dom_id, hidden
from workbench.forms.member_ranges import Run, runs_of
from workbench.forms.node_views import NOTHING, Button, Picker, RowView, View
from workbench.forms.shapes import FILE_MEMBERS, Kind, Shapes


@dataclass(slots=True)
class Viewer:
    """Makes the views of one draft. ``said`` are messages by node id, ``key_said`` by the id of the row's node.

    ``secrets`` are the ids of nodes that must not be shown as JSON.
    """

    shapes: Shapes
    prefix: str
    fields: FormFields
    said: Mapping[str, Sequence[str]]
    key_said: Mapping[str, Sequence[str]]
    autofocus: str = ""
    secrets: frozenset[str] = frozenset()
    serves_files: bool = False

    def view(self, node: Node, label: str = "", *, bare: bool = False) -> View:
        """The view of ``node``."""
        schema, spot = node.spot.shape.schema, node.spot
        blank = isinstance(node, Held) and not node.text
        view = View(
            id=f"{self.prefix}-{spot.id}",
            kind=type(node).__name__.lower(),
            label=label or _label(node),
            type_line=self._type_line(node),
            required=spot.required,
            help=NOTHING if blank else field_text.help_of(schema),
            notes=() if blank else notes_of(node, serves_files=self.serves_files),
            errors=(errors := self.said.get(spot.id, ())),
            remarks=remarks_of(node, refused=bool(errors)),
            control_id=dom_id(self.prefix, spot.id),
            bare=bare,
        )
        if not blank:
            view.menu = self._menu(node, view)
            view.default, view.is_default = default_of(node)
        self._fill(node, view)
        view.attributes = self._attributes(view)
        return view

    def _type_line(self, node: Node) -> str:
        line = field_text.type_line(node.spot.shape)
        written = field_text.label_of(node.spot.shape.schema, "")
        return f"{node.spot.name} · {line}" if node.spot.name and written not in ('""', node.spot.name) else line

    def _fill(self, node: Node, view: View) -> None:
        """What is particular to the kind of ``node``."""
        match node:
            case Text() | Pick():
                self._fill_scalar(node, view)
            case Group():
                self._fill_group(node, view)
            case Listing():
                self._fill_listing(node, view)
            case Choice():
                self._fill_choice(node, view)
            case Raw(spot=spot, behind=behind):
                view.control_id = dom_id(self.prefix, spot.id + controls.JSON_TEXT)
                view.main = self.fields.get(spot.id + controls.JSON_TEXT)
                travelling = [one for one in own_controls(node) if one.widget is Widget.HIDDEN]
                behind_it = () if behind is None else all_controls(behind)
                view.hidden = hidden(self.prefix, [*travelling, *behind_it])
            case Held(text=text):
                self._fill_held(node, view, text)

    def _fill_scalar(self, node: Text | Pick, view: View) -> None:
        id_, shape = node.spot.id, node.spot.shape
        name = id_ + controls.LINES if isinstance(node, Text) and node.lines else id_
        view.control_id = dom_id(self.prefix, name)
        view.main, view.side = self.fields.get(name), self.fields.get(id_ + controls.BLANK)
        view.when_blank = controls.blank_choices(node)[0][1] if isinstance(node, Text) and view.side is None else ""
        view.origin = str(node.spot.origin)
        view.secret = shape.is_secret
        if self.serves_files and isinstance(node, Text) and is_public_file(shape):
            view.picker = Picker(id_ + controls.PUBLIC, [view.control_id])
            view.share = Button(f"share:{id_}", "Use this file", f"for {view.label}", view.id, "small")
        if isinstance(node, Pick):
            view.kind = "segments" if shape.segmented else "select"
        elif view.secret and node.blank == "keep":
            view.origin, view.text = "unchanged", "unchanged"

    def _fill_group(self, node: Group, view: View) -> None:
        self._fill_container(node, view)
        view.members = self._members(node, view.id)
        rows = node.rows
        view.rows = [self._row(node, row, index, _row_label(row, index), view.label) for index, row in enumerate(rows)]
        shape = node.spot.shape
        free = not shape.is_file and (not node.members or self.shapes.asks_undeclared(shape))
        adders = [
            Button(
                f"add:{node.spot.id}:{slot.key}",
                f"Add member like {slot.pattern}" if slot.pattern else "Add member",
                f"to {view.label}" if view.label else "",
                view.id,
                "small",
                focused=not index and self.autofocus == f"add:{node.spot.id}:",
            )
            for index, slot in enumerate(self.shapes.slots(node.spot.shape))
        ]
        if free or rows or any(":p" in button.op for button in adders):
            view.buttons = adders
        else:
            view.menu = [*adders, *view.menu]
        if node.spot.shape.is_file:
            ids = {one.spot.name: drawn.control_id for one, drawn in zip(node.members, view.members, strict=True)}
            view.picker = Picker(node.spot.id + controls.FILE, [ids[name] for name in FILE_MEMBERS])

    def _members(self, node: Group, target: str) -> list[View]:
        """The views of the declared members; a long run of closed ones has one view for all."""
        runs = [run for run in runs_of(node) if not any(one.spot.id in self.said for one in run.members)]
        firsts = {run.id: run for run in runs}
        others = {one.spot.id for run in runs for one in run.members[1:]}
        return [
            self._run(firsts[one.spot.id], node, target) if one.spot.id in firsts else self.view(one)
            for one in node.members
            if one.spot.id not in others
        ]

    def _run(self, run: Run, parent: Group, target: str) -> View:
        first, last = (field_text.label_of(one.spot.shape.schema, one.spot.name) for one in run.ends)
        op, span = f"more:{parent.spot.id}:{run.id}", f"{first} … {last}"
        return View(
            id=f"{self.prefix}-{run.id}-run",
            kind="run",
            label=span,
            type_line=run.facts,
            hidden=hidden(self.prefix, run_controls(run)),
            buttons=[Button(op, f"Show {len(run.members)} fields", span, target, "small")],
        )

    def _fill_listing(self, node: Listing, view: View) -> None:
        self._fill_container(node, view)
        view.rows = [
            self._row(node, row, index, f"Item {index + 1}", view.label) for index, row in enumerate(node.rows)
        ]
        op = f"add:{node.spot.id}:"
        view.buttons = [
            Button(op, "Add item", f"to {view.label}", view.id, "small", focused=self.autofocus == op),
        ]

    def _fill_container(self, node: Group | Listing, view: View) -> None:
        view.main = self.fields.get(node.spot.id + controls.STATE)
        view.control_id = dom_id(self.prefix, node.spot.id + controls.STATE) if view.main else view.id
        view.state = node.state
        view.hidden = hidden(
            self.prefix,
            [one for one in own_controls(node) if one.widget is Widget.HIDDEN and not one.name.endswith(controls.ROW)],
        )

    def _fill_choice(self, node: Choice, view: View) -> None:
        name = node.spot.id + controls.BRANCH
        view.main, view.control_id = self.fields.get(name), dom_id(self.prefix, name)
        view.current = self.view(node.current, view.label, bare=True)
        view.origin = view.current.origin
        view.menu = [*(one for one in view.current.menu if not one.op.startswith("raw:")), *view.menu]
        view.buttons = [Button(f"branch:{node.spot.id}", "Switch", f"the kind of {view.label}", view.id, "small")]
        drafts = [one for index, draft in node.drafts if index != node.chosen for one in all_controls(draft)]
        travelling = [one for one in own_controls(node) if one.widget is Widget.HIDDEN]
        view.hidden = hidden(self.prefix, [*travelling, *drafts])

    def _fill_held(self, node: Held, view: View, text: str) -> None:
        view.control_id = f"{view.id}-open"
        view.hidden = hidden(self.prefix, own_controls(node))
        view.text = "not shown: it contains secrets" if node.kept else summary_of(text) if text else ""
        scalar = node.spot.shape.kind not in (Kind.OBJECT, Kind.ARRAY, Kind.CHOICE)
        verb = "Replace" if node.kept else "Open" if text else "Fill in" if scalar else "Include"
        focused = self.autofocus == node.spot.id
        view.buttons = [Button(f"open:{node.spot.id}", verb, view.label, view.id, "small", focused=focused)]

    def _row(self, parent: Group | Listing, row: Row, index: int, label: str, within: str) -> RowView:
        target = f"{self.prefix}-{parent.spot.id}"
        ops = f"{parent.spot.id}:{row.token}"
        about = f"{label} of {within}" if within else label
        last = index == len(parent.rows) - 1
        fixed = isinstance(parent, Listing) and isinstance(parent.spot.shape.schema.get("items"), list)
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
        travelling = [controls.Control(parent.spot.id + controls.ROW, row.token)]
        travelling += [control for control in key_controls(row) if control.widget is Widget.HIDDEN]
        view.hidden = hidden(self.prefix, travelling) + view.hidden
        said = self.key_said.get(row.node.spot.id, ())
        return RowView(view, key, side, said, buttons, self.autofocus == row.node.spot.id + controls.KEY)

    def _menu(self, node: Node, view: View) -> list[Button]:
        """The less common ways to edit a node."""
        id_ = node.spot.id
        if node.spot.slot is Slot.ROOT:
            return []
        several = isinstance(node, Text) and node.spot.shape.kind is Kind.TEXT and not node.lines
        if isinstance(node, Raw):
            found = [] if node.spot.shape.kind is Kind.OPAQUE else [("form", "Back to the form")]
            if node.text.strip():
                found.append(("clear", "Discard the value"))
        else:
            found = [("lines", "Write several lines")] if several else []
            found += [("raw", "Edit as JSON")] if id_ not in self.secrets else []
        return [Button(f"{op}:{id_}", text, view.label, view.id) for op, text in found]

    def _attributes(self, view: View) -> dict[str, object]:
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
    if node.spot.slot is not Slot.ROOT:
        return field_text.label_of(node.spot.shape.schema, node.spot.name)
    if isinstance(node, Group) and not controls.state_choices(node.spot):
        return ""
    return "JSON" if isinstance(node, Raw) else "Value"


def _row_label(row: Row, index: int) -> str:
    """What a map's row is called: by its name, where it has one."""
    name = row.key.text.strip() if row.key else ""
    return name if name else f"Value {index + 1}"
