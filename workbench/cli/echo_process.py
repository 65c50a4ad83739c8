"""The echo server of ``workbench serve --echo``: a process that ends when the workbench ends or crashes."""

import selectors
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from workbench.cli.failure import CannotRun
from workbench.uploads import Uploads

_START_TIMEOUT = 20.0


class EchoProcess:
    """Starts ``workbench echo`` and ends it. It ends with its stdin, which ends with this process, even by a crash.

    ``uploads`` stores files that it serves; they are gone when it ends.
    """

    def __init__(self, port: int | None) -> None:
        """Start it and wait until it is ready. Raises :class:`CannotRun`."""
        self._files = Path(tempfile.mkdtemp(prefix="workbench-files-"))
        arguments = [sys.executable, "-P", "-m", "workbench.cli", "echo", "--until-stdin-ends"]
        arguments += ["--files", str(self._files)]
        self._process = subprocess.Popen(  # noqa: S603  our own interpreter with our own arguments
            arguments if port is None else [*arguments, "--port", str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            self.url = self._read_url()
            self.uploads = Uploads(self._files, self.url)
        except BaseException:
            self.close()
            raise

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.url.rpartition(":")[2])

    def close(self) -> None:
        """End it."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        try:
            self._process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._files, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _read_url(self) -> str:
        stdout = self._process.stdout
        assert stdout is not None, "Popen was given a pipe"  # noqa: S101
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            line = stdout.readline().decode() if selector.select(_START_TIMEOUT) else ""
        if not line:
            raise CannotRun("The echo server did not start. Choose another --echo-port, or use --no-echo.")
        return line.strip()
