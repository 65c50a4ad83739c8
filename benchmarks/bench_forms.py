"""Forms: the largest one of the corpus, and a schema of 2,000 properties."""

import json
from pathlib import Path

from benchmarks.measure import Figure, median_seconds
from workbench import forms
from workbench.domain import JSON

_CORPUS = Path(__file__).parents[1] / "tests" / "corpus"


def run() -> list[Figure]:
    """Absolute times: what a person waits for, on whatever machine this is."""
    name, schema = _largest()
    pairs = _posted(schema)
    flat: JSON = {"type": "object", "properties": {f"p{n}": _scalar(n) for n in range(2000)}}
    nested: JSON = {"type": "object", "properties": {f"o{n}": _object(50) for n in range(40)}}
    wide: JSON = {"type": "object", "properties": {f"p{n}": _scalar(n) for n in range(51)}}
    wide_pairs = _posted(wide)
    return [
        _figure(f"blank form of {name}, {len(pairs)} parts", 30, lambda: forms.render(schema, edit_url="/edit")),
        _figure("the same, read", 10, lambda: forms.read(schema, pairs)),
        _figure("form of 51 fields", 30, lambda: forms.render(wide, edit_url="/edit")),
        _figure("the same, read", 10, lambda: forms.read(wide, wide_pairs)),
        _figure("2,000 properties side by side, opened", 1000, lambda: forms.render(flat, edit_url="/edit")),
        _figure("2,000 properties in 40 objects, opened", 1000, lambda: forms.render(nested, edit_url="/edit")),
    ]


def _figure(name: str, most: int, work: object) -> Figure:
    assert callable(work)
    took = median_seconds(work, rounds=7, warmup=2) * 1000
    return Figure(f"forms: {name}", f"{took:.1f} ms", f"at most {most} ms", took <= most)


def _largest() -> tuple[str, JSON]:
    """The action of the corpus whose form has the most parts."""
    found: list[tuple[int, str, JSON]] = []
    for path in sorted(_CORPUS.glob("*/config.json")):
        for name, action in json.loads(path.read_text(encoding="utf-8")).get("actions", {}).items():
            schema = action.get("input_schema", {})
            found.append((json.dumps(schema).count('"type"'), f"{path.parent.name}/{name}", schema))
    _, name, schema = max(found, key=lambda one: one[0])
    return name, schema


def _posted(schema: JSON) -> list[tuple[str, str]]:
    """What a browser posts for the blank form: every name in it, each radio group once."""
    parts = forms.render(schema).split(' name="')[1:]
    return list(dict.fromkeys((part.split('"', 1)[0], "") for part in parts))


def _scalar(number: int) -> JSON:
    kinds: list[JSON] = ["string", "integer", "boolean"]
    return {"type": kinds[number % 3], "description": f"What number {number} is for."}


def _object(size: int) -> JSON:
    return {"type": "object", "properties": {f"p{n}": _scalar(n) for n in range(size)}}
