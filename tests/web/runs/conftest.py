"""Runs made from events through a real store, so that neither runner nor worker is needed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from workbench.catalog import Catalog
from workbench.domain import (
    AuthShape,
    Contract,
    ContractVersion,
    ErrorCode,
    ErrorInfo,
    ErrorKind,
    ExchangeError,
    Frame,
    Headers,
    Kind,
    Returned,
    Run,
    RunRequest,
    Status,
    Timings,
    ValidationError,
)
from workbench.events import (
    CaptureNoted,
    ErrorsFound,
    Event,
    ExchangeEnded,
    ExchangeStarted,
    HandlerFinished,
    HandlerReturned,
    HandlerStarted,
    HangLocated,
    LogRecorded,
    OutputWritten,
    RequestBodySent,
    RequestSent,
    ResponseBodyReceived,
    ResponseStarted,
    RunFinished,
    RunQueued,
    RunStarted,
)
from workbench.explain.text import bare
from workbench.runner import Runner
from workbench.runner.diagnosis import diagnose_output, diagnose_request
from workbench.store import Limits, Store
from workbench.web import WebConfig, create_app

SOURCE = """\
from autohive_integrations_sdk import Integration, ExecutionContext, ActionHandler

api_fetch = Integration.load()


@api_fetch.action("call_api")
class CallApi(ActionHandler):
    async def execute(self, inputs, context):
        api_key = context.auth["api_key"]
        response = await context.fetch(inputs["url"], headers={"Authorization": f"Bearer {api_key}"})
        return {"data": response}


def other():
    return None
"""
AUTH_SCHEMA = {
    "type": "object",
    "properties": {"api_key": {"type": "string", "format": "password", "label": "API key"}},
    "required": ["api_key"],
}
INPUT_SCHEMA = {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]}
OUTPUT_SCHEMA = {
    "type": "object",
    "properties": {"data": {"type": "object"}},
    "required": ["data"],
}


@dataclass
class Story:
    """Tells a run to a store, an event at a time, on a clock that goes by milliseconds."""

    store: Store
    request: RunRequest
    run: Run = field(init=False)
    at: float = 1_000.0
    exchanges: int = 0

    def __post_init__(self) -> None:
        self.run = self.store.create(self.request)
        self.tell(RunQueued(self.at))

    def tell(self, *events: Event) -> "Story":
        for event in events:
            self.store.append(self.run.id, event)
        return self

    def later(self, milliseconds: float) -> float:
        self.at += milliseconds / 1000
        return self.at

    @property
    def now(self) -> Run:
        run = self.store.get(self.run.id)
        assert run is not None
        return run

    @property
    def file(self) -> str:
        return str(self.request.root / self.request.entry_point)

    def frame(self, line: int, function: str = "CallApi.execute", source: str = "") -> Frame:
        """A line of the handler's file, with the line itself as its source where it has one."""
        known = SOURCE.splitlines()
        source = source or (known[line - 1] if line <= len(known) else "")
        return Frame(self.file, line, function, source, line)

    @property
    def handler(self) -> Frame:
        return Frame(self.file, 8, "CallApi.execute", "\n".join(SOURCE.splitlines()[7:11]), 8)

    def started(self) -> "Story":
        return self.tell(
            RunStarted(self.later(2), 4711, "0.1.2", True),
            HandlerStarted(self.later(20), self.handler),
        )

    def exchange(
        self,
        *,
        method: str = "GET",
        url: str = "http://127.0.0.1:8771/test",
        status: int | None = 200,
        reason: str = "OK",
        headers: Headers = (("Content-Type", "application/json"),),
        request_headers: Headers = (("Host", "127.0.0.1:8771"), ("Accept", "*/*")),
        body: bytes = b'{"data": {"method": "GET"}}',
        request_body: bytes = b"",
        size: int | None = None,
        error: ExchangeError | None = None,
        body_state: str = "complete",
        attempt: int = 1,
        group: int | None = None,
        ended: bool = True,
        took: float = 38.0,
        reused: bool = False,
        proxy: str = "",
        trailers: Headers = (),
    ) -> "Story":
        self.exchanges += 1
        number = self.exchanges
        begun = number, group or number, attempt, "aiohttp", method, url, self.frame(10), proxy
        self.tell(
            ExchangeStarted(self.later(3), *begun),
            RequestSent(self.later(1), number, method, "1.1", request_headers, reused),
        )
        if request_body:
            self.tell(RequestBodySent(self.later(0.2), number, len(request_body), request_body))
        if status is not None:
            self.tell(ResponseStarted(self.later(took * 0.8), number, status, reason, "1.1", headers))
            self.tell(ResponseBodyReceived(self.later(took * 0.2), number, size or len(body), body))
        if ended:
            timings = Timings(dns=0.4, connect=0.6, wait=took * 0.8, receive=took * 0.2, total=took)
            self.tell(ExchangeEnded(self.later(0.1), number, timings, body_state, error, trailers=trailers))
        return self

    def prints(self, text: str, stream: str = "stdout") -> "Story":
        return self.tell(OutputWritten(self.later(1), stream, text))

    def logs(self, message: str, level: str = "INFO") -> "Story":
        return self.tell(LogRecorded(self.later(1), level, "api_fetch", message, self.frame(9)))

    def notes(self, message: str) -> "Story":
        return self.tell(CaptureNoted(self.later(1), message))

    def returned(self, value: Any, type_name: str = "dict", **more: Any) -> "Story":
        return self.tell(HandlerReturned(self.later(1), Returned(type_name, value, **more), 11))

    def errors(self, *errors: ValidationError) -> "Story":
        """Tell of errors as the runner found them: what is given names them, and its facts come from a diagnosis."""
        run = self.store.get(self.run.id)
        assert run is not None
        request, outcome = self.request, replace(run.outcome, status=Status.INVALID_OUTPUT)
        found = (*diagnose_request(request), *diagnose_output(request, outcome))
        known = {(each.where, each.pointer, each.keyword): each for each in found}
        own = tuple(
            known.get((each.where, each.pointer, each.keyword), replace(each, code=ErrorCode.OTHER))
            if not each.details
            else each
            for each in errors
        )
        return self.tell(ErrorsFound(self.later(1), own))

    def hangs(self, *frames: Frame) -> "Story":
        return self.tell(HangLocated(self.later(1), frames))

    def finished(
        self, status: Status, *, error: ErrorInfo | None = None, valued: bool = False, cost: float | None = None
    ) -> "Story":
        if status not in (Status.TIMED_OUT, Status.CANCELLED, Status.CRASHED):
            self.tell(HandlerFinished(self.later(1), status, valued, cost, error))
        return self.tell(RunFinished(self.later(2), status, error))

    def error(
        self, kind: str, message: str, line: int = 9, source: str = "", causes: Sequence[ErrorInfo] = ()
    ) -> ErrorInfo:
        text = f'Traceback (most recent call last):\n  File "{self.file}", line {line}\n{kind}: {message}\n'
        frames = (self.frame(line, source=source),)
        return ErrorInfo(kind, message, text, frames, tuple(causes), kind=_about(kind))


def _about(type_name: str) -> ErrorKind:
    """What the worker says of the exceptions that these tests raise."""
    if "Timeout" in type_name:
        return ErrorKind.TIMEOUT
    if bare(type_name) == "RateLimitError":
        return ErrorKind.RATE_LIMIT
    network = bare(type_name) == "HTTPError" or type_name.startswith("aiohttp.") or "Connection" in type_name
    return ErrorKind.NETWORK if network else ErrorKind.HANDLER


@pytest.fixture
def store() -> Store:
    return Store(Limits(subscribers=2))


@pytest.fixture
def app(store: Store, folder: Path, shared_catalog: Catalog) -> Iterator[Flask]:
    catalog = shared_catalog if folder in shared_catalog.roots else Catalog([folder])
    with Runner(store, spare=False) as runner:
        app = create_app(WebConfig(catalog, store, runner, "token-of-the-test"))
        app.config["WTF_CSRF_ENABLED"] = False  # the shell's tests hold the check itself
        yield app


class Browser(FlaskClient):
    """A client that asks the address that the workbench is bound to."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("base_url", "http://127.0.0.1:8770")
        return super().open(*args, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that came in by the launch link."""
    app.test_client_class = Browser
    client = app.test_client()
    assert client.get("/?token=token-of-the-test").status_code == 303
    return client


@pytest.fixture(scope="session")
def shared_catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """A catalog of the folder that many tests look at and none changes: it is read once."""
    root = written(tmp_path_factory.mktemp("shared") / "api-fetch")
    before = {path: path.read_text() for path in root.iterdir()}
    yield Catalog([root])
    assert {path: path.read_text() for path in root.iterdir()} == before


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    """The integration's folder, for a test that changes it."""
    return written(tmp_path / "api-fetch")


@pytest.fixture
def folder(request: pytest.FixtureRequest, shared_catalog: Catalog) -> Path:
    """The integration's folder, the same for all tests that do not ask for one of their own."""
    is_own = "own_folder" in request.fixturenames
    return request.getfixturevalue("own_folder") if is_own else shared_catalog.roots[0]  # type: ignore[no-any-return]


def written(root: Path) -> Path:
    """The integration of these tests, in a new folder."""
    root.mkdir()
    (root / "api_fetch.py").write_text(SOURCE)
    (root / "config.json").write_text('{"name": "api-fetch", "entry_point": "api_fetch.py"}')
    return root


@pytest.fixture
def asked(folder: Path) -> RunRequest:
    return RunRequest(
        integration_id="api-fetch",
        root=folder,
        entry_point="api_fetch.py",
        kind=Kind.ACTION,
        name="call_api",
        contract=Contract(ContractVersion.V0_1),
        inputs={"url": "http://127.0.0.1:8771/test"},
        auth={"api_key": "s3cret-value"},
        auth_shape=AuthShape.FLAT,
        input_schema=INPUT_SCHEMA,
        output_schema=OUTPUT_SCHEMA,
        auth_schema=AUTH_SCHEMA,
    )


type Tell = Callable[..., Story]


@pytest.fixture
def tell(store: Store, asked: RunRequest) -> Tell:
    """Begins a story; keyword arguments change the request."""

    def begin(**changes: Any) -> Story:
        return Story(store, replace(asked, **changes))

    return begin
