"""Finished runs for recordings: what the store gives, masked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.history.conftest import made_run
from workbench.domain import Exchange, Frame, Request, Response, Run, Timings
from workbench.events.redactor import Redactor

SECRET = 'p)%>+$:"é-4f9a'


def exchange(number: int = 1, **more: Any) -> Exchange:
    """A complete exchange; ``more`` are its members."""
    members: dict[str, Any] = {
        "id": number,
        "group": number,
        "attempt": 1,
        "library": "aiohttp",
        "request": Request("GET", f"https://api.example.com/pages/{number}?a=1&a=2", headers=(("Accept", "*/*"),)),
        "started_at": 0.25,
        "ended_at": 0.5,
        "response": Response(200, "OK", headers=(("Content-Type", "application/json"),), body=b'{"n": 1}', size=8),
        "timings": Timings(connect=1.5, tls=2.0, wait=30.0, receive=0.5),
        "reused": False,
        "body_state": "complete",
    }
    return Exchange(**members | more)


def masked_run(root: Path, *exchanges: Exchange, **more: Any) -> Run:
    """The masked view of a finished run with these exchanges, whose ``api_key`` is :data:`SECRET`."""
    site = Frame(str(root / "code" / "weather.py"), 12, "execute", "secret source", 12)
    members = {"auth": {"api_key": SECRET, "region": "eu"}, "root": root} | more
    run = made_run(exchanges=tuple(replace(one, call_site=site) for one in exchanges), **members)
    return Redactor.for_request(run.request).run(run)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An integration's folder, with a canary outside of it."""
    (tmp_path / "canary.json").write_text('{"canary": true}')
    root = tmp_path / "weather"
    root.mkdir()
    yield root
    assert sorted(path.name for path in tmp_path.iterdir()) == ["canary.json", "weather"]
