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
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)
from playwright.sync_api import Error as BrowserError

ROOT = Path(__file__).parents[2]
_COMMAND = [str(Path(sysconfig.get_path("scripts")) / "workbench")]
_LONGEST = 30_000
"""Milliseconds for what a page does on a busy machine; nothing waits so long that is there."""
_WINDOW: Any = {"width": 1280, "height": 720}
_COUNT_SWAPS = """
document.addEventListener("htmx:after:swap", (event) => {
  const [, kind] = event.detail?.ctx?.request?.action?.match(/\\/(form|runs)$/) ?? [];
  const data = document.documentElement.dataset;
  if (kind) data[kind] = Number(data[kind] ?? 0) + 1;
});
"""
_PAGE = ".topbar, #main, #outcome, #notes, #nav [aria-current]"
_COLOURS = ["color-contrast", "link-in-text-block"]
_AXE = """async ([part, options]) => {
  const target = part ? [...document.querySelectorAll(part)] : document;
  if (part && !target.length) return [`nothing is ${part}`];
  const found = await axe.run(target, {resultTypes: ["violations"], ...options});
  return found.violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.target} ${node.html.slice(0, 200)} ${node.failureSummary}`));
}"""
_MARK_NEW = """([part, checked]) => {
  const known = new Set(checked), marks = new Map(), fresh = [];
  const hash = (text, seed) => [...text].reduce((sum, one) => Math.imul(sum ^ one.charCodeAt(0), 16777619), seed);
  const around = (element) => {
    if (!element) return 7;
    if (!marks.has(element)) {
      const look = getComputedStyle(element);
      const parts = [look.color, look.backgroundColor, look.backgroundImage, look.opacity, look.position];
      marks.set(element, hash(parts.join(), around(element.parentElement)));
    }
    return marks.get(element);
  };
  for (const element of document.querySelectorAll(part ? `:is(${part}), :is(${part}) *` : "*")) {
    if (!element.checkVisibility({ visibilityProperty: true })) continue;  // axe leaves it out, until it is shown
    const texts = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!texts && !element.matches("input, select, textarea")) continue;
    const { fontSize, fontWeight, fontStyle, textDecoration, textShadow, borderBottom } = getComputedStyle(element);
    const own = [element.tagName, element.className, fontSize, fontWeight, fontStyle, textDecoration, textShadow];
    const mark = hash([...own, borderBottom].join(), around(element));
    if (!known.has(mark)) fresh.push(mark), element.setAttribute("data-new-colours", "");
    known.add(mark);
  }
  return fresh;
}"""
_UNMARK = """() => {
  for (const element of document.querySelectorAll("[data-new-colours]")) element.removeAttribute("data-new-colours");
}"""
_DRAW_ANEW = "() => { const d = document.documentElement; d.hidden = true; void d.offsetHeight; d.hidden = false; }"
_FORGET = """() => addEventListener("pagehide", () => {  // after our own listener, which stores a draft
  sessionStorage.clear();
  localStorage.clear();
})"""
_PROBE = """async () => {
  const icon = document.querySelector("link[rel=icon]").href.replace(/\\?.*$/, "");
  return (await fetch(`${icon}?intercepted`, { cache: "no-store" })).status;
}"""
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    "--js-flags=--no-opt --no-maglev",  # no page lives long enough to win back what optimized code costs
]


@dataclass(slots=True)
class Workbench:
    """A serving workbench: its launch link, good once, and the cookies of whoever has used it."""

    link: str
    process: subprocess.Popen[str]
    cookies: list[dict[str, Any]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Of its pages, with their secret path."""
        return self.link.split("/?", 1)[0]

    @property
    def origin(self) -> str:
        """Of its server."""
        return "/".join(self.link.split("/", 3)[:3])

    def kill(self) -> None:
        """End it without a word, as a crash would."""
        self.process.kill()
        self.process.wait(20)


@contextmanager
def command(*arguments: str, ready: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The command line in its own process; gives it, and what follows ``ready`` on its line. Ends it after."""
    process = subprocess.Popen([*_COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
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
        process.wait(60)
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
    """A copy of ``samples/`` whose defaults name this session's echo server. Modules put integrations beside them."""
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
    """The browser of all browser tests that follow each other in a process, and a page with scripts and one without.

    A page of its own costs a test three times what it costs to open another address in one that is there. While the
    browser is open, Playwright keeps an event loop running in this thread, and no asynchronous test of another package
    could run: it is closed before one comes.
    """

    def __init__(self) -> None:
        self._open: tuple[Playwright, Browser] | None = None
        self._pages: dict[bool, Page] = {}

    def open(self) -> Browser:
        """The browser, started where there is none."""
        if self._open is None:
            path = runpy.run_path(str(Path(__file__).with_name("chromium.py")))["find_chromium"]()
            if path is None:
                pytest.fail("no Chromium: run `make test`, or python tests/browser/chromium.py")
            expect.set_options(timeout=_LONGEST)
            playwright = sync_playwright().start()
            try:
                self._open = playwright, playwright.chromium.launch(executable_path=path, args=_FLAGS)
            except BaseException:
                playwright.stop()
                raise
        return self._open[1]

    def take(self, scripts: bool) -> Page:
        """The page with or without scripts; no one else has it until it is put back."""
        return self._pages.pop(scripts, None) or self.new(scripts)

    def new(self, scripts: bool) -> Page:
        """A page of a new context, where nothing moves and answers that replace a form or an outcome are counted."""
        context = self.open().new_context(java_script_enabled=scripts, viewport=_WINDOW, reduced_motion="reduce")
        context.set_default_timeout(_LONGEST)
        context.add_init_script(_COUNT_SWAPS)
        return context.new_page()

    def put_back(self, scripts: bool, page: Page) -> None:
        """Keep a page for the next test, as if it were new: without cookies, storage, routes and other pages."""
        context = page.context
        try:
            if page.is_closed() or scripts in self._pages:
                raise BrowserError("not needed")
            for other in context.pages:
                if other != page:
                    other.close()
            page.unroute_all(behavior="ignoreErrors")
            if scripts:
                page.evaluate(_FORGET)
            page.goto("about:blank")
            context.clear_cookies()
            context.clear_permissions()
            page.emulate_media(color_scheme="null")
            page.set_viewport_size(_WINDOW)
            page.mouse.move(0, 0)
            self._pages[scripts] = page
        except BrowserError:
            context.close()

    def close(self) -> None:
        """End it, if it is open."""
        if self._open is not None:
            playwright, browser = self._open
            self._open = None
            self._pages.clear()
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
def one_browser(pytestconfig: pytest.Config) -> OneBrowser:
    """The browser with its pages."""
    return pytestconfig.stash.setdefault(_browser, OneBrowser())


@pytest.fixture
def chromium(one_browser: OneBrowser) -> Browser:
    """The browser, for a test that opens contexts of its own in it."""
    return one_browser.open()


@pytest.fixture
def open_page(one_browser: OneBrowser) -> Iterator[Callable[..., Page]]:
    """Opens a path of a workbench in a page as a new browser has it, let in by the launch link or its cookie.

    A test that asks for more pages, or says ``own`` because it listens to its page's events, gets a new browser's.
    At the end of the test a page error, a console error or a violation of the content policy fails it. An answer that
    is an error counts too, unless ``statuses`` is False.
    """
    complaints: list[str] = []
    contexts: list[BrowserContext] = []
    taken: list[tuple[bool, Page, dict[str, Any]]] = []

    def open_at(
        workbench: Workbench,
        path: str = "/",
        *,
        statuses: bool = True,
        scripts: bool = True,
        own: bool = False,
        viewport: Any = _WINDOW,
    ) -> Page:
        def hear(message: ConsoleMessage) -> None:
            left = "htmx:error: Failed to fetch" in message.text  # a page that is left ends what it was asking for
            told = statuses or not message.text.startswith("Failed to load resource")
            if message.type == "error" and told and not left:
                complaints.append(f"console: {message.text}")

        def fail(error: BrowserError) -> None:
            complaints.append(f"page error: {error}")

        if own or any(scripts is one[0] for one in taken):
            page = one_browser.new(scripts)
            contexts.append(page.context)
        else:
            page = one_browser.take(scripts)
            taken.append((scripts, page, {"pageerror": fail, "console": hear}))
        page.on("pageerror", fail)
        page.on("console", hear)
        page.set_viewport_size(viewport)
        page.context.add_cookies(workbench.cookies)
        start = workbench.address + path
        if not workbench.cookies:
            if path == "/":
                start = workbench.link
            else:
                page.context.request.get(workbench.link, max_redirects=0)  # without drawing the first page
        page.goto(start)
        workbench.cookies = workbench.cookies or page.context.cookies()  # type: ignore[assignment]  # typed as a dict
        return page

    yield open_at
    for context in contexts:
        context.close()
    for scripts, page, heard in taken:
        for event, listener in heard.items():
            page.remove_listener(event, listener)
        one_browser.put_back(scripts, page)
    assert complaints == []


@pytest.fixture
def intercept() -> Callable[..., None]:
    """``intercept(page, url, handler)`` is ``page.route``, over once requests of the page do come to it.

    Chromium says so to the page later than to Playwright: of what the page asks for in between, no one is told.
    """

    def route(page: Page, url: Any, handler: Callable[[Route], Any]) -> None:
        page.route(re.compile(r"\?intercepted$"), lambda probe: probe.fulfill(status=204))
        page.route(url, handler)
        while page.evaluate(_PROBE) != 204:
            page.wait_for_timeout(10)

    return route


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


@pytest.fixture(scope="session")
def checked_colours() -> set[int]:
    """What axe-core has seen: text and its ground by all of their computed style that the rules about colours ask."""
    return set()


@pytest.fixture
def axe(checked_colours: set[int]) -> Callable[..., None]:
    """``axe(page, part)`` fails with what axe-core finds, none of its rules left out, in both schemes of colours.

    The rules about colours take most of the time. They look at ``part`` (a selector, "" for the whole page), without
    one at all but the list of an integration's handlers, and there at text that looks as none before it. ``within``
    keeps the other rules to a part, too.
    """
    shown: dict[Page, str] = {}

    def look(page: Page, part: str = _PAGE, *, within: str = "") -> None:
        def check(part: str, **options: Any) -> None:
            told = page.evaluate(_AXE, [part, options])
            assert told == [], f"{page.url} in the {scheme}:\n" + "\n".join(told)

        page.wait_for_load_state()
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        schemes: Any = ("dark", "light") if shown.get(page) == "dark" else ("light", "dark")
        for scheme in schemes:
            if shown.get(page) != scheme:
                page.emulate_media(color_scheme=scheme)
                page.evaluate(_DRAW_ANEW)  # without it axe may read the colours of the other scheme
                shown[page] = scheme
            if part:
                expect(page.locator(part).first).to_be_attached()
            while fresh := page.evaluate(_MARK_NEW, [part, list(checked_colours)]):
                if not page.locator("[data-new-colours]").count():
                    continue  # the page was drawn again meanwhile, without the marks
                check("[data-new-colours]", runOnly=_COLOURS)
                page.evaluate(_UNMARK)
                checked_colours.update(fresh)
                break
        check(within, rules={rule: {"enabled": False} for rule in _COLOURS})

    return look


@pytest.fixture
def look_again() -> Callable[[Page], None]:
    """``look_again(page)`` waits for the end of the run that a page without scripts shows, and loads the page anew."""

    def wait(page: Page) -> None:
        page.wait_for_url(re.compile(r"\?run=\d+"))
        origin, run = page.url.partition("/integrations")[0], page.url.rpartition("=")[2]
        while 'data-state="finished"' not in page.request.get(f"{origin}/runs/{run}/outcome").text():
            page.wait_for_timeout(30)
        page.reload()

    return wait
