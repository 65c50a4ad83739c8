"""What an answer of a recording costs: processor time of a request, capture included, for each library."""

import os
from pathlib import Path
from time import process_time

from benchmarks.bench_capture import BODY, COUNT, WORK
from benchmarks.measure import Figure
from workbench.domain import (
    Answers,
    AnswerSource,
    Contract,
    ContractVersion,
    Exchange,
    Kind,
    Request,
    Response,
    RunRequest,
)
from workbench.worker.capture import Capture, Recorder
from workbench.worker.channel import Channel
from workbench.worker.peer.engine import AnswerEngine
from workbench.worker.source import OwnCode

URL = "http://api.example.com/"
ROUNDS = 3
JSON = (("Content-Type", "application/json"),)
TARGETS = {"aiohttp": 2.0, "requests": 3.0, "httplib2": 2.0, "httpx": 3.0}
"""Milliseconds a request, the library's own work and the capture of it included."""


def recorded() -> tuple[Exchange, ...]:
    """Answers enough for one measurement."""
    response = Response(200, "OK", headers=JSON, body=BODY, size=len(BODY))
    asked = Request("POST", URL, headers=JSON, body=b'{"a": 1}', size=8)
    made = range(1, COUNT + 1)
    return tuple(Exchange(one, one, 1, "", asked, 0.0, 1.0, response, body_state="complete") for one in made)


def engine() -> AnswerEngine:
    """One that has not answered yet."""
    answers = Answers(AnswerSource.RECORDING, "", recorded())
    contract = Contract(ContractVersion.V2)
    request = RunRequest("bench", Path("/"), "bench.py", Kind.ACTION, "go", contract, {}, answers=answers)
    return AnswerEngine(request, print)


def milliseconds(name: str, recorder: Recorder) -> float:
    """The least of some rounds, of one request; a first round imports what the library imports."""
    work, _ = WORK[name]
    took = []
    for _ in range(ROUNDS + 1):
        recorder.answers = engine()
        start = process_time()
        work(URL)
        took.append(process_time() - start)
    return min(took[1:]) * 1000 / COUNT


def run() -> list[Figure]:
    """The figure of each library."""
    own = OwnCode()
    own.set_root(Path(__file__).parent)
    with open(os.devnull, "wb", buffering=0) as out:  # noqa: PTH123 - a descriptor is needed
        channel = Channel(out.fileno())
        recorder = Recorder(channel, own)
        capture = Capture(recorder)
        capture.install(strict=True)
        try:
            return [_figure(name, milliseconds(name, recorder), most) for name, most in TARGETS.items()]
        finally:
            capture.uninstall()
            channel.close()


def _figure(name: str, took: float, most: float) -> Figure:
    return Figure(
        f"a request answered by a recording, processor time, {name}", f"{took:.2f} ms", f"≤ {most:g} ms", took <= most
    )
