"""From posted pairs to a draft, by the names of :mod:`workbench.forms.controls` and the schema."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from workbench.domain import ABSENT, JSON
from workbench.forms import controls, orphans
from workbench.forms.draft import (
    ROOT_ID,
    ArrayNode,
    Blank,
    ChoiceNode,
    ClosedNode,
    JsonNode,
    Key,
    Node,
    NodeInfo,
    ObjectNode,
    OptionNode,
    Origin,
    Position,
    RowNode,
    SetNode,
    State,
    TextNode,
    branch_id,
    member_info,
    row_id,
)
from workbench.forms.jsontext import dumps, is_plain
from workbench.forms.orphans import Orphan, find_orphans
from workbench.forms.shapes import ADDITIONAL, ControlKind, Shape, Shapes
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.strict import JsonError, loads

MAX_PARTS: Final = 6000
"""Pairs that a form may post. A page never makes more than half of them by itself."""
_MAX_DEPTH: Final = 200


class TooManyParts(ValueError):
    """More pairs were posted than one form may have; the message says what to do."""


class Decoder:
    """Reads the pairs of one form. Pairs of other forms, and names it does not know, are passed over."""

    def __init__(self, shapes: Shapes, pairs: Iterable[tuple[str, str]], prefix: str) -> None:
        self._shapes = shapes
        self._posted: dict[str, list[str]] = {}
        self._used: set[str] = set()
        self._carried: list[Orphan] = []
        self.lost = 0
        """How many choices were posted that the schema no longer has; known once :meth:`root` was called."""
        start = f"{prefix}."
        for count, (name, value) in enumerate(pairs):
            if count >= MAX_PARTS:
                raise TooManyParts(f"The form has more than {MAX_PARTS} parts. Send the value as JSON instead.")
            if name.startswith(start):
                self._posted.setdefault(name[len(start) :], []).append(_lines(value))
        self._origins = dict(self._read_origins())

    def root(self) -> Node:
        """The draft of the whole form; that of an untouched one where nothing was posted."""
        return self._node(NodeInfo(ROOT_ID, self._shapes.of(self._shapes.root), Position.ROOT), 0)

    def get(self, name: str) -> str | None:
        """The last value posted under ``name``."""
        values = self._values(name)
        return values[-1] if values else None

    @property
    def fits(self) -> bool:
        """Whether the schema has a place for all that was posted; known once :meth:`root` was called."""
        passing = ("op", orphans.SHOWN, orphans.WAS, controls.ORIGINS, controls.FILE, controls.SECRET)
        unread = (values for name, values in self._unread().items() if not name.endswith(passing))
        return not self.lost and not self._carried and not any(any(values) for values in unread)

    def orphans(self) -> tuple[Orphan, ...]:
        """The texts for fields that the schema no longer has; known once :meth:`root` was called."""
        return (*find_orphans(self._unread()), *self._carried)

    @property
    def has_new_orphans(self) -> bool:
        """Whether there are such texts and the form that posted them did not show any."""
        return self.get(orphans.SHOWN) is None and bool(self.orphans())

    def _unread(self) -> dict[str, list[str]]:
        return {name: values for name, values in self._posted.items() if name not in self._used}

    def _values(self, name: str) -> list[str]:
        self._used.add(name)
        return self._posted.get(name, [])

    def _node(self, info: NodeInfo, depth: int) -> Node:
        text = self.get(info.id + controls.JSON_TEXT)
        if text is not None:
            base = self.get(info.id + controls.BASE)
            behind = None if base is None else self._form(info, depth)
            return JsonNode(info, text, behind, base or "")
        if self.get(info.id + controls.STORED) is not None:
            return ClosedNode(info, has_secret=True)
        text = self.get(info.id + controls.CLOSED)
        if text is not None:
            return ClosedNode(info, text) if not text or _is_json(text) else JsonNode(info, text)
        return self._form(info, depth)

    def _form(self, info: NodeInfo, depth: int) -> Node:
        names = (info.id, info.id + controls.LINES, info.id + controls.BLANK)
        scalar = info.shape.kind in (ControlKind.TEXT, ControlKind.NUMBER, ControlKind.OPTION)
        if scalar and info.position is Position.MEMBER and not any(name in self._posted for name in names):
            return ClosedNode(info)
        match info.shape.kind:
            case ControlKind.TEXT | ControlKind.NUMBER:
                return self._plain(self._with_origin(self._text(info)))
            case ControlKind.OPTION:
                return self._with_origin(OptionNode(info, self.get(info.id) or ""))
            case ControlKind.OPAQUE:
                return ClosedNode(info) if info.position is Position.MEMBER else JsonNode(info)
        if depth > _MAX_DEPTH:
            return ClosedNode(info)
        if info.shape.kind is ControlKind.CHOICE:
            return self._choice(info, depth)
        return self._container(info, depth)

    def _text(self, info: NodeInfo) -> TextNode:
        lines = self.get(info.id + controls.LINES)
        text = self.get(info.id) if lines is None else lines
        written = self.get(info.id + controls.BLANK) or Blank.ABSENT
        allowed = [choice for choice, _ in controls.blank_choices(TextNode(info))] + [Blank.KEEP] * info.shape.is_secret
        return TextNode(info, text or "", Blank(self._known(written, allowed, Blank.ABSENT)), lines is not None)

    def _plain(self, node: TextNode) -> TextNode | JsonNode:
        """``node``, as JSON where no control could carry its text back to the person."""
        shape = node.info.shape
        odd = shape.kind is ControlKind.TEXT and not shape.is_secret and not is_plain(node.text)
        return JsonNode(node.info, dumps(node.text)) if odd else node

    def _known(self, written: str, allowed: Sequence[str], instead: str) -> str:
        """What was ``written``; another where the schema does not allow it (any more), which is noted as lost."""
        if written in allowed:
            return written
        self.lost += written not in (State.OUT, State.FILLED)
        return instead

    def _choice(self, info: NodeInfo, depth: int) -> Node:
        written = self.get(info.id + controls.BRANCH)
        if written is None and info.position is not Position.ROOT:
            return ClosedNode(info)
        first = self._shapes.first_branch(info.shape, of_root=info.position is Position.ROOT)
        chosen = pointers.index(written or "", len(info.shape.branches))
        if chosen is None:
            self.lost += bool(written)
            chosen, written = first, None
        shown = [
            pointers.index(one, len(info.shape.branches)) for one in (self.get(info.id + controls.DRAFTS) or "").split()
        ]
        drafts = [(index, self._branch(info, index, depth)) for index in sorted({i for i in shown if i is not None})]
        if chosen not in shown:
            drafts.append(
                (chosen, self._branch(info, chosen, depth) if written is None else self._unshown(info, chosen))
            )
        return ChoiceNode(info, chosen, tuple(drafts), unshown=written is not None and chosen not in shown)

    def _unshown(self, info: NodeInfo, index: int) -> Node:
        shape = self._shapes.branch_shape(info.shape, index)
        return ClosedNode(replace(info, id=branch_id(info.id, index), shape=shape))

    def _branch(self, info: NodeInfo, index: int, depth: int) -> Node:
        shape = self._shapes.branch_shape(info.shape, index)
        return self._node(replace(info, id=branch_id(info.id, index), shape=shape), depth + 1)

    def _container(self, info: NodeInfo, depth: int) -> Node:
        written = self.get(info.id + controls.STATE)
        if written is None and info.position is Position.MEMBER:
            return ClosedNode(info)
        choices = [choice for choice, _ in controls.state_choices(info)] or [str(State.IN)]
        state = State.IN if written is None else State(self._known(written, choices, choices[0]))
        if info.shape.kind is ControlKind.SET:
            return SetNode(info, state, self._flags(info))
        if info.shape.kind is ControlKind.ARRAY:
            return ArrayNode(info, state, self._rows(info, depth))
        order = tuple((self.get(info.id + controls.ORDER) or "").split())
        members = self._members(info, depth)
        file = self._file(info)
        if file is not None:
            state, members = State.IN, tuple(_filled(member, file) for member in members)
        return ObjectNode(info, state, members, self._map_rows(info, depth), order)

    def _flags(self, info: NodeInfo) -> tuple[str, ...]:
        """The keys that are taken: those loaded in their order, then those that a person added."""
        taken = [key for key in self._values(info.id + controls.FLAGS) if key]
        loaded = (self.get(info.id + controls.ORDER) or "").split()
        return tuple(dict.fromkeys([*(key for key in loaded if key in taken), *taken]))

    def _file(self, info: NodeInfo) -> dict[str, JSON] | None:
        """The file that a browser posted for the object ``info`` (see :func:`workbench.forms.file_part`)."""
        text = self.get(info.id + controls.FILE) if info.shape.is_file else None
        try:
            return _object(text) or None
        except JsonError:
            return None

    def _members(self, info: NodeInfo, depth: int) -> tuple[Node, ...]:
        """The declared properties; those in a range (:mod:`workbench.forms.member_ranges`) travel in one control."""
        nodes: list[Node] = []
        carried: dict[str, JSON] = {}
        for member in self._shapes.members(info.shape):
            inner = member_info(info, member, self._shapes.of(member.schema))
            node = self._node(inner, depth + 1)
            text = self.get(inner.id + controls.RANGE)
            try:
                carried.update(_object(text))
            except JsonError:
                node = JsonNode(inner, text or "")
            value = carried.pop(member.name, ABSENT)
            closed = node == ClosedNode(inner) and value is not ABSENT
            nodes.append(ClosedNode(inner, dumps(value)) if closed and value is not ABSENT else node)
        if carried:
            self._carried.append(Orphan(orphans.NAME, dumps(carried)))
        return tuple(nodes)

    def _tokens(self, info: NodeInfo) -> list[str]:
        return list(dict.fromkeys(self._values(info.id + controls.ROW)))

    def _rows(self, info: NodeInfo, depth: int) -> tuple[RowNode, ...]:
        return tuple(
            RowNode(token, self._row(info, token, self._shapes.row_shape(info.shape, index), depth))
            for index, token in enumerate(self._tokens(info))
        )

    def _map_rows(self, info: NodeInfo, depth: int) -> tuple[RowNode, ...]:
        rows = []
        for token in self._tokens(info):
            id_ = row_id(info.id, token)
            slot = self.get(id_ + controls.SLOT) or ADDITIONAL
            literal = self.get(id_ + controls.KEY_JSON)
            key = Key(self.get(id_ + controls.KEY) or "", self.get(id_ + controls.KEY_BLANK) == "empty")
            if not is_plain(key.text):
                key = Key(dumps(key.text), literal=True)
            node = self._row(info, token, self._shapes.slot_shape(info.shape, slot), depth)
            rows.append(RowNode(token, node, key if literal is None else Key(literal, literal=True), slot))
        return tuple(rows)

    def _row(self, info: NodeInfo, token: str, shape: Shape, depth: int) -> Node:
        return self._node(NodeInfo(row_id(info.id, token), shape, Position.ROW), depth + 1)

    def _with_origin[T: (TextNode, OptionNode)](self, node: T) -> T:
        origin, mark = self._origins.get(node.info.id, (Origin.ABSENT, ""))
        if mark != controls.fingerprint(node):
            written = node.key if isinstance(node, OptionNode) else node.text or node.blank
            origin = Origin.TYPED if written and written != Blank.KEEP else Origin.ABSENT
        return replace(node, info=replace(node.info, origin=origin))

    def _read_origins(self) -> Iterable[tuple[str, tuple[Origin, str]]]:
        codes = {"d": Origin.DEFAULT, "l": Origin.LOADED, "e": Origin.EXAMPLE}
        for name, values in self._posted.items():
            if name.endswith(controls.ORIGINS):
                for note in values[-1].split():
                    id_, _, rest = note.partition(":")
                    code, _, mark = rest.partition(":")
                    yield id_, (codes.get(code, Origin.ABSENT), mark)


def _filled(node: Node, file: dict[str, JSON]) -> Node:
    """A property of a file object with what the file gives for it."""
    text = file.get(node.info.name)
    if not isinstance(text, str):
        return node
    return TextNode(replace(node.info, origin=Origin.TYPED), text, Blank.ABSENT if text else Blank.EMPTY)


def _object(text: str | None) -> dict[str, JSON]:
    """The object that ``text`` is, empty where there is none; raises :class:`JsonError`."""
    value = loads(text) if text else None
    return value if isinstance(value, dict) else {}


def _lines(value: str) -> str:
    """Browsers send every line break of a control as CR LF."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value


def _is_json(text: str) -> bool:
    try:
        loads(text)
    except JsonError:
        return False
    return True
