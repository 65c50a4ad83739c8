"""PySocks, through which httplib2 speaks to a proxy: its CONNECT is an exchange of its own, as with other libraries."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.library_adapter import ImportedLibraryAdapter
from workbench.worker.capture.patches import Patches

LIBRARY = "socks"
_ANSWER: Final = re.compile(r"([1-5]\d\d): ?(.*)")
"""What PySocks writes of a proxy that answers a CONNECT with another status than 200."""


class SocksAdapter(ImportedLibraryAdapter):
    """Installs the hook once PySocks has been imported, and removes it."""

    def install(self) -> None:
        """Start."""
        self._when_imported("socks", self._hook)

    def _hook(self, patches: Patches, module: Any) -> None:
        kind = module.HTTP  # a proxy that gets a CONNECT: those of SOCKS speak another protocol
        patches.replace(
            module.socksocket, "_proxy_negotiators", lambda known: {**known, kind: self._negotiate(known[kind])}
        )

    def _negotiate(self, original: Callable[..., None]) -> Callable[..., None]:
        recorder = self._recorder

        def negotiate(connecting: Any, host: str, port: int) -> None:
            _, address, proxy_port, *_ = connecting.proxy
            url = f"https://{host}{'' if port == 443 else f':{port}'}/"
            attempt = recorder.begin(LIBRARY, "CONNECT", url, proxy=f"{address}:{proxy_port}")
            attempt.reused = False
            connecting.sendall = _seen_by(attempt, connecting.sendall)
            try:
                original(connecting, host, port)
            except BaseException as error:
                _end(attempt, error)
                raise
            finally:
                with suppress(AttributeError):
                    del connecting.sendall
            _end(attempt)

        return negotiate


def _seen_by(attempt: Attempt, send: Callable[[bytes], None]) -> Callable[[bytes], None]:
    def sendall(data: bytes) -> None:
        attempt.head_bytes_sent(data.removesuffix(b"\r\n\r\n") + b"\r\n\r\n")
        attempt.all_sent()
        send(data)

    return sendall


def _end(attempt: Attempt, error: BaseException | None = None) -> None:
    """End it with the status that the proxy gave, which is all that PySocks reads of its answer."""
    answer = _ANSWER.match(str(error)) if error is not None else None
    if error is not None and answer is None:
        attempt.fail(error)
        return
    status, reason = (int(answer[1]), answer[2].strip()) if answer else (200, "")
    attempt.response_started(status, reason, "1.1", ())
    attempt.complete()
