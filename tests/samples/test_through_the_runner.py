"""Every action of every sample through the real runner and worker: each ends as its name says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.runs.test_clinic import CASES
from workbench.catalog import Catalog
from workbench.domain import Integration, Kind, Outcome, RunRequest
from workbench.echo import in_thread
from workbench.runner import Runner
from workbench.store import Store

ON_PAGES = {action for action, *_ in CASES}
SAMPLES = Path(__file__).parents[2] / "samples"

CLINIC = {
    "healthy": "succeeded",
    "strict_input": "invalid_input",
    "intake_form": "succeeded",
    "big_result": "succeeded",
    "output_type": "invalid_output",
    "output_missing": "invalid_output",
    "output_deep": "invalid_output",
    "output_one_of": "invalid_output",
    "invalid_schema": "invalid_output",
    "wrong_return_type": "invalid_output",
    "http_status": "failed",
    "rate_limited": "failed",
    "timeout": "failed",
    "malformed_json": "invalid_output",
    "unauthorized": "failed",
    "redirects": "succeeded",
    "retries": "succeeded",
    "big_response": "succeeded",
    "action_error": "action_error",
    "invalid_auth": "invalid_auth",
    "exception": "failed",
    "prints_and_logs": "succeeded",
    "slow": "succeeded",
    "hanging": "timed_out",
    "crash": "crashed",
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog([SAMPLES])


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner(Store()) as runner:
        yield runner


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    with in_thread() as url:
        yield url


@pytest.fixture
def run(catalog: Catalog, runner: Runner, echo: str) -> Any:
    """Run by integration and name, from the form's own defaults, with the echo server's URL put in."""

    def run(integration_id: str, name: str, auth: Any = None, timeout: float = 20, **inputs: Any) -> Outcome:
        found = catalog.get(integration_id)
        assert found
        request = request_for(found, name, echo, {} if auth is None else auth, timeout, inputs)
        return runner.wait(runner.submit(request).id, 60).outcome

    return run


def request_for(
    found: Integration, name: str, echo: str, auth: Any, timeout: float, inputs: dict[str, Any]
) -> RunRequest:
    entry: Any = found.action(name) or found.trigger(name)
    kind = Kind.ACTION if found.action(name) else Kind.TRIGGER if entry else Kind.ACCOUNT
    properties = entry.input_schema.get("properties", {}) if entry else {}
    values = {key: schema["default"] for key, schema in properties.items() if "default" in schema}
    values = {key: moved(value, echo) for key, value in values.items()} | inputs
    return RunRequest(
        found.id, found.root, found.entry_point, kind, name, found.contract, values, auth, found.contract.auth_shape,
        found.auth.auth_type, timeout, None, entry.input_schema if entry else None,
        entry.output_schema if entry else None, found.auth.fields,
    )  # fmt: skip


def moved(value: Any, echo: str) -> Any:
    if isinstance(value, list):
        return [moved(item, echo) for item in value]
    return value.replace("http://127.0.0.1:8771", echo) if isinstance(value, str) else value


def test_api_fetch_runs_with_the_auth_form_untouched(run: Any) -> None:
    outcome = run("api-fetch", "call_api")
    assert outcome.status == "succeeded"
    assert outcome.result["data"]["method"] == "GET"


@pytest.mark.parametrize(
    ("name", "path"), [("call_api_un_pw", "/basic-auth/ada/love-5e1f"), ("call_api_header", "/bearer")]
)
def test_api_fetch_sends_the_credentials(run: Any, echo: str, name: str, path: str) -> None:
    auth = {"user_name": "ada", "password": "love-5e1f", "api_key": "key-9d2c"}
    outcome = run("api-fetch", name, auth, url=f"{echo}{path}")
    assert outcome.status == "succeeded"
    assert [exchange.response.status for exchange in outcome.exchanges] == [200]
    without = run("api-fetch", name)
    assert without.status == "failed"
    assert "fill it in on the auth page" in without.error.message


def test_rss_reader(run: Any) -> None:
    assert len(run("rss-reader", "get_feed").result["entries"]) == 10
    outcome = run("rss-reader", "new_entries")
    assert outcome.status == "succeeded"
    assert len(outcome.result) == 20


def test_the_table_names_every_action_of_the_clinic(catalog: Catalog) -> None:
    found = catalog.get("schema-clinic")
    assert found
    assert {action.name for action in found.actions} == set(CLINIC)


def once(name: str, status: str) -> Any:
    """The case, left to ``make test-all`` where the page of the same run is looked at."""
    marks = [pytest.mark.exhaustive] if name in ON_PAGES else []
    return pytest.param(name, status, marks=marks, id=f"{name}-{status}")


@pytest.mark.parametrize(("name", "status"), [once(*case) for case in CLINIC.items()])
def test_the_clinic_ends_as_it_says(run: Any, name: str, status: str) -> None:
    inputs = {"slow": {"steps": 3, "seconds_a_step": 0.01}}.get(name, {})
    auth = {"api_token": "wrong"} if name == "invalid_auth" else {}
    outcome = run("schema-clinic", name, auth, timeout=0.5 if name == "hanging" else 20, **inputs)
    assert outcome.status == status, outcome.error
    if status.startswith("invalid_"):
        assert outcome.errors or outcome.error
        assert outcome.returned is None or status == "invalid_output"


def test_a_handler_that_swallows_its_cancellation_ends_at_the_time_limit_all_the_same(run: Any) -> None:
    assert run("schema-clinic", "hanging", timeout=0.5, how="swallowing cancellation").status == "timed_out"


@pytest.mark.parametrize(("how", "status"), [("sys.exit", "failed"), ("a segmentation fault", "crashed")])
def test_other_ways_to_crash(run: Any, how: str, status: str) -> None:
    assert run("schema-clinic", "crash", how=how).status == status


def test_the_clinics_account_and_trigger(run: Any) -> None:
    account = run("schema-clinic", "", {"api_token": "clinic-ada"})
    assert account.status == "succeeded"
    assert account.result["organization"] == "Schema clinic"
    assert run("schema-clinic", "admissions").status == "succeeded"
    assert run("schema-clinic", "admissions", error="data that breaks the schema").status == "invalid_output"
    assert run("schema-clinic", "invalid_auth").status == "failed"
    assert run("schema-clinic", "unauthorized", {"api_token": "clinic-1"}).status == "succeeded"
