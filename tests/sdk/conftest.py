"""Integrations written to a folder and loaded from it, and a real HTTP server that answers as a test tells it to."""

import asyncio
import importlib.util
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from aiohttp import web


class Documents:
    """Makes the text of a config.json: one action ``act``, and whatever else is named."""

    action: Mapping[str, Any] = {
        "description": "Answers.",
        "input_schema": {"type": "object", "properties": {"q": {"type": "integer"}}, "required": ["q"]},
        "output_schema": {"type": "object", "properties": {"r": {"type": "integer"}}, "required": ["r"]},
    }
    trigger: Mapping[str, Any] = {
        "description": "Polls.",
        "polling_interval": "5m",
        "input_schema": {"type": "object", "required": ["feeds"]},
        "output_schema": {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]},
    }
    auth: Mapping[str, Any] = {
        "type": "custom",
        "fields": {"type": "object", "properties": {"api_key": {"type": "string"}}, "required": ["api_key"]},
    }

    def __call__(self, **members: Any) -> dict[str, Any]:
        return {"name": "n", "version": "1.0.0", "description": "d", "actions": {"act": self.action}} | members

    def of_input(self, schema: Any) -> dict[str, Any]:
        """One action ``act`` that takes what the schema allows and returns anything."""
        return self(actions={"act": {"description": "d", "input_schema": schema, "output_schema": {}}})


@pytest.fixture
def config() -> Documents:
    return Documents()


@pytest.fixture
def folder(tmp_path: Path, config: Documents) -> Callable[..., Path]:
    """Writes an integration's folder: its config.json, and files by their path, or modules by their name."""

    def write(document: Any = None, /, **files: str) -> Path:
        text = document if isinstance(document, str) else json.dumps(config() if document is None else document)
        (tmp_path / "config.json").write_text(text, encoding="utf-8")
        for name, content in files.items():
            path = tmp_path / {"requirements": "requirements.txt"}.get(name, name if "/" in name else f"{name}.py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def run_module() -> Iterator[Callable[[Path], ModuleType]]:
    """Imports a file as a module of its own, the way the workbench and the platform import an entry point."""
    made: list[str] = []

    def run(path: Path) -> ModuleType:
        name = f"entry_point_{len(made)}_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        made.append(name)
        spec.loader.exec_module(module)
        return module

    yield run
    for name in made:
        sys.modules.pop(name, None)


@dataclass
class Seen:
    """A request as the server got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Service:
    """The server: ``answers`` are used up one a request (a response, or an exception-like word), the last one stays."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)

    def answer(self, body: Any = None, *, status: int = 200, text: str | bytes | None = None, **headers: str) -> None:
        """Queue a JSON answer, or one of text; header names are written with ``_``."""
        raw = text.encode() if isinstance(text, str) else text if text is not None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if text is None:
            named.setdefault("Content-Type", "application/json")
        self.answers.append((status, raw, named))

    def drop(self, times: int = 1) -> None:
        """Queue connections that are closed without an answer."""
        self.answers += ["drop"] * times

    def hang(self, times: int = 1) -> None:
        """Queue connections that are never answered."""
        self.answers += ["hang"] * times

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(Seen(request.method, request.raw_path, dict(request.headers), await request.read()))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0] if self.answers else None
        if answer == "hang":
            await asyncio.sleep(30)
        if answer == "drop":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        status, raw, headers = answer or (200, b'{"ok": true}', {"Content-Type": "application/json"})
        return web.Response(status=status, body=raw, headers=headers)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """A server on a free port of 127.0.0.1."""
    made = Service()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between retries, which are not slept through."""
    taken: list[float] = []
    sleep = asyncio.sleep

    async def nap(seconds: float, result: Any = None) -> Any:
        if seconds >= 10:
            return await sleep(seconds, result)
        taken.append(seconds)
        return result

    monkeypatch.setattr(asyncio, "sleep", nap)
    return taken
