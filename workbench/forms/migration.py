"""A form that was rendered from one schema and is read by another: ``config.json`` was edited in between."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from workbench.domain import ABSENT, JSON
from workbench.forms.builder import Builder
from workbench.forms.collector import Collector
from workbench.forms.controls import SECRET, Control, all_controls
from workbench.forms.decoder import Decoder, TooManyParts
from workbench.forms.draft import (
    ROOT_ID,
    JsonNode,
    Node,
    NodeInfo,
    Position,
    TextNode,
    children,
    children_with_pointers,
    with_children,
)
from workbench.forms.orphans import WAS, orphan_pairs
from workbench.forms.shapes import Shapes


def migrate_pairs(
    old: JSON, new: JSON, pairs: Iterable[tuple[str, str]], *, prefix: str = "inputs"
) -> list[tuple[str, str]] | None:
    """``pairs``, posted by a form of ``old``, as a form of ``new`` would post them; None where all of them fit as is.

    A value that ``new`` no longer declares is among its undeclared properties, one of a wrong type is JSON text.
    Text that is not a value yet, and secrets, stay where their field still exists; else they are orphans
    (:mod:`workbench.forms.orphans`), which name their field.
    """
    posted = list(pairs)
    try:
        decoder = Decoder(Shapes(new), posted, prefix)
        decoder.root()
        if decoder.fits:
            return None
        before = Decoder(Shapes(old), posted, prefix)
        root = before.root()
        made = _controls(new, root)
    except TooManyParts:
        return None
    homeless = _homeless(root, {one.name.partition(".")[0] for one in made})
    if secrets := {node.info.id for node, _ in homeless if _is_secret(node)}:
        made = _controls(new, _without_texts(root, secrets))
    typed = dict(posted)
    names = [f"{prefix}.{control.name}" for control in made]
    found = [(name, control.value or typed.get(name, "")) for name, control in zip(names, made, strict=True)]
    for node, pointer in homeless:
        name = f"{prefix}.{node.info.id}"
        found += [(name, node.text), (f"{name}{WAS}", pointer)]
        found += [(f"{name}{SECRET}", "yes")] if _is_secret(node) else []
    return [*found, *orphan_pairs(before.orphans(), prefix)]


def _controls(new: JSON, root: Node) -> list[Control]:
    """The controls of a form of ``new`` with the value of ``root``."""
    shapes, value = Shapes(new), Collector().collect(root)
    info = NodeInfo(ROOT_ID, shapes.of(shapes.root), Position.ROOT)
    return list(all_controls(Builder(shapes, value is ABSENT).build(info, value)))


def _homeless(root: Node, ids: Container[str]) -> list[tuple[TextNode | JsonNode, str]]:
    """The nodes whose text no value carries into the new form, each with its place in the old value.

    That is text that is not a value, and secrets, which would be plain text there; both where no field has their id.
    """
    return [
        (node, pointer)
        for node, pointer in _texts(root, "")
        if node.info.id not in ids and (_is_secret(node) or Collector().collect(node) is ABSENT)
    ]


def _texts(node: Node, pointer: str) -> Iterator[tuple[TextNode | JsonNode, str]]:
    if isinstance(node, TextNode | JsonNode) and node.text:
        yield node, pointer
    for child, place in children_with_pointers(node, pointer):
        yield from _texts(child, place)


def _is_secret(node: TextNode | JsonNode) -> bool:
    return node.info.shape.is_secret or node.info.shape.is_write_only


def _without_texts(node: Node, ids: Container[str]) -> Node:
    """``node`` without the texts of the nodes of these ids."""
    if isinstance(node, TextNode | JsonNode) and node.info.id in ids:
        return replace(node, text="")
    return with_children(node, [_without_texts(child, ids) for child in children(node)])
