"""What the capture costs: the requests a second of each library with it over those without it, one after the other."""

import asyncio
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import perf_counter
from typing import Any

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
ROUNDS = 15
BODY = b'{"items": [' + b", ".join([b'"' + b"x" * 50 + b'"'] * 20) + b"]}"


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


class Answer(BaseHTTPRequestHandler):
    """A kilobyte of JSON for each request, on a connection that stays."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
        self.wfile.write(head.encode() + BODY)

    do_POST = do_GET

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def server() -> Iterator[str]:
    """An HTTP server in a process of its own, so that it does not wait for the interpreter that is measured."""
    command = [sys.executable, "-m", "benchmarks.bench_capture"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


def captured(work: Callable[[str], None], url: str, capture: Capture) -> float:
    """Seconds of ``work`` with the capture in place."""
    capture.install(strict=True)
    try:
        return seconds(work, url)
    finally:
        capture.uninstall()


def seconds(work: Callable[[str], None], url: str) -> float:
    """Seconds of ``work``, those included in which it waits for the server."""
    start = perf_counter()
    work(url)
    return perf_counter() - start


def ratio(name: str, url: str, capture: Capture) -> Figure:
    """The median over rounds of the throughput with the capture over that without it, the two in turn."""
    work, target = WORK[name]
    work(url)
    found = statistics.median(seconds(work, url) / captured(work, url, capture) for _ in range(ROUNDS))
    title = f"throughput with the capture over without, {name}"
    return Figure(title, f"{found:.2f}", f"≥ {target:.2f}", found >= target)


def run() -> list[Figure]:
    """The figure of each library. One capture serves all: Python cannot remove an audit hook."""
    own = OwnCode()
    own.set_root(Path(__file__).parent)
    with server() as url, open(os.devnull, "wb", buffering=0) as out:  # noqa: PTH123 - a descriptor is needed
        channel = Channel(out.fileno())
        capture = Capture(Recorder(channel.send_soon, own, channel.send_soon))
        try:
            return [ratio(name, url, capture) for name in WORK]
        finally:
            channel.close()


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as made:
        print(f"http://127.0.0.1:{made.server_port}", flush=True)
        made.serve_forever()
