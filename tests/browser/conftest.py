"""The real command in a process of its own, and a real Chromium looking at it."""

import re
import runpy
import shutil
import signal
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Playwright, sync_playwright

ROOT = Path(__file__).parents[2]
_COMMAND = str(Path(sysconfig.get_path("scripts")) / "workbench")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@dataclass(slots=True)
class Workbench:
    """A serving workbench: its launch link, good once, and the cookies of whoever has used it."""

    link: str
    process: subprocess.Popen[str]
    cookies: list[dict[str, Any]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.link.split("/?", 1)[0]

    def kill(self) -> None:
        """End it without a word, as a crash would."""
        self.process.kill()
        self.process.wait(20)


@contextmanager
def command(*arguments: str, ready: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The command line in its own process; gives it, and what follows ``ready`` on its line. Ends it after."""
    process = subprocess.Popen([_COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := re.match(rf"{ready}: (http://\S+)$", line):
                yield found[1], process
                break
        else:
            pytest.fail(f"workbench {arguments[0]} ended with {process.wait()} before it was ready")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        process.stdout.close()


@contextmanager
def serving(*paths: Path, port: int = 0, echo: bool = False) -> Iterator[Workbench]:
    """``workbench serve`` until the block is left, with an echo server of its own or without; port 0 is a free one."""
    beside = ("--echo", "--echo-port", "0") if echo else ("--no-echo",)
    options = ("--port", str(port), "--no-open", *beside)
    with command("serve", *map(str, paths), *options, ready="Workbench ready") as made:
        yield Workbench(*made)


@pytest.fixture(scope="session")
def echo_url() -> Iterator[str]:
    """The echo server, as ``workbench echo`` starts it."""
    with command("echo", "--port", "0", ready="Echo ready") as (url, _):
        yield url


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, echo_url: str) -> Path:
    """A copy of ``samples/`` whose defaults name this session's echo server."""
    copy = tmp_path_factory.mktemp("browser") / "samples"
    shutil.copytree(ROOT / "samples", copy, ignore=shutil.ignore_patterns("test_*", "conftest.py", "__pycache__"))
    for path in copy.rglob("*.*"):
        if path.suffix in {".json", ".py"}:
            path.write_text(path.read_text("utf-8").replace("http://127.0.0.1:8771", echo_url), "utf-8")
    return copy


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folders of 41 real integrations, each with its config.json alone."""
    return ROOT / "tests" / "corpus"


@pytest.fixture(scope="session")
def workbench(samples: Path) -> Iterator[Workbench]:
    """The workbench on the samples."""
    with serving(samples) as served:
        yield served


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[Workbench]]:
    """Serves other folders, in a workbench of their own: ``with serve(folder, ...) as served``."""
    return serving


class OneBrowser:
    """The browser of all browser tests that follow each other in a process.

    While it is open, Playwright keeps an event loop running in this thread, and no asynchronous test of another package
    could run: it is closed before one comes.
    """

    def __init__(self) -> None:
        self._open: tuple[Playwright, Browser] | None = None

    def open(self) -> Browser:
        """The browser, started where there is none."""
        if self._open is None:
            path = runpy.run_path(str(Path(__file__).with_name("chromium.py")))["find_chromium"]()
            if path is None:
                pytest.fail("no Chromium: run `make test`, or python tests/browser/chromium.py")
            playwright = sync_playwright().start()
            try:
                self._open = playwright, playwright.chromium.launch(executable_path=path, args=_FLAGS)
            except BaseException:
                playwright.stop()
                raise
        return self._open[1]

    def close(self) -> None:
        """End it, if it is open."""
        if self._open is not None:
            playwright, browser = self._open
            self._open = None
            browser.close()
            playwright.stop()


_browser = pytest.StashKey[OneBrowser]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Close the browser after the last of the browser tests that follow each other."""
    try:
        return (yield)
    finally:
        if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
            item.config.stash.setdefault(_browser, OneBrowser()).close()


@pytest.fixture
def chromium(pytestconfig: pytest.Config) -> Browser:
    """The browser; each test opens contexts of its own in it."""
    return pytestconfig.stash.setdefault(_browser, OneBrowser()).open()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a path of a workbench in a browser of its own, let in by the launch link or the cookie that it gave.

    At the end of the test a page error, a console error or a violation of the content policy fails it. An answer that
    is an error counts too, unless ``statuses`` is False.
    """
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_at(workbench: Workbench, path: str = "/", *, statuses: bool = True, **options: Any) -> Page:
        def hear(message: ConsoleMessage) -> None:
            left = "htmx:error: Failed to fetch" in message.text  # a page that is left ends what it was asking for
            told = statuses or not message.text.startswith("Failed to load resource")
            if message.type == "error" and told and not left:
                complaints.append(f"console: {message.text}")

        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_cookies(workbench.cookies)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
        page.on("console", hear)
        if not workbench.cookies:
            page.goto(workbench.link)
            workbench.cookies += context.cookies()
        page.goto(workbench.address + path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def press() -> Callable[..., Locator]:
    """``press(page)`` presses Run (or the button named) and gives the outcome of that very run.

    An earlier run of the same action may be on the page until the new one takes its place.
    """

    def pressed(page: Page, button: str = "Run") -> Locator:
        before = page.url
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_url(lambda url: url != before and "run=" in url)
        return page.locator(f"#outcome[data-run='{page.url.rsplit('run=', 1)[1]}']")

    return pressed
