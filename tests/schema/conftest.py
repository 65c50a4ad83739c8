"""Valid values made from schemas, and single changes of them with the place of each."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from workbench.jsondoc import pointer as pointers

type Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Mutation:
    """A valid value with one change that makes it invalid."""

    schema: Any
    valid: Any
    value: Any
    place: str
    kind: str
    branching: str


STRANGERS: tuple[Any, ...] = ("text", "", 12345, -1, 1.5, True, None, [], {}, {"unexpected": 1}, [{"unexpected": 1}])
TEXTS = {"date": "2026-01-02", "date-time": "2026-01-02T03:04:05Z", "email": "a@example.test", "uri": "http://x.test"}


def examples(schema: Any) -> list[Any]:
    """A few values that fit: everything filled in, the least that will do, and one for each branch."""
    if not isinstance(schema, dict):
        return ["anything"]
    if "const" in schema:
        return [schema["const"]]
    if schema.get("enum"):
        return [schema["enum"][0], schema["enum"][-1]]
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema:
            rest = {name: value for name, value in schema.items() if name not in ("oneOf", "anyOf")}
            return [_merged(base, value) for branch in schema[keyword] for value in examples(branch)
                    for base in examples(rest)[:1]]  # fmt: skip
    found = []
    types = schema.get("type", "object" if "properties" in schema or "required" in schema else "string")
    for name in types if isinstance(types, list) else [types]:
        found += _of_type(name, schema)
    return found


def _merged(base: Any, value: Any) -> Any:
    return {**base, **value} if isinstance(base, dict) and isinstance(value, dict) else value


def _of_type(name: str, schema: dict[str, Any]) -> list[Any]:
    if name == "string":
        text = TEXTS.get(schema.get("format", ""), "words")
        return [
            (text * 40)[: schema["maxLength"]] if "maxLength" in schema else text.ljust(schema.get("minLength", 0), "x")
        ]
    if name in ("integer", "number"):
        low, high = schema.get("minimum"), schema.get("maximum")
        return [low if low is not None else high if high is not None else 7]
    if name == "boolean":
        return [True]
    if name == "null":
        return [None]
    return _arrays(schema) if name == "array" else _objects(schema)


def _arrays(schema: dict[str, Any]) -> list[Any]:
    inner = examples(schema.get("items", {"type": "string"}))
    least = schema.get("minItems", 1)
    arrays = [[value, *inner[:1]][: schema.get("maxItems", 2)] for value in inner]
    return [(array * max(1, least))[: max(least, len(array))] for array in arrays]


def _objects(schema: dict[str, Any]) -> list[Any]:
    declared = schema.get("properties", {})
    required = schema.get("required", [])
    choices = {name: examples(inner) for name, inner in declared.items()}
    full = {name: values[0] for name, values in choices.items() if values}
    full |= {name: "x" for name in required if name not in declared}
    if not full and schema.get("minProperties"):
        full = {f"key{n}": "x" for n in range(schema["minProperties"])}
    least = {name: value for name, value in full.items() if name in required}
    others = [{**full, name: value} for name, values in choices.items() for value in values[1:]]
    return [full, *([least] if least else []), *others]


def nodes(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every place of a value."""
    yield path, value
    for name, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from nodes(inner, (*path, name))


def changed(value: Any, path: Path_, new: Any) -> Any:
    """``value`` with ``new`` at a place, or without it for REMOVED; only what lies on the way there is copied."""
    if not path:
        return new
    part, *rest = path
    copied = value.copy()
    if not rest and new is REMOVED:
        del copied[part]
    else:
        copied[part] = changed(value[part], tuple(rest), new) if rest else new
    return copied


REMOVED = object()


def changes(value: Any) -> Iterator[tuple[str, Path_, Any]]:
    """Every single change: the kind, the place, the changed value."""
    for path, node in nodes(value):
        for stranger in STRANGERS:
            if type(stranger) is not type(node):
                yield "wrong type", path, changed(value, path, stranger)
        if path and isinstance(path[-1], str):
            yield "removed member", path, changed(value, path, REMOVED)
        if isinstance(node, dict):
            yield "extra member", (*path, "stranger"), changed(value, path, {**node, "stranger": 1})
        elif isinstance(node, str):
            yield "other text", path, changed(value, path, node + "~other~" * 60)
        elif isinstance(node, int | float) and not isinstance(node, bool):
            yield "other number", path, changed(value, path, node + 10**9)
            yield "other number", path, changed(value, path, node - 10**9)
        elif isinstance(node, list):
            yield "emptied", path, changed(value, path, [])
            yield "overfull", path, changed(value, path, (node or ["x"]) * 500)


def branching(schema: Any, path: Path_) -> str:
    """The keyword of the ``oneOf`` or ``anyOf`` that a place lies at or in; ``""`` outside."""
    reached = [schema]
    found = ""
    for part in (*path, None):
        spread = []
        for node in reached:
            spread.append(node)
            for keyword in ("oneOf", "anyOf"):
                if isinstance(node, dict) and keyword in node:
                    found = found or keyword
                    spread += node[keyword]
        dicts = [node for node in spread if isinstance(node, dict)]
        reached = [
            node["properties"][part]
            if isinstance(part, str) and part in node.get("properties", {})
            else node.get("items")
            for node in dicts
            if part is not None
        ]
    return found


def mutations(schema: Any, every: int = 1) -> Iterator[Mutation]:
    """Every single change, or each of so many, of every example that the schema refuses."""
    validator = Draft7Validator(schema)
    for shared in examples(schema):
        valid = json.loads(json.dumps(shared))
        if not validator.is_valid(valid):
            continue
        for kind, path, value in islice(changes(valid), 0, None, every):
            if not validator.is_valid(value):
                yield Mutation(schema, valid, value, pointers.build(path), kind, branching(schema, path))


@pytest.fixture(scope="session")
def mutate() -> Callable[..., Iterator[Mutation]]:
    """Makes the mutations of a schema."""
    return mutations


@pytest.fixture(scope="session")
def corpus_schemas(corpus: list[Path]) -> list[Any]:
    """Every input, output and auth schema of the corpus."""
    found = []
    for folder in corpus:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        found.append((config.get("auth") or {}).get("fields"))
        for action in config["actions"].values():
            found += [action["input_schema"], action["output_schema"]]
    return [schema for schema in found if schema]
