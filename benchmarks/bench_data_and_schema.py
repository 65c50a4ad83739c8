"""Data and schema of a document of 2 MB with one error, once diagnosed: what stands between a click and the page."""

from pathlib import Path

from benchmarks.measure import Figure, median_seconds
from workbench.domain import (
    JSON,
    AuthShape,
    Contract,
    ContractVersion,
    Exchange,
    Kind,
    Outcome,
    Request,
    Response,
    Returned,
    Run,
    RunRequest,
    RunState,
    Status,
)
from workbench.forms.jsontext import dumps
from workbench.runner.diagnosis import diagnose_output
from workbench.web.runs.query import Selection
from workbench.web.runs.tabs import validation
from workbench.web.runs.values.validated_value import Around

_MEMBERS: JSON = {
    "id": {"type": "integer"}, "temperature": {"type": "number"}, "name": {"type": "string"},
    "tags": {"type": "array", "items": {"type": "string"}},
}  # fmt: skip
_RECORD: JSON = {"type": "object", "properties": _MEMBERS, "required": ["id", "temperature"]}
_RULE = "/properties/records/items"


def run() -> list[Figure]:
    """Three ways to say the same schema, and a click on each side."""
    branches: JSON = {"oneOf": [_RECORD, {"type": "object", "required": ["none"]}]}
    plain, seen = _refused({}, _RECORD), Around()
    figures = [
        _figure(f"2 MB, the error, {name}", lambda made=made: validation.present(made, Selection(), seen))
        for name, made in (
            ("plain schema", plain),
            ("a $ref", _refused({"record": _RECORD}, {"$ref": "#/definitions/record"})),
            ("a oneOf", _refused({}, branches)),
        )
    ]
    at = Selection(where="output", at="/records/9000/name")
    rule = Selection(where="output", rule=f"{_RULE}/properties/name/type")
    return [
        *figures,
        _figure("2 MB, another place of the data", lambda: validation.present(plain, at, seen)),
        _figure("2 MB, another rule", lambda: validation.present(plain, rule, seen)),
    ]


def _figure(name: str, work: object, most: int = 300) -> Figure:
    assert callable(work)
    took = median_seconds(work, rounds=7) * 1000
    return Figure(f"data and schema: {name}", f"{took:.0f} ms", f"≤ {most} ms", took <= most)


def _records() -> list[JSON]:
    return [
        {"id": n, "temperature": 36.6, "name": f"Patient {n}", "tags": ["a", "b"], "more": "x" * 60}
        for n in range(14_500)
    ]


def _refused(definitions: JSON, items: JSON) -> Run:
    """A run whose output has one error, its value fetched with another one around it."""
    properties: JSON = {"records": {"type": "array", "items": items}}
    schema: JSON = {"type": "object", "properties": properties, "definitions": definitions}
    records = _records()
    records[9_000] = {"id": 9_000, "temperature": "hot", "name": "Patient 9000"}
    value: JSON = {"records": records}
    body = dumps(value).encode()
    answer = Response(200, headers=(("Content-Type", "application/json"),), body=body, size=len(body))
    exchange = Exchange(1, 1, 1, "aiohttp", Request("GET", "http://127.0.0.1/"), 0.0, response=answer)
    request = RunRequest(
        "bench", Path("bench"), "bench.py", Kind.ACTION, "go", Contract(ContractVersion.V2), {}, {},
        AuthShape.ENVELOPE, output_schema=schema,
    )  # fmt: skip
    outcome = Outcome(
        RunState.FINISHED, Status.INVALID_OUTPUT, returned=Returned("ActionResult", value), exchanges=(exchange,)
    )
    errors = diagnose_output(request, outcome)
    ended = Outcome(
        RunState.FINISHED,
        Status.INVALID_OUTPUT,
        returned=outcome.returned,
        exchanges=(exchange,),
        errors=errors,
        finished_at=1.0,
    )
    return Run("1", request, 0.0, ended)
