"""``http.client``, and with it all that sends through it: urllib.request, urllib3, requests, httplib2, boto3.

A request is seen in ``HTTPConnection.send``, whose first bytes are its head; a response through the file that
``HTTPResponse`` reads it from. Classes that connect by themselves have their ``connect`` hooked when they are made.
"""

import http.client
import ssl
from functools import partial

from workbench.worker.capture.calls.grouped_calls import hook_calls
from workbench.worker.capture.http_client.connection_classes import hook_classes
from workbench.worker.capture.http_client.connections import Connections
from workbench.worker.capture.http_client.library_calls import BLOCKING_CALLS, PREPARATIONS, hook_preparation
from workbench.worker.capture.http_client.requests import Requests
from workbench.worker.capture.http_client.responses import Responses
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.library_adapter import ImportedLibraryAdapter
from workbench.worker.capture.recorder import Recorder


class HttpClientAdapter(ImportedLibraryAdapter):
    """Installs the hooks and removes them."""

    def __init__(self, recorder: Recorder, imports: ImportHooks) -> None:
        super().__init__(recorder, imports)
        self._connections = Connections(recorder)
        self._requests = Requests(recorder)
        self._responses = Responses(recorder)

    def install(self) -> None:
        """Start. Raises :class:`HookMissing` where this Python lacks a hook; nothing is changed then."""
        replace = self._patches.replace
        replace(http.client.HTTPConnection, "connect", self._connections.connect)
        hook_classes(self._patches, self._recorder, self._connections.connect)
        replace(http.client.HTTPConnection, "_tunnel", self._connections.tunnel)
        replace(http.client.HTTPConnection, "send", self._requests.send)
        replace(http.client.HTTPConnection, "getresponse", self._responses.getresponse)
        replace(http.client.HTTPResponse, "begin", self._responses.begin)
        replace(ssl.SSLContext, "wrap_socket", self._connections.wrap_socket)
        for module, calls in BLOCKING_CALLS.items():
            self._when_imported(module, partial(hook_calls, self._recorder, calls))
        for module, preparation in PREPARATIONS.items():
            hook = partial(hook_preparation, self._recorder, preparation)
            self._when_imported(module, hook)
