"""Actions of the samples and of each library replay from their own recording, with no server left to answer."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.samples.test_through_the_runner import SAMPLES, request_for
from workbench.answers.from_run import answers_of_run
from workbench.catalog import Catalog
from workbench.domain import (
    AnswerSource,
    Exchange,
    FailureKind,
    Outcome,
    Request,
    Run,
    RunRequest,
    Status,
)
from workbench.echo import in_thread
from workbench.events.redactor import Redactor
from workbench.runner import Runner
from workbench.store import Store

AUTH = {"user_name": "ada", "password": "love-5e1f", "api_key": "key-9d2c"}
OF_SAMPLES = {
    "api-fetch": {"call_api": "", "call_api_un_pw": "/basic-auth/ada/love-5e1f", "call_api_header": "/bearer"},
    "rss-reader": {"get_feed": "", "new_entries": ""},
    "schema-clinic": dict.fromkeys(("http_status", "redirects", "timeout"), ""),
}
LIBRARIES = ("aiohttp", "requests", "httplib2", "urllib", "http_client", "boto3", "feedparser", "httpx", "httpx_async")
CHEAP = ("requests",)
FAILING = ("aiohttp", "httpx", "httpx_async", "urllib3", "httplib2", "urllib")


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner(Store()) as runner:
        yield runner


def masked(run: Run) -> Run:
    return Redactor.for_request(run.request).run(run)


def request_of(exchange: Exchange) -> Request:
    """The request; boto3 signs the time."""
    return replace(exchange.request, headers=()) if exchange.library == "boto3" else exchange.request


def seen(outcome: Outcome) -> tuple[Any, ...]:
    """What a person sees of an outcome, without its times."""
    exchanges = [
        (
            request_of(one),
            one.response and replace(one.response, headers=(), raw_size=None),
            one.error,
            one.retry is None,
        )
        for one in outcome.exchanges
    ]
    error = outcome.error and (outcome.error.type, outcome.error.message)
    return outcome.status, outcome.result, error, outcome.errors, exchanges


def test_the_samples(runner: Runner) -> None:
    catalog = Catalog([SAMPLES])
    with in_thread() as echo:
        requests = []
        for integration, actions in OF_SAMPLES.items():
            found = catalog.get(integration)
            assert found
            for name, path in actions.items():
                inputs = {"url": echo + path} if path else {}
                requests.append(request_for(found, name, echo, AUTH if path else {}, 30, inputs))
        live = [masked(runner.wait(runner.submit(request).id, 60)) for request in requests]
    _replayed(runner, requests, live)


def test_a_request_with_a_new_id_each_time_is_matched_by_its_kind(runner: Runner) -> None:
    found = Catalog([SAMPLES]).get("schema-clinic")
    assert found
    with in_thread() as echo:
        request = request_for(found, "retries", echo, {}, 30, {})
        live = masked(runner.wait(runner.submit(request).id, 60))
    again = runner.wait(runner.submit(replace(request, answers=answers_of_run(live))).id, 60).outcome

    assert again.status is Status.SUCCEEDED
    assert len(again.exchanges) == len(live.outcome.exchanges) > 1
    assert again.exchanges[0].request.url != live.outcome.exchanges[0].request.url


@pytest.mark.parametrize(
    "library", [name if name in CHEAP else pytest.param(name, marks=pytest.mark.exhaustive) for name in LIBRARIES]
)
def test_each_library(runner: Runner, library: str) -> None:
    found = Catalog([Path(__file__).parents[1] / "http_lab"]).get("http_lab")
    assert found
    with in_thread() as echo:
        requests = [request_for(found, library, echo, {}, 30, {"url": f"{echo}/get"})]
        live = [masked(runner.wait(runner.submit(request).id, 60)) for request in requests]
    _replayed(runner, requests, live)


FAILURES = {
    "name_not_found": ("dns", FailureKind.NAME_NOT_FOUND),
    "refused": ("connect", FailureKind.REFUSED),
    "certificate": ("tls", FailureKind.CERTIFICATE),
    "dropped": ("wait", FailureKind.DISCONNECTED),
    "reset": ("wait", FailureKind.DISCONNECTED),
    "cut": ("receive", FailureKind.CUT),
    "undecodable": ("receive", FailureKind.UNDECODABLE),
    "not_http": ("wait", FailureKind.NOT_HTTP),
    "timeout": ("wait", FailureKind.TIMEOUT),
    "cancelled": ("wait", FailureKind.CANCELLED),
}


@pytest.mark.parametrize(
    "library", ["requests", *(pytest.param(each, marks=pytest.mark.exhaustive) for each in FAILING)]
)
def test_each_way_to_fail_is_an_exchange_with_its_phase_and_kind(runner: Runner, library: str) -> None:
    """The lab has one action for each way, which brings its own server."""
    found = Catalog([Path(__file__).parents[1] / "http_lab"]).get("http_lab")
    assert found
    ways = dict(FAILURES)
    if library == "requests":
        ways = {way: FAILURES[way] for way in ("certificate", "cut", "timeout")}
    elif library not in ("aiohttp", "httpx_async"):
        del ways["cancelled"]  # nothing cancels a thread
    if library == "urllib":
        del ways["undecodable"]  # it gives the body as it came
    requests = [request_for(found, f"fails_{way}", "", {}, 30, {"library": library}) for way in ways]
    submitted = [runner.submit(request).id for request in requests]
    for one, (phase, kind) in zip(submitted, ways.values(), strict=True):
        run = runner.wait(one, 60)
        error = run.outcome.exchanges[-1].error
        assert error is not None, run.request.name
        assert (run.outcome.status, run.request.name, error.phase, error.kind) == (
            Status.FAILED, run.request.name, phase, kind
        )  # fmt: skip


def _replayed(runner: Runner, requests: list[RunRequest], live: list[Run]) -> None:
    for request, run in zip(requests, live, strict=True):
        again = masked(runner.wait(runner.submit(replace(request, answers=answers_of_run(run))).id, 60))
        assert run.outcome.exchanges, request.name
        assert (request.name, seen(again.outcome)) == (request.name, seen(run.outcome))
        assert {one.origin.source for one in again.outcome.exchanges} == {AnswerSource.RECORDING}
