"""One action for each library that sends HTTP. Each imports its library when it runs, so that it needs no other."""

import asyncio
import http.client
import json
import socket
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from autohive_integrations_sdk import ActionHandler, Integration
from failing_server import failing_server

http_lab = Integration.load()


def with_requests(url: str, body: Any, timeout: float) -> bytes:
    import requests

    return requests.request("POST" if body else "GET", url, json=body, timeout=timeout).content


def with_urllib3(url: str, body: Any, timeout: float) -> bytes:
    import urllib3

    data = json.dumps(body).encode() if body else None  # early releases know no json=
    return urllib3.PoolManager().request("POST" if body else "GET", url, body=data, timeout=timeout, retries=False).data


def with_httplib2(url: str, body: Any, timeout: float) -> bytes:
    import httplib2

    return httplib2.Http(timeout=timeout).request(url)[1]


def with_google(url: str, body: Any, timeout: float) -> bytes:
    import httplib2
    from googleapiclient.discovery import build_from_document

    parts = urlsplit(url)
    get = {"id": "lab.get", "path": parts.path.lstrip("/"), "httpMethod": "GET", "parameters": {}}
    root = f"{parts.scheme}://{parts.netloc}/"
    found = {"name": "lab", "version": "v1", "rootUrl": root, "baseUrl": root, "basePath": "/", "servicePath": ""}
    found |= {"batchPath": "batch", "parameters": {}, "schemas": {}, "methods": {"get": get}, "resources": {}}
    http = httplib2.Http(timeout=timeout)
    service = build_from_document(json.dumps(found), base=root, http=http)
    request = service.get()
    request.postproc = lambda response, content: content  # as it is, where it is not JSON
    return request.execute()


def with_urllib(url: str, body: Any, timeout: float) -> bytes:
    with urllib.request.urlopen(url, timeout=timeout) as response:
        return response.read()


def with_http_client(url: str, body: Any, timeout: float) -> bytes:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    connection.request("GET", parts.path)
    return connection.getresponse().read()


def with_boto3(url: str, body: Any, timeout: float) -> bytes:
    import boto3

    keys = {"aws_access_key_id": "made-up", "aws_secret_access_key": "made-up-too", "region_name": "us-east-1"}
    return boto3.client("s3", endpoint_url=url, **keys).get_object(Bucket="b", Key="k")["Body"].read()


def with_feedparser(url: str, body: Any, timeout: float) -> bytes:
    import feedparser

    return feedparser.parse(url).feed.get("title", "").encode()


def with_httpx(url: str, body: Any, timeout: float) -> bytes:
    import httpx

    return httpx.request("POST" if body else "GET", url, json=body, timeout=timeout, follow_redirects=True).content


def with_a_socket(url: str, body: Any, timeout: float) -> bytes:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout) as connection:
        connection.sendall(f"GET {parts.path} HTTP/1.0\r\n\r\n".encode())
        return connection.makefile("rb").read()


def with_grpc(url: str, body: Any, timeout: float) -> bytes:
    import grpc
    from google.protobuf.struct_pb2 import Struct

    message = Struct()
    message.update(body or {"name": "ada"})
    with grpc.insecure_channel(urlsplit(url).netloc) as channel:
        say = channel.unary_unary("/lab.Lab/Say", Struct.SerializeToString, Struct.FromString)
        return str(say(message, timeout=timeout)).encode()


async def with_httpx_async(url: str, body: Any, timeout: float) -> bytes:
    import httpx

    async with httpx.AsyncClient(timeout=timeout, follow_redirects=True) as client:
        return (await client.request("POST" if body else "GET", url, json=body)).content


async def with_aiohttp(url: str, body: Any, timeout: float) -> bytes:
    import aiohttp

    limit = aiohttp.ClientTimeout(timeout)
    async with aiohttp.ClientSession(timeout=limit) as session, session.get(url) as response:
        return await response.read()


class InThread(ActionHandler):
    """Runs a blocking library beside the event loop."""

    work: Callable[[str, Any, float], bytes]

    async def execute(self, inputs: dict[str, Any], context: Any) -> dict[str, Any]:
        work = type(self).work
        content = await asyncio.to_thread(work, inputs["url"], inputs.get("body"), inputs.get("timeout", 10))
        return {"size": len(content), "text": content[:1000].decode("utf-8", "replace")}


class Awaited(ActionHandler):
    """Awaits a library of coroutines."""

    work: Callable[..., Any]

    async def execute(self, inputs: dict[str, Any], context: Any) -> dict[str, Any]:
        content = await type(self).work(inputs["url"], inputs.get("body"), inputs.get("timeout", 10))
        return {"size": len(content), "text": content[:1000].decode("utf-8", "replace")}


for name, work in {
    "requests": with_requests,
    "urllib3": with_urllib3,
    "httplib2": with_httplib2,
    "google": with_google,
    "urllib": with_urllib,
    "http_client": with_http_client,
    "boto3": with_boto3,
    "feedparser": with_feedparser,
    "httpx": with_httpx,
    "grpc": with_grpc,
    "socket": with_a_socket,
}.items():
    http_lab.action(name)(type(name, (InThread,), {"work": staticmethod(work)}))
for name, work in {"httpx_async": with_httpx_async, "aiohttp": with_aiohttp}.items():
    http_lab.action(name)(type(name, (Awaited,), {"work": staticmethod(work)}))


LIBRARIES = {
    "aiohttp": with_aiohttp,
    "httpx": with_httpx,
    "httpx_async": with_httpx_async,
    "requests": with_requests,
    "urllib3": with_urllib3,
    "httplib2": with_httplib2,
    "urllib": with_urllib,
}
WAYS = (
    "name_not_found", "refused", "certificate", "dropped", "reset", "cut", "undecodable", "not_http", "timeout",
    "cancelled",
)  # fmt: skip


class Fails(ActionHandler):
    """Fails in one way, with the library that the inputs name; the server that does it is in this process."""

    way: str

    async def execute(self, inputs: dict[str, Any], context: Any) -> dict[str, Any]:
        fixed = {"name_not_found": "http://nowhere.invalid/", "refused": "http://127.0.0.1:1/"}
        with failing_server("timeout" if self.way == "cancelled" else self.way) as server:
            seconds = 0.3 if self.way == "timeout" else 10
            asked = self._ask(LIBRARIES[inputs.get("library", "aiohttp")], fixed.get(self.way, server.url), seconds)
            if self.way == "cancelled":
                asked = asyncio.create_task(asked)
                await asyncio.to_thread(server.received.wait)
                asked = asyncio.wait_for(asked, 0)
            content = await asked
        return {"size": len(content)}

    async def _ask(self, work: Callable[..., Any], url: str, seconds: float) -> bytes:
        if asyncio.iscoroutinefunction(work):
            return await work(url, None, seconds)
        return await asyncio.to_thread(work, url, None, seconds)


for way in WAYS:
    http_lab.action(f"fails_{way}")(type(f"Fails_{way}", (Fails,), {"way": way}))
