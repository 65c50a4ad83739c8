"""What a diagnosis costs, against jsonschema's own full pass; and what checking the corpus costs."""

import copy
import gc
import json
import resource
from functools import partial
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from benchmarks.measure import Figure, median_seconds, paired_ratio
from workbench.schema import check_config, diagnose

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"

RECORD: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "minimum": 0},
        "name": {"type": "string", "minLength": 1},
        "kind": {"type": "string", "enum": ["person", "company"]},
        "email": {"type": ["string", "null"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "address": {
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}, "zip": {"type": "string"}},
            "required": ["city"],
        },
    },
    "required": ["id", "name"],
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"records": {"type": "array", "items": RECORD}},
    "required": ["records"],
}


GUARDED = {
    "type": "object",
    "properties": {"records": {"type": "array", "items": {"$ref": "#/definitions/record"}}},
    "definitions": {"record": {**RECORD, "patternProperties": {"^x-": {"type": "string", "pattern": "^[a-z]+$"}}}},
}
"""The same with words that no compiled check is trusted with: every node goes through the validator."""


def document(size: int) -> dict[str, Any]:
    """A valid document of about ``size`` bytes as JSON."""
    address = {"street": "1 Long Street", "city": "Auckland", "zip": "1010"}
    record = {"id": 1, "name": "Somebody", "kind": "person", "email": None, "tags": ["a", "b"], "address": address}
    many = size // (len(json.dumps(record)) + 2)
    return {"records": [copy.deepcopy(record) | {"id": number} for number in range(many)]}


def with_errors(valid: dict[str, Any], many: int) -> dict[str, Any]:
    """A copy with ``many`` errors of several kinds, spread evenly."""
    broken = copy.deepcopy(valid)
    records = broken["records"]
    for number in range(many):
        record = records[number * len(records) // many]
        record.update([{"email": 5}, {"kind": "robot"}, {"address": {}}, {"name": ""}][number % 4])
    return broken


def against_jsonschema(name: str, schema: Any, instance: Any, most: float) -> Figure:
    """The ratio of a diagnosis to ``list(Draft7Validator(schema).iter_errors(instance))``."""
    ratio = paired_ratio(
        lambda: diagnose(schema, instance), lambda: list(Draft7Validator(schema).iter_errors(instance)), rounds=7
    )
    return Figure(f"diagnose: {name}", f"{ratio:.2f} × jsonschema", f"≤ {most} ×", ratio <= most)


def blocks(depth: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of a document whose blocks are of six kinds and hold blocks, and one with an error at the bottom."""
    children = {"type": "array", "items": {"$ref": "#/definitions/block"}}
    names = ("paragraph", "heading", "quote", "list", "table", "image")
    kinds = [
        {"type": "object", "properties": {"type": {"const": name}, "children": children}, "required": ["type"]}
        for name in names
    ]
    block: dict[str, Any] = {"type": "nope"}
    for level in range(depth):
        block = {"type": names[level % len(names)], "children": [block]}
    return {"properties": {"blocks": children}, "definitions": {"block": {"anyOf": kinds}}}, {"blocks": [block]}


def doubled() -> dict[str, Any]:
    """Twenty-four definitions of which each has the one before it twice."""
    definitions: dict[str, Any] = {"d0": {"type": "string"}}
    for index in range(1, 25):
        definitions[f"d{index}"] = {"oneOf": [{"$ref": f"#/definitions/d{index - 1}"}] * 2}
    return {"$ref": "#/definitions/d24", "definitions": definitions}


def alternatives() -> list[Figure]:
    """What a document costs in which alternatives multiply: time, and memory beyond what the process had."""
    figures = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for depth in (4, 5, 6, 8, 12):
        schema, value = blocks(depth)
        gc.collect()
        seconds = median_seconds(partial(diagnose, schema, value), rounds=3)
        name = f"diagnose: blocks of six kinds, an error {depth} deep"
        figures.append(Figure(name, f"{seconds:.2f} s", "≤ 0.3 s", seconds <= 0.3))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    figures.append(Figure("diagnose: memory of these", f"{grown:.0f} MB", "≤ 100 MB", grown <= 100))
    seconds = median_seconds(lambda: diagnose(doubled(), "text"), rounds=3)
    figures.append(Figure("diagnose: 24 definitions that double", f"{seconds:.2f} s", "≤ 1 s", seconds <= 1))
    return figures


def run() -> list[Figure]:
    """The figures of a diagnosis and of the check of a configuration."""
    large = document(2_000_000)
    small = {"records": large["records"][:3]}
    configs = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CORPUS.glob("*/config.json"))]
    checked = median_seconds(lambda: [check_config(config) for config in configs], rounds=5) * 1000
    return [
        against_jsonschema("a valid value of a form's size", SCHEMA, small, 1.2),
        against_jsonschema("a valid 2 MB document", SCHEMA, large, 1.2),
        against_jsonschema("2 MB with one error", SCHEMA, with_errors(large, 1), 1.5),
        against_jsonschema("2 MB with a hundred errors", SCHEMA, with_errors(large, 100), 3),
        against_jsonschema("a valid 2 MB document, nothing compiled", GUARDED, large, 1.2),
        against_jsonschema("2 MB with a hundred errors, nothing compiled", GUARDED, with_errors(large, 100), 3),
        *alternatives(),
        Figure("check_config: the 41 corpus files", f"{checked:.0f} ms", "≤ 100 ms", checked < 100),
    ]
