"""Forms: the largest one of the corpus, and schemas of thousands of properties, in a browser too."""

import json
import shutil
import signal
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from benchmarks.measure import Figure, median_seconds
from workbench import forms
from workbench.domain import JSON

_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chromium-headless-shell")
_CORPUS = Path(__file__).parents[1] / "tests" / "corpus"


def run() -> list[Figure]:
    """Absolute times: what a person waits for, on whatever machine this is."""
    name, schema = _largest()
    pairs = _posted(schema)
    flat: JSON = {"type": "object", "properties": {f"p{n}": _scalar(n) for n in range(2000)}}
    wider: JSON = {"type": "object", "properties": {f"p{n}": _scalar(n) for n in range(5000)}}
    nested: JSON = {"type": "object", "properties": {f"o{n}": _object(50) for n in range(40)}}
    wide: JSON = {"type": "object", "properties": {f"p{n}": _scalar(n) for n in range(51)}}
    wide_pairs = _posted(wide)
    return [
        _figure(
            f"blank form of {name}, {len(pairs)} parts", 30, lambda: forms.open_form(schema, edit_url="/edit").markup
        ),
        _figure("the same, read", 10, lambda: forms.read(schema, pairs)),
        _figure("form of 51 fields", 30, lambda: forms.open_form(wide, edit_url="/edit").markup),
        _figure("the same, read", 10, lambda: forms.read(wide, wide_pairs)),
        _figure("2,000 properties side by side, opened", 1000, lambda: forms.open_form(flat, edit_url="/edit").markup),
        _figure(
            "2,000 properties in 40 objects, opened", 1000, lambda: forms.open_form(nested, edit_url="/edit").markup
        ),
        _figure("5,000 properties side by side, opened", 1000, lambda: forms.open_form(wider, edit_url="/edit").markup),
        *_in_a_browser({"2,000": flat, "5,000": wider}),
    ]


def _in_a_browser(schemas: Mapping[str, JSON]) -> list[Figure]:
    """The workbench's own page of an action, from the click to the first paint and to the load event."""
    chromium = find_chromium()
    if chromium is None:
        return []
    figures: list[Figure] = []
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        actions = {f"a{len(name)}{name[0]}": {"input_schema": schema} for name, schema in schemas.items()}
        write_integration(Path(folder) / "wide", actions)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with served(Path(folder)) as link:
            page = browser.new_page()
            page.goto(link)
            for name, action in zip(schemas, actions, strict=True):
                took = [_opened(page, f"{link.split('/?')[0]}/integrations/wide/actions/{action}") for _ in range(6)]
                paint, load = (statistics.median(times) for times in zip(*took[1:], strict=True))
                words = f"forms: page of {name} properties in Chromium, first paint and load"
                value = f"{paint:.0f} ms, {load:.0f} ms"
                figures.append(Figure(words, value, "≤ 1000 ms", max(paint, load) <= 1000))
        browser.close()
    return figures


def find_chromium() -> str | None:
    """The path of the browser; None where there is none."""
    return next((path for name in _CHROMIUMS if (path := shutil.which(name))), None)


def _opened(page: Page, url: str) -> tuple[float, float]:
    page.goto(url, wait_until="load")
    page.locator("#inputs-form").wait_for()
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    paint, load = page.evaluate(
        "[performance.getEntriesByName('first-contentful-paint')[0].startTime,"
        " performance.getEntriesByType('navigation')[0].loadEventEnd]"
    )
    return paint, load


def write_integration(folder: Path, actions: Mapping[str, dict[str, JSON]]) -> None:
    """An integration called ``wide`` that declares these actions and has no code for them."""
    folder.mkdir()
    every = {name: {"description": name, "output_schema": {}, **made} for name, made in actions.items()}
    config = {"name": "wide", "version": "1.0.0", "description": "Wide", "entry_point": "wide.py", "actions": every}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "wide.py").write_text("from autohive_integrations_sdk import Integration\n\nwide = Integration.load()\n")


@contextmanager
def served(folder: Path, *options: str) -> Iterator[str]:
    """``workbench serve`` on a free port with more ``options``; gives the link that it prints."""
    command = [sys.executable, "-m", "workbench.cli", "serve", str(folder), "--port", "0", "--no-open", "--no-echo"]
    command += options
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        lines = (line.partition("Workbench ready: ")[2].strip() for line in process.stdout)
        yield next(link for link in lines if link)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        process.stdout.close()


def _figure(name: str, most: int, work: object) -> Figure:
    assert callable(work)
    took = median_seconds(work, rounds=7, warmup=2) * 1000
    return Figure(f"forms: {name}", f"{took:.1f} ms", f"≤ {most} ms", took <= most)


def _largest() -> tuple[str, JSON]:
    """The action of the corpus whose form has the most parts."""
    found: list[tuple[int, str, JSON]] = []
    for path in sorted(_CORPUS.glob("*/config.json")):
        for name, action in json.loads(path.read_text(encoding="utf-8")).get("actions", {}).items():
            schema = action.get("input_schema", {})
            found.append((json.dumps(schema).count('"type"'), f"{path.parent.name}/{name}", schema))
    _, name, schema = max(found, key=lambda one: one[0])
    return name, schema


def _posted(schema: JSON) -> list[tuple[str, str]]:
    """What a browser posts for the blank form: every name in it, each radio group once."""
    parts = forms.open_form(schema).markup.split(' name="')[1:]
    return list(dict.fromkeys((part.split('"', 1)[0], "") for part in parts))


def _scalar(number: int) -> JSON:
    kinds: list[JSON] = ["string", "integer", "boolean"]
    return {"type": kinds[number % 3], "description": f"What number {number} is for."}


def _object(size: int) -> JSON:
    return {"type": "object", "properties": {f"p{n}": _scalar(n) for n in range(size)}}
