"""A web side over real parts, and somebody who came in by the launch link."""

import json
import os
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

from tests.web.shared_pages import shared_pages
from workbench.catalog import Catalog
from workbench.runner import Runner
from workbench.store import Store
from workbench.web import WebConfig, app, create_app

PORT = 8770
HERE = f"http://127.0.0.1:{PORT}"
TOKEN = "the-launch-token"

CODE = """\
from autohive_integrations_sdk import ActionHandler, Integration, PollingTriggerHandler

greeter = Integration.load()


@greeter.action("greet")
class Greet(ActionHandler):
    async def execute(self, inputs, context):
        return {"inputs": inputs, "auth": dict(context.auth)}


@greeter.polling_trigger("visits")
class Visits(PollingTriggerHandler):
    async def poll(self, inputs, last_poll_ts, context):
        return [{"id": "1", "data": {"since": str(last_poll_ts)}}]
"""
CONFIG: dict[str, Any] = {
    "name": "greeter",
    "display_name": "Greeter",
    "version": "0.1.0",
    "description": "Says hello.",
    "entry_point": "greeter.py",
    "auth": {
        "type": "Custom",
        "identifier": "greeter_auth",
        "fields": {
            "type": "object",
            "properties": {
                "user_name": {"type": "string", "format": "text", "label": "User name"},
                "password": {"type": "string", "format": "password", "label": "Password"},
                "api_key": {"type": "string", "format": "text", "label": "API key"},
            },
            "required": ["password"],
        },
    },
    "actions": {
        "greet": {
            "display_name": "Greet someone",
            "description": "Gives back what it got.",
            "input_schema": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "times": {"type": "integer"}},
                "required": ["name"],
            },
            "output_schema": {"type": "object"},
        }
    },
    "polling_triggers": {
        "visits": {
            "description": "New visits.",
            "polling_interval": "5m",
            "input_schema": {"type": "object", "properties": {}},
            "output_schema": {"type": "object", "properties": {"since": {"type": "string"}}},
        }
    },
}


def write(root: Path, config: object, code: str = CODE, entry: str = "greeter.py") -> Path:
    """Write an integration's folder."""
    root.mkdir(parents=True, exist_ok=True)
    text = config if isinstance(config, str) else json.dumps(config, indent=2)
    (root / "config.json").write_text(text, "utf-8")
    (root / entry).write_text(code, "utf-8")
    (root / "requirements.txt").write_text(
        "autohive-integrations-sdk==0.1.2  # workbench: ignore contract-unsupported Old.\n", "utf-8"
    )
    return root


class Client(FlaskClient):
    """Reads a static file whole, as a server does, so that it is closed."""

    def open(self, *args: Any, **options: Any) -> Any:
        if args and isinstance(args[0], str) and args[0].startswith("/static"):
            options["buffered"] = True
        return super().open(*args, **options)


@dataclass
class Site:
    """An app with its parts. ``announced`` is what the terminal would have shown."""

    app: Flask
    catalog: Catalog
    store: Store
    runner: Runner
    announced: list[str] = field(default_factory=list)
    url: str = HERE
    port: int = PORT
    token: str = TOKEN

    def outside(self) -> FlaskClient:
        """A browser that has never been here."""
        self.app.test_client_class = Client
        client = self.app.test_client()
        client.environ_base["HTTP_HOST"] = f"127.0.0.1:{PORT}"
        return client

    def inside(self) -> "Visitor":
        """A browser that came in, its cookie and the token of its forms made the way the app makes them."""
        client = self.outside()
        with self.app.test_request_context(base_url=HERE):
            token = generate_csrf()
            mark = session["csrf_token"]
        with client.session_transaction(base_url=HERE) as cookie:
            cookie.update({"inside": True, "csrf_token": mark})
        return Visitor(client, token)


@dataclass
class Visitor:
    """Somebody inside, who sends what a browser would. ``csrf`` is the token that stands in this session's forms."""

    client: FlaskClient
    csrf: str

    def get(self, path: str, **more: Any) -> Any:
        """GET a page."""
        return self.client.get(path, base_url=HERE, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, *, htmx: bool = False, **more: Any) -> Any:
        """POST a form with its token."""
        headers = {"Origin": HERE, "Sec-Fetch-Site": "same-origin", **({"HX-Request": "true"} if htmx else {})}
        headers |= more.pop("headers", {})
        return self.client.post(
            path, base_url=HERE, data={"csrf_token": self.csrf, **(data or {})}, headers=headers, **more
        )


type MakeSite = Callable[..., Site]


@pytest.fixture
def write_integration() -> Callable[..., Path]:
    """Writes an integration's folder: root, config (or its text), code."""
    return write


@pytest.fixture
def config() -> dict[str, Any]:
    """The greeter's config.json, to be changed at will."""
    return deepcopy(CONFIG)


@pytest.fixture(scope="session", autouse=True)
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Apps share their routes and templates."""
    of_process = tmp_path_factory.getbasetemp()
    compiled = (of_process.parent if "PYTEST_XDIST_WORKER" in os.environ else of_process) / "templates"
    compiled.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "pages_app", shared_pages(app.pages_app, compiled))
        yield


@pytest.fixture(scope="module")
def make_site() -> Iterator[MakeSite]:
    """Makes sites over folders, with real runners that end with the module."""
    runners: list[Runner] = []

    def make(*paths: Path, runner: Runner | None = None, **config: Any) -> Site:
        store, announced = Store(archive=config.get("archive")), list[str]()
        if runner is None:
            runner = Runner(store)
            runners.append(runner)
        catalog = Catalog(paths)
        options = {"port": PORT, "announce": announced.append, **config}
        made = create_app(WebConfig(catalog, store, runner, TOKEN, **options))
        return Site(made, catalog, store, runner, announced)

    yield make
    for runner in runners:
        runner.close()


@pytest.fixture(scope="module")
def greeter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an integration that gives back what it got."""
    return write(tmp_path_factory.mktemp("folders") / "greeter", CONFIG)


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """A runner for the sites on which nothing is run."""
    with Runner(Store()) as shared:
        yield shared


@pytest.fixture
def site(make_site: MakeSite, greeter: Path, runner: Runner) -> Site:
    """A new site over the greeter, on which nothing can be run."""
    return make_site(greeter, runner=runner)


@pytest.fixture(scope="module")
def live(make_site: MakeSite, greeter: Path) -> Site:
    """A site over the greeter that runs; one for the module."""
    return make_site(greeter)
