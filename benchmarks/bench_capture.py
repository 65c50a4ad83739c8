"""What the capture costs: the requests a second of each library with it over those without it, one after the other."""

import asyncio
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, cast

import aiohttp
import boto3
import httplib2
import httpx
import requests
from botocore.config import Config

from benchmarks.measure import Figure
from workbench.worker.capture import Capture, Recorder
from workbench.worker.channel import Channel
from workbench.worker.source import OwnCode

COUNT = 100
"""Requests in one measurement."""
PAIRS = 4
"""Processes with the capture, and as many without it: each is faster or slower by where its memory happens to lie."""
ROUNDS = 16
"""Measurements of each pair."""
WARM_UP = 10
"""Measurements that do not count: Python makes fast what it has done often."""
BODY = b'{"items": [' + b", ".join([b'"' + b"x" * 50 + b'"'] * 20) + b"]}"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
ANSWER = HEAD % len(BODY) + BODY


def with_aiohttp(at_once: int) -> Callable[[str], None]:
    """Requests with aiohttp, so many of them under way."""

    async def work(url: str) -> None:
        async with aiohttp.ClientSession() as session:

            async def some() -> None:
                for _ in range(COUNT // at_once):
                    async with session.post(url, json={"a": 1}) as response:
                        await response.json()

            await asyncio.gather(*[some() for _ in range(at_once)])

    return lambda url: asyncio.run(work(url))


def with_requests(url: str) -> None:
    """Requests with requests."""
    with requests.Session() as session:
        for _ in range(COUNT):
            session.post(url, json={"a": 1}).json()


def with_httplib2(url: str) -> None:
    """Requests with httplib2."""
    client = httplib2.Http()
    for _ in range(COUNT):
        client.request(url, "POST", b'{"a": 1}')
    client.close()


def with_httpx(url: str) -> None:
    """Requests with httpx."""
    with httpx.Client() as client:
        for _ in range(COUNT):
            client.post(url, json={"a": 1}).json()


def with_boto3(url: str) -> None:
    """Objects read with boto3."""
    for _ in range(COUNT):
        _objects(url).get_object(Bucket="b", Key="k")["Body"].read()


@cache
def _objects(url: str) -> Any:
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
    return boto3.client("s3", endpoint_url=url, config=Config(max_pool_connections=1), **keys)


WORK: dict[str, tuple[Callable[[str], None], float]] = {
    "aiohttp": (with_aiohttp(1), 0.90),
    "aiohttp, 20 at once": (with_aiohttp(20), 0.84),
    "requests": (with_requests, 0.95),
    "httplib2": (with_httplib2, 0.90),
    "httpx": (with_httpx, 0.94),
    "boto3": (with_boto3, 0.95),
}
"""Each with the ratio that it is to reach."""


class Answers(asyncio.Protocol):
    """A kilobyte of JSON for each request, by a server that takes less time than any of the clients."""

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Know where to write."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Answer each request that has come whole."""
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            length = re.search(rb"(?i)\ncontent-length: *(\d+)", self._received[:end])
            size = end + 4 + (int(length[1]) if length else 0)
            if len(self._received) < size:
                break
            self._received = self._received[size:]
            self._transport.write(ANSWER)


async def serve() -> None:
    """Answer until the process is ended; the URL is printed first."""
    made = await asyncio.get_running_loop().create_server(Answers, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{made.sockets[0].getsockname()[1]}", flush=True)
    await made.serve_forever()


def keep_to_core(number: int) -> None:
    """Keep this process to one core, where there are several: the server to the first, the clients to the second.

    Left to the system, a client of one thread shares the server's core, where each answer finds it awake, and one whose
    capture has a second thread does not: 180 µs a request of aiohttp in place of 140, of which the capture takes 13.
    """
    if sys.platform == "linux" and len(cores := sorted(os.sched_getaffinity(0))) > number:
        os.sched_setaffinity(0, {cores[number]})


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of some work by the clock, and of processor time, that of the capture's own thread included."""

    clock: float
    processor: float


@contextmanager
def program(*arguments: str) -> Iterator[Callable[[], str]]:
    """This module as a process of its own; what asks it for its next line."""
    command = [sys.executable, "-m", "benchmarks.bench_capture", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        asking, answers = process.stdin, process.stdout
        assert asking
        assert answers

        def line() -> str:
            asking.write("\n")
            asking.flush()
            return answers.readline().strip()

        yield line
        process.terminate()


def client(name: str, url: str, *, captured: bool) -> None:
    """Do that work each time a line comes, and print what it took.

    The capture is there from the beginning, as in a worker: where it came and went, Python would have to learn again
    each time which calls it can do fast.
    """
    work, _ = WORK[name]
    own = OwnCode()
    own.set_root(Path(__file__).parent)
    with open(os.devnull, "wb", buffering=0) as out:  # noqa: PTH123 - a descriptor is needed
        if captured:
            Capture(Recorder(Channel(out.fileno()), own)).install(strict=True)
        for _ in range(WARM_UP):
            work(url)
        for _ in sys.stdin:
            start, used = perf_counter(), process_time()
            work(url)
            print(perf_counter() - start, process_time() - used, flush=True)


def figures(name: str, url: str) -> list[Figure]:
    """The median over rounds of the throughput with the capture over that without it, the two in turn; its cost."""
    _, target = WORK[name]
    rounds = [one for _ in range(PAIRS) for one in _rounds(name, url)]
    ratio = statistics.median(plain.clock / captured.clock for plain, captured in rounds)
    plain, cost = (statistics.median(each[place].processor for each in rounds) / COUNT * 1e6 for place in (0, 1))
    title = f"throughput with the capture over without, {name}"
    title_of_cost = f"processor time of a request with the capture, {name}"
    return [
        Figure(title, f"{ratio:.2f}", f"≥ {target:.2f}", ratio >= target),
        Figure(title_of_cost, f"{cost:.0f} µs, {plain:.0f} µs without", "none", True),
    ]


def _rounds(name: str, url: str) -> list[tuple[Spent, Spent]]:
    """What the work took without and with the capture; each is first as often as the other."""
    rounds = []
    with program("without", name, url) as without, program("with", name, url) as with_it:
        without(), with_it()  # which comes back once both are warm: neither is measured while the other becomes so
        for number in range(ROUNDS):
            if number % 2:
                captured, plain = _spent(with_it()), _spent(without())
            else:
                plain, captured = _spent(without()), _spent(with_it())
            rounds.append((plain, captured))
    return rounds


def _spent(line: str) -> Spent:
    return Spent(*map(float, line.split()))


def run() -> list[Figure]:
    """The figures of each library."""
    with program("server") as line:
        url = line()
        return [figure for name in WORK for figure in figures(name, url)]


if __name__ == "__main__":
    kind, *rest = sys.argv[1:]
    keep_to_core(0 if kind == "server" else 1)
    if kind == "server":
        asyncio.run(serve())
    else:
        client(*rest, captured=kind == "with")
