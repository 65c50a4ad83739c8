"""Integrations written on the spot, and runners that do them in real workers."""

import json
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.forked_workers import started_workers
from workbench.domain import AuthShape, Contract, ContractVersion, Kind, Run, RunRequest
from workbench.explain.endings import with_message
from workbench.runner import Runner, RunnerLimits
from workbench.store import Store
from workbench.whole_file import write_whole

FIELDS = {
    "type": "object",
    "properties": {"user_name": {"type": "string"}, "api_key": {"type": "string", "format": "password"}},
}
IMPATIENT = RunnerLimits(finish=0.5, locate=0.3, cancel=0.3, leave=1.5, drain=0.2)

HEAD = """
import asyncio, ctypes, os, signal, subprocess, sys, time
from typing import Any
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration, PollingTriggerHandler

one = Integration.load()
"""

ACTION = """
@one.action("go")
class Go(ActionHandler):
    async def execute(self, inputs: dict[str, Any], context: Any) -> Any:
"""

TRIGGER = """
@one.polling_trigger("news")
class News(PollingTriggerHandler):
    async def poll(self, inputs: dict[str, Any], last_poll_ts: str | None, context: Any) -> Any:
"""

type MakeRequest = Callable[..., RunRequest]


@pytest.fixture
def make_request(tmp_path: Path) -> MakeRequest:
    """A request for an integration whose handler has the given body (``before`` stands above the class)."""

    def make(
        body: str,
        *,
        before: str = "",
        kind: Kind = Kind.ACTION,
        input_schema: Any = None,
        output_schema: Any = None,
        auth_schema: Any = None,
        contract: ContractVersion = ContractVersion.V0_1,
        **more: Any,
    ) -> RunRequest:
        name = "news" if kind is Kind.TRIGGER else "go"
        declared = {"description": "", "input_schema": input_schema or {}, "output_schema": output_schema or {}}
        config = {
            "name": "one",
            "version": "1.0.0",
            "description": "",
            "entry_point": "one.py",
            "auth": {"type": "custom", "fields": auth_schema or FIELDS},
            "actions": {"go": declared} if kind is Kind.ACTION else {},
            "polling_triggers": {"news": declared | {"polling_interval": "5m"}} if kind is Kind.TRIGGER else {},
        }
        head = TRIGGER if kind is Kind.TRIGGER else ACTION
        code = HEAD + textwrap.dedent(before) + head + textwrap.indent(textwrap.dedent(body), " " * 8)
        write_whole(tmp_path / "config.json", json.dumps(config).encode())  # the worker of an earlier run may read it
        write_whole(tmp_path / "one.py", code.encode())
        request: dict[str, Any] = {
            "integration_id": "one",
            "root": tmp_path,
            "entry_point": "one.py",
            "kind": kind,
            "name": name,
            "contract": Contract(contract),
            "inputs": {},
            "auth": {},
            "auth_shape": AuthShape.FLAT,
            "timeout": 20.0,
            "input_schema": declared["input_schema"],
            "output_schema": declared["output_schema"],
            "auth_schema": auth_schema or FIELDS,
        }
        return RunRequest(**request | more)

    return make


@pytest.fixture(scope="session")
def store() -> Store:
    """One store for all."""
    return Store()


@pytest.fixture(scope="session")
def runner(store: Store) -> Iterator[Runner]:
    """One runner for all, impatient with what does not end."""
    with Runner(store, limits=IMPATIENT) as runner:
        yield runner


type DoRun = Callable[..., Run]


@pytest.fixture
def do_run(make_request: MakeRequest, runner: Runner, store: Store) -> DoRun:
    """Do a run to its end and give it unmasked, with the words for its end."""
    return doing(make_request, runner, store)


@pytest.fixture
def do_run_started(make_request: MakeRequest, store: Store) -> Iterator[DoRun]:
    """The same in workers that are started, as on systems that cannot fork."""
    with started_workers(), Runner(store, limits=IMPATIENT, forks=False) as runner:
        yield doing(make_request, runner, store)


def doing(make_request: MakeRequest, runner: Runner, store: Store) -> DoRun:
    """What does a run of ``runner``."""

    def do(body: str, **more: Any) -> Run:
        run = runner.submit(make_request(body, **more))
        runner.wait(run.id, 60)
        done = store.get(run.id, reveal=True)
        assert done is not None
        return replace(done, outcome=with_message(done.outcome, done.request))

    return do
