"""A request that goes to the network after all: sent by a socket of our own, which no adapter sees."""

import http.client
import ipaddress
import os
import socket
import ssl
from urllib.parse import urlsplit

from workbench.answers.answer import Answer
from workbench.domain import ExchangeError, FailureKind, Headers, Request, Response
from workbench.worker.capture.content_decoder import ContentDecoder
from workbench.worker.capture.failures import kind_of_failure
from workbench.worker.peer.network_guard import allowed

_TIMEOUT = 120.0
"""Seconds that the other server has for each step; the library's own timeout ends the request before."""
_CA_FILES = ("REQUESTS_CA_BUNDLE", "HTTPLIB2_CA_CERTS", "AWS_CA_BUNDLE", "CURL_CA_BUNDLE")
_OF_CONNECTION = (
    "host",
    "connection",
    "keep-alive",
    "proxy-connection",
    "content-length",
    "transfer-encoding",
    "expect",
)


def forwarded_url(base: str, url: str) -> str:
    """The URL of a request under the ``base`` of another: its path and query come behind the base's path."""
    asked, target = urlsplit(url), urlsplit(base)
    path = target.path.rstrip("/") + (asked.path or "/")
    return f"{target.scheme}://{target.netloc}{path}{f'?{asked.query}' if asked.query else ''}"


def relay(request: Request, url: str, *, decodes: bool) -> Answer:
    """What the server at ``url`` answers; with ``decodes`` its body is unpacked. Failures are a part of the answer."""
    phase = "connect"
    try:
        with allowed():
            parts = urlsplit(url)
            secure = parts.scheme in ("https", "grpcs")
            host, port = parts.hostname or "", parts.port or (443 if secure else 80)
            with socket.create_connection((host, port), _TIMEOUT) as plain:
                phase = "tls" if secure else "send"
                connection = _context(host).wrap_socket(plain, server_hostname=host) if secure else plain
                with connection:
                    phase = "send"
                    connection.sendall(_bytes_of(request, url))
                    phase = "wait"
                    return _read(connection, request.method, decodes=decodes)
    except Exception as error:
        kind = kind_of_failure(error, phase)
        phase = "dns" if kind is FailureKind.NAME_NOT_FOUND else phase
        return Answer(failure=ExchangeError(type(error).__name__, str(error), phase, kind))


def _read(connection: socket.socket, method: str, *, decodes: bool) -> Answer:
    received = http.client.HTTPResponse(connection, method=method)
    failure = None
    try:
        received.begin()
        try:
            body = received.read()
        except http.client.IncompleteRead as error:
            body = error.partial
            failure = ExchangeError("IncompleteRead", str(error), "receive", FailureKind.CUT)
        headers: Headers = tuple(received.getheaders())
        response = Response(received.status, received.reason, "1.1", headers, body, len(body))
    finally:
        received.close()
    decoder = ContentDecoder(received.headers.get("content-encoding", ""))
    if decodes and decoder.knows and failure is None:
        plain = decoder.feed(body)
        response = Response(received.status, received.reason, "1.1", headers, plain, len(plain), raw_size=len(body))
        return Answer(response)
    return Answer(response, failure, is_encoded=True)


def _bytes_of(request: Request, url: str) -> bytes:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [header for header in request.headers if header[0].lower() not in _OF_CONNECTION]
    lengths = [("Content-Length", str(len(request.body)))] if request.body or request.method != "GET" else []
    encoded = any(name.lower() == "content-encoding" for name, _ in kept)
    if encoded:  # the body was unpacked when it was read
        kept = [header for header in kept if header[0].lower() != "content-encoding"]
    headers = [("Host", parts.netloc.rpartition("@")[2]), *kept, *lengths, ("Connection", "close")]
    lines = [f"{request.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + request.body


def _context(host: str) -> ssl.SSLContext:
    """As strict as Python is, with the person's own certificates; a server of this machine is taken as it is."""
    if host == "localhost" or _is_loopback(host):
        unchecked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # which reads no certificates
        unchecked.check_hostname = False
        unchecked.verify_mode = ssl.CERT_NONE
        return unchecked
    context = ssl.create_default_context()
    for name in _CA_FILES:
        if os.path.isfile(path := os.environ.get(name, "")):  # noqa: PTH113 - a text from the environment
            context.load_verify_locations(path)
    return context


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
