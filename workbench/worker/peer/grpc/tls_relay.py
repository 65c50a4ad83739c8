"""TLS to a server of this machine whatever its certificate: gRPC's core takes none that has expired."""

import asyncio
import socket
from _thread import start_new_thread
from contextlib import closing, suppress

from workbench.worker.peer.network.guard import allowed
from workbench.worker.peer.network.route import unchecked_context
from workbench.worker.peer.network.tls_pipe import pass_on


class TlsRelay:
    """Takes connections without TLS at :attr:`port` of this machine, and passes them on with TLS.

    It runs in a thread that is none of threading's, which the integration counts and joins.
    """

    def __init__(self, host: str, port: int) -> None:
        """Raises :class:`OSError` where nothing listens there."""
        with allowed(), socket.create_connection((host, port)) as probe:
            self._address = probe.getpeername()[:2]  # no name is looked up by another thread
        self._host = host
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._loop = asyncio.SelectorEventLoop()
        self._end = asyncio.Event()
        start_new_thread(self._run, ())

    def close(self) -> None:
        """End it, and all connections; any thread may."""
        with suppress(RuntimeError):  # it has ended
            self._loop.call_soon_threadsafe(self._end.set)

    def _run(self) -> None:
        with allowed(), closing(self._loop):
            self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        passing: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._pass_on(reader, writer))
            passing.add(task)
            task.add_done_callback(passing.discard)

        server = await asyncio.start_server(accept, sock=self._listener)
        async with server:
            await self._end.wait()
            server.close()
            for task in passing:
                task.cancel()
            await asyncio.gather(*passing, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        context = unchecked_context()
        context.set_alpn_protocols(["h2"])
        with closing(writer), suppress(OSError):
            server = await asyncio.open_connection(*self._address, ssl=context, server_hostname=self._host)
            await pass_on((reader, writer), server)
