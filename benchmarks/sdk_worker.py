"""Does the same work with whichever SDK its interpreter has, when told to, and prints how long it took.

``python sdk_worker.py CORPUS`` reads job names from stdin, one a line, and answers each with a JSON line.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from time import process_time
from typing import Any

from autohive_integrations_sdk import ActionHandler, ActionResult, ExecutionContext, Integration

BIG = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "integer"},
                    "name": {"type": "string"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "meta": {
                        "type": "object",
                        "properties": {
                            "score": {"type": "number"},
                            "ok": {"type": "boolean"},
                            "note": {"type": ["string", "null"]},
                        },
                    },
                },
                "required": ["id", "name"],
            },
        }
    },
    "required": ["items"],
}


TREE = {
    "$ref": "#/definitions/node",
    "definitions": {
        "node": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "size": {"type": "integer"},
                "children": {"type": "array", "items": {"$ref": "#/definitions/node"}},
            },
            "required": ["name"],
        }
    },
}


def sample(schema: Any) -> Any:
    """A small value that the schema allows, for the kinds of schemas that real configurations hold."""
    if not isinstance(schema, dict):
        return "x"
    if "enum" in schema:
        return schema["enum"][0]
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema:
            return sample({**{key: value for key, value in schema.items() if key != keyword}, **schema[keyword][0]})
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: sample(child) for name, child in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema.get("items", {})) for _ in range(max(1, schema.get("minItems", 1)))]
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("maximum", 1))
    return {"boolean": True, "null": None}.get(kind, "x" * max(1, schema.get("minLength", 1)))


def answering(integration: Integration, name: str, data: Any) -> None:
    """Register a handler that returns that data and does nothing else."""
    result = ActionResult(data=data)

    class Answer(ActionHandler):
        async def execute(self, inputs: Any, context: Any) -> ActionResult:
            return result

    integration.action(name)(Answer)
    if hasattr(type(integration), "contract"):
        integration.contract = "2"


def corpus_calls(corpus: Path) -> list[tuple[Integration, str, Any, Any]]:
    """Every action of the real configurations, with inputs, auth and an output that its schemas allow."""
    calls = []
    for path in sorted(corpus.glob("*/config.json")):
        integration = Integration.load(path)
        fields = (integration.config.auth or {}).get("fields")
        auth = {"auth_type": "Custom", "credentials": sample(fields) if fields else {}}
        for name, action in integration.config.actions.items():
            answering(integration, name, sample(action.output_schema))
            calls.append((integration, name, sample(action.input_schema), auth))
    return calls


def big_items() -> dict[str, Any]:
    """An output of 2 MB as JSON: a list of records."""
    items = [
        {
            "id": number,
            "name": f"name of item {number}",
            "tags": ["alpha", "beta"],
            "meta": {"score": number / 3, "ok": True, "note": None},
        }
        for number in range(16_000)
    ]
    return {"items": items}


def big_tree(depth: int = 7) -> dict[str, Any]:
    """An output of 2 MB as JSON: a tree whose nodes have four children each, down to the leaves."""
    children = [big_tree(depth - 1) for _ in range(4)] if depth else []
    return {"name": f"the name of a node that has {depth} levels below it", "size": depth, "children": children}


def one_call(schema: Any, output: Any) -> list[tuple[Integration, str, Any, Any]]:
    """One action with that output."""
    action = {"description": "d", "input_schema": {"type": "object"}, "output_schema": schema}
    document = {"name": "big", "version": "1", "description": "d", "actions": {"big": action}}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        integration = Integration.load(path)
    answering(integration, "big", output)
    return [(integration, "big", {}, {"auth_type": "Custom", "credentials": {}})]


async def execute(calls: list[tuple[Integration, str, Any, Any]]) -> tuple[float, list[str]]:
    """How long the calls take, and what kind of result each gave."""
    contexts = [ExecutionContext(auth=auth) for *_, auth in calls]
    start = process_time()
    results = [
        await integration.execute_action(name, inputs, context)
        for (integration, name, inputs, _), context in zip(calls, contexts, strict=True)
    ]
    return process_time() - start, [result.type.value for result in results]


def main(corpus: Path) -> None:
    """Answer jobs until stdin ends."""
    jobs = {
        "corpus": corpus_calls(corpus),
        "big": one_call(BIG, big_items()),
        "tree": one_call(TREE, big_tree()),
    }
    for line in sys.stdin:
        took, kinds = asyncio.run(execute(jobs[line.strip()]))
        print(json.dumps({"seconds": took, "kinds": kinds}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
