"""Whatever comes from outside: requests of any kind, and the events of a worker that lies. No page breaks.

``config.json`` is fuzzed in ``tests/catalog``, frames in ``tests/events``; here their values come to pages.
"""

from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import BuildError

from tests.events.conftest import anything_written, json_values, values_of
from tests.web.conftest import Site, Visitor
from workbench.catalog import Catalog
from workbench.domain import AuthShape, Contract, ContractVersion, Kind, RunRequest, Status
from workbench.events import Event, RunFinished, RunQueued, RunStarted

LEFT_OUT = {
    "catalog.open_folder", "integrations.install", "integrations.load", "auth.check", "runs.events", "static",
    "fuzz.start", "actions.start_fuzz", "triggers.start_fuzz", "account.start_fuzz",
}  # fmt: skip
"""What opens folders, installs, starts a process or goes on. ``form`` and ``payload`` read the forms of a run, too."""
KNOWN = {
    "integration_id": ["greeter"],
    "name": ["greet", "visits", "result", "inputs", "auth-schema"],
    "run_id": ["1", "01", "-1", "2" * 30],
    "other_id": ["1"],
    "path": ["greeter.py", "config.json", "../greeter.py", "/etc/hostname"],
    "key": ["0", "schema", "data"],
}
WORDS = st.sampled_from(
    ["", "0", "1", "-1", "9" * 40, "null", "{}", "[", '{"a": [1]}', "/a/0", "#", "true", "‹key›", "\0"]
)
NAMES = st.sampled_from(
    ["tab", "exchange", "error", "at", "rule", "where", "here", "inputs.op", "inputs.root", "auth.op", "op", "payload",
     "source", "handler", "name", "back", "address", "profile", "extra.json", "metadata.json", "extra.r0.name", "start",
     "extra.r0.value", "pointer", "form", "layout", "status", "integration", "before", "run", "new", "q"]
)  # fmt: skip
"""Parameters of the pages."""
LIES = [
    kind
    for kind in get_args(Event.__value__)
    if not kind.__name__.startswith("Run") and "ValidationError" not in str(get_type_hints(kind))
]
"""What a worker may tell; the errors of a value are worked out from it by the workbench itself."""
ODD = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


def request_of(site: Site) -> st.SearchStrategy[tuple[str, str, list[tuple[str, str]]]]:
    """Requests to any route: method, path and parameters, their names mostly such as stand on the pages."""
    adapter = site.app.url_map.bind("127.0.0.1")
    rules = [
        rule
        for rule in site.app.url_map.iter_rules()
        if rule.endpoint not in LEFT_OUT and not rule.endpoint.endswith(".run")
    ]
    pairs = st.lists(st.tuples(NAMES | ODD, WORDS | ODD), max_size=8)

    def built(endpoint: str, values: dict[str, Any]) -> str:
        try:
            return adapter.build(endpoint, values)
        except BuildError:  # a value that no address can have
            return "/runs/" + quote(str(values), safe="")

    def path_of(rule: Any) -> st.SearchStrategy[str]:
        values = {
            name: st.integers(0, 10**30)
            if name in ("exchange", "number")
            else st.sampled_from(["request", "response"])
            if name == "side"
            else st.sampled_from(KNOWN.get(name, ["actions", "triggers"])) | (ODD if name in KNOWN else st.nothing())
            for name in rule.arguments
        }
        return st.fixed_dictionaries(values).map(lambda made: built(rule.endpoint, made))

    return st.sampled_from(rules).flatmap(
        lambda rule: st.tuples(st.sampled_from(sorted(rule.methods - {"OPTIONS"})), path_of(rule), pairs)
    )


@pytest.fixture
def visitor(site: Site) -> Visitor:
    """Somebody on a site with one run."""
    visitor = site.inside()
    finished_run(site, [])
    return visitor


def finished_run(site: Site, events: list[Any]) -> str:
    """The id of a run to which a worker told these events."""
    request = RunRequest(
        "greeter",
        Path("/greeter"),
        "greeter.py",
        Kind.ACTION,
        "greet",
        Contract(ContractVersion.V0_1),
        {},
        {},
        AuthShape.FLAT,
    )
    run_id = site.store.create(request).id
    for event in (RunQueued(1.0), RunStarted(1.1, 1, "2.0.1", True), *events, RunFinished(9.0, Status.FAILED)):
        try:
            site.store.append(run_id, event)
        except ValueError:
            continue  # what cannot follow is left out; the runner ends a worker that sends it
    return run_id


@settings(max_examples=settings().max_examples // 2, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_request_is_answered(site: Site, visitor: Visitor, data: st.DataObject) -> None:
    for method, path, pairs in data.draw(st.lists(request_of(site), min_size=6, max_size=6)):
        sent = {"csrf_token": visitor.csrf} | dict(pairs)
        headers = {"Origin": site.url, "Sec-Fetch-Site": "same-origin"}
        response = visitor.client.open(
            path,
            method=method,
            base_url=site.url,
            headers=headers,
            **({"data": sent} if method == "POST" else {"query_string": dict(pairs)}),
        )
        assert response.status_code < 500, (method, path, pairs)


@settings(max_examples=settings().max_examples // 3, suppress_health_check=list(HealthCheck))
@given(
    events=st.lists(
        st.one_of([values_of(kind) for kind in LIES]),
        max_size=12,
    )
)
def test_a_worker_that_lies_spoils_its_own_run_alone(site: Site, visitor: Visitor, events: list[Any]) -> None:
    run_id = finished_run(site, events)
    for tab in ("result", "http", "validation", "output", "handler"):
        assert visitor.get(f"/runs/{run_id}?tab={tab}").status_code == 200
    for form in ("json", "har"):
        assert visitor.get(f"/runs/{run_id}/export?form={form}").status_code == 200
    assert visitor.get("/runs").status_code == 200
    assert "Waiting" not in visitor.get("/runs/1").text


@settings(max_examples=settings().max_examples // 3, suppress_health_check=list(HealthCheck))
@given(schema=json_values, auth=json_values, extra=st.dictionaries(anything_written, json_values, max_size=3))
def test_any_schema_in_a_config_has_its_pages(
    tmp_path: Path, make_site: Any, write_integration: Any, runner: Any, schema: Any, auth: Any, extra: Any
) -> None:
    made = {"description": "d", "input_schema": schema, "output_schema": schema}
    config = extra | {"name": "odd", "version": "1", "entry_point": "greeter.py", "auth": {"fields": auth}}
    root = write_integration(tmp_path / "odd", config | {"actions": {"go": made, "": extra}})
    visitor = make_site(root, runner=runner).inside()
    identifier = Catalog([root]).integrations()[0].id
    for path in ("", "/actions/go", "/auth"):
        assert visitor.get(f"/integrations/{identifier}{path}").status_code < 500
