"""How long it takes to say what a hundred changed schemas break."""

import json
import random
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, median_seconds
from workbench.compatibility import Side, containment, schema_changes

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
CHANGED = 100
LIMIT = 0.1


def run() -> list[Figure]:
    """The figure; no schema is known from the round before."""
    pairs = _pairs()

    def compare_all() -> None:
        containment.forget()
        for number, (old, new) in enumerate(pairs):
            schema_changes(old, new, Side.OUTPUT if number % 2 else Side.INPUT)

    took = median_seconds(compare_all)
    name = f"breaking: {CHANGED} changed schemas of real actions"
    return [Figure(name, f"{took:.3f} s", f"≤ {LIMIT} s", took <= LIMIT)]


def _pairs() -> list[tuple[Any, Any]]:
    """Schemas of the corpus, each with one of its properties changed, taken out or required."""
    dice = random.Random(14)
    found: list[tuple[Any, Any]] = []
    for path in sorted(CORPUS.rglob("*.json")):
        for action in json.loads(path.read_text(encoding="utf-8")).get("actions", {}).values():
            for side in ("input_schema", "output_schema"):
                schema = action.get(side)
                if isinstance(schema, dict) and schema.get("properties"):
                    found.append((schema, _changed(schema, dice)))
    return dice.sample(found, CHANGED)


def _changed(schema: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    new: dict[str, Any] = json.loads(json.dumps(schema))
    name = dice.choice([*new["properties"]])
    match dice.randrange(4):
        case 0:
            del new["properties"][name]
        case 1:
            new["required"] = [one for one in new.get("required", []) if one != name] + ["added"]
            new["properties"]["added"] = {"type": "string"}
        case 2:
            new["properties"][name] = {"type": ["string", "null"], "maxLength": 20}
        case _:
            new["properties"]["added"] = {"type": "array", "items": {"type": "integer"}}
    return new
