"""Secrets in the JSON text of a form: a mask stands for each, and what it stands for never leaves the page's server."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from workbench.domain import ABSENT, JSON, Absent
from workbench.forms.builder import Builder
from workbench.forms.collector import Collector, key_name
from workbench.forms.draft import (
    ArrayNode,
    ChoiceNode,
    ClosedNode,
    JsonNode,
    Key,
    Node,
    NodeInfo,
    ObjectNode,
    Origin,
    TextNode,
    children,
    digest,
    walk,
    with_children,
)
from workbench.forms.jsontext import dumps
from workbench.forms.secret_masks import mask_name, unmask
from workbench.forms.stored_secrets import overlay, store_typed_secrets
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.patch import replace as replace_at
from workbench.jsondoc.rewrite import rewrite
from workbench.jsondoc.strict import JsonError, loads

_STRING: Final = r'"(?:[^"\\]|\\.)*"?'


@dataclass(frozen=True, slots=True)
class HeldSecrets:
    """What a page keeps for its form: the value that unchanged secrets come from, and what masks stand for."""

    previous: JSON | Absent = field(default=ABSENT, repr=False)
    masks: Mapping[str, JSON] = field(default_factory=dict, repr=False)


def to_json(node: Node, held: HeldSecrets, builder: Builder, pointer: str = "") -> tuple[JsonNode, HeldSecrets]:
    """The whole form, or the node at ``pointer``, as JSON text with masks, and what the page keeps from now on.

    The form stays behind it, so that the way back loses nothing; but not where a secret was typed into a row, which no
    form may carry along.
    """
    value = Collector(masks=held.masks).collect(node, pointer, _stored_at(held, pointer))
    places: list[str] = []
    kept = store_typed_secrets(node, places, pointer)
    previous = overlay(held.previous, _nested(pointer, value), places) if places else held.previous
    text = "" if value is ABSENT else dumps(value, indent=2)
    masked, masks = mask_text(text, node.info, builder, held.masks if pointer else {})
    behind = None if any(_is_typed_secret(one) for one in walk(kept)) else kept
    return JsonNode(node.info, masked, behind, digest(masked) if behind else ""), HeldSecrets(previous, masks)


def to_form(node: JsonNode, held: HeldSecrets, builder: Builder, pointer: str = "") -> tuple[Node, HeldSecrets]:
    """The form of the text: the one behind it where the text is unchanged; invalid JSON stays as it is."""
    if node.behind is not None and digest(node.text) == node.base:
        return node.behind, held
    if pointer and not node.text.strip():
        return builder.build(node.info, ABSENT), held
    try:
        value = unmask(loads(node.text), held.masks)
    except JsonError:
        return mask_node(node, held, builder)
    made = builder.build(node.info, value, pointer, origin=Origin.TYPED)
    if not pointer:
        return made, HeldSecrets(value)
    return made, HeldSecrets(overlay(held.previous, _nested(pointer, value), [pointer]), held.masks)


def mask_nodes(node: Node, held: HeldSecrets, builder: Builder) -> tuple[Node, HeldSecrets]:
    """``node`` with masks for the secrets that were typed into JSON text anywhere in it."""
    if isinstance(node, JsonNode):
        return mask_node(node, held, builder) if builder.shapes.holds_secret(node.info.shape) else (node, held)
    made: list[Node] = []
    for child in children(node):
        inner, held = mask_nodes(child, held, builder)
        made.append(inner)
    return (with_children(node, made) if made else node), held


def maskable_places(node: Node, pointer: str = "") -> Iterator[tuple[str, str]]:
    """The id and the pointer of each node that can be JSON text with masks; none in a row, which may move."""
    is_value = isinstance(node, TextNode) or node.info.shape.is_write_only
    if not is_value:
        yield node.info.id, pointer
    if isinstance(node, ChoiceNode):
        yield from maskable_places(node.current, pointer)
    elif isinstance(node, ObjectNode):
        for member in node.members:
            yield from maskable_places(member, pointers.join(pointer, member.info.name))


def _stored_at(held: HeldSecrets, pointer: str) -> JSON | Absent:
    return held.previous if held.previous is ABSENT else pointers.resolve(held.previous, pointer)


def _nested(pointer: str, value: JSON | Absent) -> JSON | Absent:
    """``value`` in as many objects as ``pointer`` leads through."""
    for name in reversed(pointers.split(pointer)):
        value = {} if value is ABSENT else {name: value}
    return value


def mask_node(node: JsonNode, held: HeldSecrets, builder: Builder) -> tuple[JsonNode, HeldSecrets]:
    """The text with masks for the secrets that were typed into it."""
    text, masks = mask_text(node.text, node.info, builder, held.masks)
    return JsonNode(node.info, text, node.behind, node.base), HeldSecrets(held.previous, masks)


def mask_text(text: str, info: NodeInfo, builder: Builder, masks: Mapping[str, JSON]) -> tuple[str, Mapping[str, JSON]]:
    """``text`` with a mask for each secret in it, and ``masks`` with the new ones."""
    made = dict(masks)
    try:
        value = loads(text)
    except JsonError:
        return _mask_names(text, builder, made), made
    patch = []
    for place in _secret_places(builder.build(info, value)):
        real = pointers.resolve(value, place)
        if real in (ABSENT, None, "") or (isinstance(real, str) and real in masks):
            continue
        made[name := mask_name(len(made))] = unmask(real, masks)
        patch.append(replace_at(place, name))
    masked = rewrite(text, patch) if patch else text
    for name in made:
        masked = masked.replace(json.dumps(name), dumps(name))
    return masked, made


def _mask_names(text: str, builder: Builder, made: dict[str, JSON]) -> str:
    """Invalid JSON, with a mask for each string that stands as the value of a secret property's name."""

    def replaced(found: re.Match[str]) -> str:
        try:
            real = loads(found[2])
        except JsonError:
            real = found[2][1:]
        if isinstance(real, str) and (not real or real in made):
            return found[0]
        made[name := mask_name(len(made))] = real
        return f"{found[1]}{dumps(name)}"

    for name in sorted(builder.shapes.secret_names()):
        text = re.sub(rf"({re.escape(dumps(name))}\s*:\s*)({_STRING})", replaced, text)
    return text


def _is_typed_secret(node: Node) -> bool:
    return isinstance(node, TextNode) and node.info.shape.is_secret and bool(node.text)


def _secret_places(node: Node, pointer: str = "") -> Iterator[str]:
    """The places of the secrets in a form that was just built of a value."""
    if node.info.shape.is_write_only or (isinstance(node, ClosedNode) and node.has_secret):
        yield pointer
        return
    match node:
        case ChoiceNode():
            yield from _secret_places(node.current, pointer)
        case ObjectNode(members=members, rows=rows):
            for member in members:
                yield from _secret_places(member, pointers.join(pointer, member.info.name))
            for row in rows:
                yield from _secret_places(row.node, pointers.join(pointer, key_name(row.key or Key())))
        case ArrayNode(rows=rows):
            for at, row in enumerate(rows):
                yield from _secret_places(row.node, f"{pointer}/{at}")
