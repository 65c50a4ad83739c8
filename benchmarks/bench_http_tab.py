"""The HTTP tab of runs with 1,000 and 5,000 exchanges, in Chromium: painted after a click, blocked by a keystroke."""

import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time

from playwright.sync_api import Page, sync_playwright

from benchmarks.bench_forms import find_chromium, served, write_integration
from benchmarks.measure import Figure
from workbench.domain import (
    Contract,
    ContractVersion,
    Exchange,
    Kind,
    Outcome,
    Request,
    Response,
    Run,
    RunRequest,
    RunState,
    Status,
    Timings,
)
from workbench.explain import run_summary
from workbench.history import History

_SIZES = (1_000, 5_000)
_ROUNDS = 7
_PAINTED = """async () => {
  const start = performance.now();
  document.querySelector("#outcome-tab-http").click();
  await new Promise((done) => {
    const look = () => document.querySelector("#outcome-exchanges")
      ? requestAnimationFrame(() => setTimeout(done, 0)) : requestAnimationFrame(look);
    look();
  });
  return performance.now() - start;
}"""
"""Milliseconds from the click on the tab to the frame that shows its table."""
_BLOCKED = """async () => {
  let last = performance.now(), longest = 0;
  const end = last + 1200;
  const field = document.querySelector(".exchange-filter [type=search], form[role=search] [type=search]");
  field.value = field.value ? "" : "7";
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await new Promise((done) => {
    const frame = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      now < end ? requestAnimationFrame(frame) : done();
    };
    requestAnimationFrame(frame);
  });
  return longest - 1000 / 60;
}"""
"""The longest time between two frames after a keystroke in the filter, beyond the usual one, in milliseconds."""


def run() -> list[Figure]:
    """Both figures for each size; nothing where there is no Chromium."""
    chromium = find_chromium()
    if chromium is None:
        return []
    figures: list[Figure] = []
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        write_integration(folder / "wide", {"go": {"input_schema": {}}})
        url = f"sqlite:///{folder / 'history.sqlite'}"
        with History.open(url) as history:
            for number, size in enumerate(_SIZES, 1):
                made = _run(str(number), folder / "wide", size)
                history.save(made, run_summary.summarize(made))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with served(folder, "--history", url) as link:
            page = browser.new_page()
            page.goto(link)
            for number, size in enumerate(_SIZES, 1):
                figures += _of_size(page, f"{link.split('/?')[0]}/runs/{number}", size)
        browser.close()
    return figures


def _of_size(page: Page, url: str, size: int) -> list[Figure]:
    painted = []
    for _ in range(_ROUNDS):
        page.goto(f"{url}?tab=result", wait_until="load")
        painted.append(page.evaluate(_PAINTED))
    blocked = [page.evaluate(_BLOCKED) for _ in range(_ROUNDS)]
    return [
        _figure(f"{size:,} exchanges, painted in Chromium after a click", statistics.median(painted[1:]), 100),
        _figure(f"{size:,} exchanges, typing blocked by a keystroke in the filter", statistics.median(blocked[1:]), 50),
    ]


def _figure(name: str, took: float, most: int) -> Figure:
    return Figure(f"HTTP tab: {name}", f"{max(took, 0):.0f} ms", f"≤ {most} ms", took <= most)


def _run(number: str, root: Path, size: int) -> Run:
    contract = Contract(ContractVersion.V2)
    request = RunRequest("wide", root, "wide.py", Kind.ACTION, "go", contract, {})
    outcome = Outcome(
        RunState.FINISHED, Status.SUCCEEDED, exchanges=tuple(map(_exchange, range(1, size + 1))), finished_at=60.0
    )
    return Run(number, request, time(), outcome)


def _exchange(number: int) -> Exchange:
    body = b'{"id": %d, "name": "An item"}' % number
    response = Response(
        404 if number % 50 == 0 else 200,
        "OK",
        headers=(("Content-Type", "application/json"),),
        body=body,
        size=len(body),
    )
    sent = Request("GET", f"https://api.example.com/v1/items/{number}?page={number % 7}")
    timings = Timings(dns=0.1, connect=1.0, tls=2.0, wait=20.0, receive=1.0, total=24.1)
    start = number / 100
    return Exchange(number, number, 1, "aiohttp", sent, start, start + 0.02, response, timings, body_state="complete")
