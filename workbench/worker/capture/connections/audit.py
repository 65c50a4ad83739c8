"""Connections that no adapter records: those of Python's sockets, those of C code, and names that were not found.

A library with sockets of its own (psycopg2, pycurl) tells nobody: what the system lists of this process is looked
through, often while such a library is imported, and at the end.
"""

from functools import partial
from typing import Any, Final

from workbench.worker.capture.connections.curl_calls import CurlCalls
from workbench.worker.capture.connections.native_calls import NativeCalls
from workbench.worker.capture.connections.open_sockets import OpenSockets
from workbench.worker.capture.connections.python_sockets import PythonSockets
from workbench.worker.capture.connections.report import ConnectionReport
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.recorder import Recorder

_NATIVE: Final = {
    "psycopg2": "psycopg2._psycopg",
    "psycopg": "psycopg_binary",
    "psycopg_c": "psycopg_c",
    "MySQLdb": "MySQLdb._mysql",
    "oracledb": "oracledb.thick_impl",
    "pyodbc": "pyodbc",
    "pymssql": "pymssql",
    "pyreqwest": "pyreqwest",
}
"""Libraries whose connections Python does not see, with the module that has their machine code."""
_TELLING: Final = {
    "pycurl": "pycurl",
    "curl_cffi": "curl_cffi._wrapper",
    "tls_client": "tls_client.cffi",
    "primp": "primp",
    "rnet": "rnet",
}
"""The same, of those whose calls say what they ask for."""

_FORK: Final = (
    "urllib3 is urllib3-future in this run, which niquests installs in its place: "
    "what is sent through it, by requests too, is not captured."
)


class ConnectionAudit:
    """Hooks on the sockets of Python, and a look at the system's list."""

    def __init__(self, recorder: Recorder, imports: ImportHooks) -> None:
        self._recorder = recorder
        self._imports = imports
        report = ConnectionReport(recorder)
        self._sockets = OpenSockets(report.tell_native)
        self._parts = (
            PythonSockets(recorder, imports, report, self._sockets),
            NativeCalls(recorder, imports, report.tell_request, self._sockets),
            CurlCalls(recorder, imports, report.tell_request, self._sockets),
        )

    def install(self) -> None:
        """Start."""
        for part in self._parts:
            part.install()
        for library, module in _NATIVE.items():
            self._imports.when_imported(module, partial(self.watch, library))
        for library, module in _TELLING.items():
            self._imports.when_imported(module, partial(self._warn, library))
        self._imports.when_imported("urllib3.backend", lambda _: self._recorder.note(_FORK))
        self._recorder.when_finished = partial(self._sockets.look, at_end=True)

    def uninstall(self) -> None:
        """Stop."""
        self._sockets.stop()
        for part in self._parts:
            part.uninstall()

    def watch(self, library: str, module: Any) -> None:
        """Look for the connections of that library in the list of the system."""
        self._sockets.watch(library)
        self._warn(library, module)

    def _warn(self, library: str, module: Any) -> None:
        engine = self._recorder.answers
        if engine is not None and engine.closes_network and not self._recorder.network_closed:
            self._recorder.note(f"{library} opens connections by C code, which this replay cannot stop on this system.")
