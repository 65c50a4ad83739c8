"""Secrets that were typed, shown as stored ones: the page keeps them, so that nobody types them twice."""

from collections.abc import Iterable
from dataclasses import replace

from workbench.domain import ABSENT, JSON, Absent
from workbench.forms.collector import Collector
from workbench.forms.draft import (
    Blank,
    ChoiceNode,
    ClosedNode,
    Node,
    ObjectNode,
    Origin,
    TextNode,
    children_with_pointers,
    with_children,
)
from workbench.jsondoc import pointer as places_of


def store_typed_secrets(node: Node, pointers: list[str], pointer: str = "") -> Node:
    """``node`` with each typed secret as an unchanged one, its place added to ``pointers``.

    Those in rows stay as they are: a row finds its stored value by its first place, which may be another's now.
    """
    if node.info.shape.is_write_only:
        return _stored(node, pointers, pointer)
    if isinstance(node, ChoiceNode):
        chosen = {node.chosen: store_typed_secrets(node.current, pointers, pointer)}
        return with_children(node, [chosen.get(index, draft) for index, draft in node.drafts])
    if not isinstance(node, ObjectNode):
        return node
    places = list(children_with_pointers(node, pointer))
    members = [store_typed_secrets(one, pointers, place) for one, place in places[: len(node.members)]]
    return with_children(node, [*members, *(one for one, _ in places[len(node.members) :])])


def _stored(node: Node, pointers: list[str], pointer: str) -> Node:
    if isinstance(node, ClosedNode) and node.has_secret:
        return node
    collector = Collector()
    value = collector.collect(node)
    if collector.errors or value is ABSENT or (isinstance(node, TextNode) and not node.text):
        return node
    pointers.append(pointer)
    info = replace(node.info, origin=Origin.LOADED)
    return TextNode(info, blank=Blank.KEEP) if isinstance(node, TextNode) else ClosedNode(info, has_secret=True)


def overlay(base: JSON | Absent, value: JSON | Absent, stored: Iterable[str]) -> JSON:
    """``base`` with the values at the pointers ``stored`` of ``value``; all of them are in objects."""
    made: JSON = base if isinstance(base, dict) else {}
    for pointer in stored:
        made = _put(made, places_of.split(pointer), value)
    return made


def _put(base: JSON, path: tuple[str, ...], value: JSON | Absent) -> JSON:
    if not path:
        return base if value is ABSENT else value
    name, *rest = path
    inner = value.get(name) if isinstance(value, dict) else None
    old = base if isinstance(base, dict) else {}
    return {**old, name: _put(old.get(name), tuple(rest), inner)}
