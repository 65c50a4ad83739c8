"""Finished runs, and histories of both kinds: in a file, and in a PostgreSQL server that the tests start."""

import dataclasses
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.history.postgresql import find_postgresql
from workbench.domain import (
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
    RunSummary,
    Status,
    Timings,
)
from workbench.history import History

type MakeRun = Callable[..., Run]


def made_run(number: int = 1, **more: Any) -> Run:
    """A finished run of one action with one exchange; ``more`` are parts of its request or of its outcome."""
    of_request = {field.name for field in dataclasses.fields(RunRequest)}
    request: dict[str, Any] = {
        "integration_id": "weather",
        "root": Path("/integrations/weather"),
        "entry_point": "weather.py",
        "kind": Kind.ACTION,
        "name": "read",
        "contract": Contract(ContractVersion.V2),
        "inputs": {"city": "Wellington"},
        "auth_shape": AuthShape.FLAT,
    }
    exchange = Exchange(
        id=1,
        group=1,
        attempt=1,
        library="aiohttp",
        started_at=0.1,
        ended_at=0.2,
        request=Request("GET", "https://api.example.com/now?city=Wellington", body=b"\x00\xff"),
        response=Response(200, body=b'{"gust": 12}', size=12),
        timings=Timings(wait=80.0),
    )
    outcome: dict[str, Any] = {
        "state": RunState.FINISHED,
        "status": Status.SUCCEEDED,
        "result": {"gust": 12},
        "returned": Returned("ActionResult", {"gust": 12}),
        "exchanges": (exchange,),
        "finished_at": 0.25,
    }
    created_at = more.pop("created_at", 1_790_000_000.0 + number)
    for name, value in more.items():
        (request if name in of_request else outcome)[name] = value
    return Run(str(number), RunRequest(**request), created_at, Outcome(**outcome))


def summary(text: str = "", **more: Any) -> RunSummary:
    """What is said of a run."""
    told = {"integration": "Weather", "state": Status.SUCCEEDED.value, "headline": "Succeeded.", "text": text}
    return RunSummary(**told | more)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a server of the tests' own, on a free port of this machine, in a folder that goes when they end."""
    programs = find_postgresql()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="workbench-postgresql-", dir="/tmp"))
    user = "postgres" if os.geteuid() == 0 else ""
    if user:
        shutil.chown(folder, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, started = folder / "data", False
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"

    def call(program: str, *arguments: str) -> None:
        command = [str(programs / program), *arguments]
        command = ["runuser", "-u", user, "--", *command] if user else command
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    try:
        call("initdb", "-D", str(data), "-U", "history", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
        call("pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
        started = True
        yield f"postgresql://history@127.0.0.1:{port}/postgres"
    finally:
        if started:
            call("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'history.sqlite'}"
    server: str = request.getfixturevalue("postgresql_url")
    from sqlalchemy import create_engine, text

    engine = create_engine(server.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS runs WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE runs"))
    engine.dispose()
    return server.replace("/postgres", "/runs")


@pytest.fixture
def history(url: str) -> Iterator[History]:
    """An empty history of each kind."""
    with History.open(url) as opened:
        yield opened
