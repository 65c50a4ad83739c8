"""Large results, from the click to the painted page: processor time of worker and workbench together.

Without the start of the worker, which a spare has behind it, and without the handler, which makes the value: it prints
the processor time that its process has used until then.
"""

import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure
from workbench.catalog import Catalog
from workbench.cli.requests import make_request, open_integration
from workbench.domain import Credentials
from workbench.runner import Runner
from workbench.store import Store
from workbench.web import WebConfig, create_app

MAKERS = """
import base64, random, time

def rows(size):
    return [{"id": n, "name": f"item {n}", "ok": True, "price": n / 7} for n in range(size // 60)]

def wide(size):
    return {f"key{n}": f"value {n}" for n in range(size // 30)}

def node(depth):
    return {"name": "n", "children": [node(depth - 1), node(depth - 1)] if depth else []}

def deep(size):
    return {"name": "top", "children": [node(9) for _ in range(max(1, size // 32_000))]}

def strings(size):
    return ["x" * 100_000] * (size // 100_000)

def encoded(size):
    return [base64.b64encode(random.Random(1).randbytes(size * 3 // 4)).decode(), "one", "two", "three"]

def objects(size):
    return [{"a": n} for n in range(1_000_000)]

def spoil(shape, value):
    if shape in ("rows", "objects"):
        value[77][next(iter(value[77]))] = "bad"
    elif shape == "wide":
        value["key77"] = 5
    elif shape == "deep":
        value["children"][0]["children"][1]["name"] = 5
    else:
        value[3] = 5

SHAPES = {"rows": rows, "wide": wide, "deep": deep, "strings": strings, "encoded": encoded, "objects": objects}

"""

CODE = (
    MAKERS
    + """
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration

one = Integration.load()

def register(shape):
    @one.action(shape)
    class Shape(ActionHandler):
        async def execute(self, inputs, context):
            value = SHAPES[shape](inputs["size"])
            if inputs["bad"]:
                spoil(shape, value)
            print(time.process_time())
            return ActionResult(value, 0.0)

for shape in SHAPES:
    register(shape)
"""
)

TEXTS = {"type": "array", "items": {"type": "string"}}
SCHEMAS: dict[str, Any] = {
    "rows": {
        "type": "array",
        "items": {"properties": {"id": {"type": "integer"}, "name": {"type": "string"}}, "required": ["id", "name"]},
    },
    "wide": {"type": "object", "additionalProperties": {"type": "string"}},
    "deep": {
        "$ref": "#/definitions/node",
        "definitions": {
            "node": {
                "properties": {
                    "name": {"type": "string"},
                    "children": {"type": "array", "items": {"$ref": "#/definitions/node"}},
                },
                "required": ["name", "children"],
            }
        },
    },
    "strings": TEXTS,
    "encoded": TEXTS,
    "objects": {"type": "array", "items": {"properties": {"a": {"type": "integer"}}}},
}
SIZES = ((2, 0.5), (10, 1.5), (30, 4.0))
"""Megabytes of JSON, and the seconds from the click to the painted page."""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of processor time for one run, and what it was of."""

    name: str
    total: float


def run() -> list[Figure]:
    """The slowest shape of each size, valid and with one error."""
    figures: list[Figure] = []
    with _site() as measure:
        for size, target in SIZES:
            for bad in (False, True):
                shapes = [shape for shape in SCHEMAS if shape != "objects"]
                slowest = max((measure(shape, size, bad) for shape in shapes), key=lambda took: took.total)
                figures.append(_figure(f"{size} MB", bad, slowest, target))
        figures += [_figure("a million objects", bad, measure("objects", 0, bad), 4.0) for bad in (False, True)]
    return figures


def _figure(what: str, bad: bool, took: Took, target: float) -> Figure:
    name = f"result of {what}{', one error' if bad else ''}, click to page, processor time"
    return Figure(name, f"{took.total:.2f} s ({took.name})", f"≤ {target} s", took.total <= target)


@contextmanager
def _site() -> Iterator[Callable[[str, int, bool], Took]]:
    """What does one run and paints its page, with a worker of its own for each."""
    with tempfile.TemporaryDirectory() as folder, Store() as store, Runner(store, spare=False, forks=False) as runner:
        root = Path(folder)
        actions = {
            name: {"description": "", "input_schema": {}, "output_schema": schema} for name, schema in SCHEMAS.items()
        }
        config = {"name": "one", "version": "1.0.0", "description": "", "entry_point": "one.py", "actions": actions}
        (root / "config.json").write_text(json.dumps(config))
        (root / "one.py").write_text(CODE)
        client = create_app(WebConfig(Catalog([root]), store, runner, "token")).test_client()
        here = "http://127.0.0.1:8770"
        with client.session_transaction(base_url=here) as session:
            session["inside"] = True
        integration, secret = open_integration(root, None), Credentials({"api_key": "sk-live-0123456789"})

        def measure(shape: str, size: int, bad: bool) -> Took:
            inputs: Any = {"size": size * 1_000_000, "bad": bad}
            request = make_request(
                integration, shape, None, inputs=inputs, credentials=secret, timeout=300, last_poll_ts=None
            )
            before = _used()
            run_id = runner.submit(request).id
            store.wait_finished(run_id)
            time.sleep(0.1)  # the worker is reaped
            response = client.get(f"/runs/{run_id}", base_url=here)
            assert response.status_code == 200, response.status
            used, run = _used() - before, store.get(run_id)
            assert run is not None
            return Took(shape, used - float(run.outcome.output[0].text))

        for bad in (False, True):  # templates are compiled when they are first used
            measure("rows", 1, bad)
        yield measure


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
