"""What an integration prints and logs, in one stream of events with its requests."""

import os

import pytest

from workbench.domain import Status
from workbench.events import FrameReader, HandlerFinished, LogRecorded, OutputWritten
from workbench.worker.channel import Channel
from workbench.worker.output import BUDGET, OVERHEAD, PIECE, OutputBudget, event_stream


def test_prints_interleave_with_requests(integration, run, http) -> None:
    body = """
        import sys
        print("before")
        await context.fetch(inputs["url"])
        print("between", file=sys.stderr)
        await context.fetch(inputs["url"])
        print("after", end="")
        return {}
    """
    seen = run(integration(body, inputs={"url": f"{http}/text"}))
    story = [
        event.text if isinstance(event, OutputWritten) else type(event).__name__
        for event in seen.events
        if isinstance(event, OutputWritten) or type(event).__name__ == "ExchangeStarted"
    ]
    assert [part for part in story if part.strip()] == [
        "before",
        "ExchangeStarted",
        "between",
        "ExchangeStarted",
        "after",
    ]
    assert (seen.text("stdout"), seen.text("stderr")) == ("before\nafter", "between\n")
    places = {event.text: event.place for event in seen.events if isinstance(event, OutputWritten) and event.place}
    assert places["after"].line - places["before"].line == 4
    assert places["before"].function.endswith("execute")
    assert (seen.raw_stdout, seen.raw_stderr) == (b"", b"")


def test_streams_are_as_good_as_real_ones(integration, run) -> None:
    body = r"""
        import subprocess, sys
        sys.stdout.buffer.write("bytes é\n".encode()[:-2])
        sys.stdout.buffer.write(b"\xa9\n")
        sys.stdout.writelines(["a\n", "b\n"])
        sys.stdout.flush()
        print("lone \ud800 surrogate")
        print("below", file=sys.__stdout__, flush=False)
        sys.stdout.reconfigure(line_buffering=True)
        subprocess.run(["echo", "child"], stdout=sys.stdout)
        print("done", end="")
        out = sys.stdout
        return {"name": out.name, "tty": out.isatty(), "fd": out.fileno(), "to": out.encoding}
    """
    seen = run(integration(body))
    assert seen.outcome.result == {"name": "<stdout>", "tty": False, "fd": 1, "to": "utf-8"}
    assert seen.text("stdout") == "bytes é\na\nb\nlone \\ud800 surrogate\ndone"
    assert sorted(seen.raw_stdout.split()) == [b"below", b"child"]


def test_what_c_code_writes_comes_through_the_pipe(integration, run) -> None:
    body = """
        import ctypes, os
        libc = ctypes.CDLL(None)
        libc.printf(b"printf\\n")
        os.write(1, b"write\\n")
        os.system("echo system")
        libc.perror(b"perror")
        return {}
    """
    seen = run(integration(body))
    assert sorted(seen.raw_stdout.split()) == [b"printf", b"system", b"write"]
    assert seen.raw_stderr.startswith(b"perror: ")
    assert seen.text("stdout") == ""


def test_a_print_of_50_megabytes(integration, run) -> None:
    body = """
        print("x" * 50_000_000)
        import logging
        logging.warning("too late")
        return {}
    """
    seen = run(integration(body))
    assert seen.finished.status is Status.SUCCEEDED
    assert len(seen.text("stdout")) == BUDGET - OVERHEAD
    assert max(len(event.text) for event in seen.all(OutputWritten)) == PIECE
    assert seen.sent_bytes < BUDGET * 1.1
    dropped = 50_000_001 - len(seen.text("stdout"))
    assert f"{dropped:,} characters of stdout" in seen.notes[-1]
    assert "characters of log" in seen.notes[-1]
    assert len(seen.notes) == 2


def test_endless_tiny_prints_end_too(integration, run) -> None:
    seen = run(integration("for _ in range(40_000):\n    print('', end='.')\nreturn {}"))
    assert len(seen.all(OutputWritten)) <= BUDGET / OVERHEAD
    assert seen.finished.status is Status.SUCCEEDED
    assert seen.notes


def test_output_before_a_sudden_end(integration, run) -> None:
    seen = run(integration("import os\nprint('last words', end='')\nos._exit(7)"))
    assert seen.text("stdout") == "last words"
    assert (seen.code, seen.all(HandlerFinished)) == (7, [])


LOGGING = """
import logging
from autohive_integrations_sdk import *

probe = Integration.load()
logger = logging.getLogger("probe.log")
logging.basicConfig(level=logging.INFO, force=True)

@probe.action("go")
class Go(ActionHandler):
    async def execute(self, inputs, context):
        logger.debug("not asked for")
        logger.info("%s and %d", "text", 7)
        try:
            {}["missing"]
        except KeyError:
            logger.exception("it broke")
        logger.warning("%d", "no number")
        context.logger.error("from the context")
        return {}
"""


def test_log_records(integration, run) -> None:
    seen = run(integration(code=LOGGING))
    first, second, third, fourth = seen.all(LogRecorded)
    assert (first.level, first.logger, first.message) == ("INFO", "probe.log", "text and 7")
    assert (first.place.function, first.place.line) == ("execute", 13)
    assert first.place.file.endswith("probe.py")
    assert second.level == "ERROR"
    assert second.message.startswith("it broke\nTraceback")
    assert "KeyError: 'missing'" in second.message
    assert "no number" in third.message
    assert (fourth.logger, fourth.message) == ("autohive_integrations_sdk.integration", "from the context")
    assert "INFO:probe.log:text and 7" in seen.text("stderr")  # that handler was asked for


def test_records_without_any_handler_are_seen_once(integration, run) -> None:
    body = """
        import logging
        logging.getLogger("quiet").info("information")
        logging.getLogger("loud").warning("warned")
        return {}
    """
    seen = run(integration(body))
    assert [(event.level, event.message) for event in seen.all(LogRecorded)] == [
        ("INFO", "information"),
        ("WARNING", "warned"),
    ]
    assert seen.text("stderr") == ""


def test_warnings_are_stderr(integration, run) -> None:
    seen = run(integration("import warnings\nwarnings.warn('mind the gap')\nreturn {}"))
    assert "UserWarning: mind the gap" in seen.text("stderr")


@pytest.fixture
def pipe() -> tuple[int, int]:
    ends = os.pipe()
    yield ends
    os.close(ends[0])


def test_the_last_piece_is_cut_at_the_budget(pipe) -> None:
    channel = Channel(pipe[1])
    stream = event_stream("stdout", 1, channel, OutputBudget(channel, limit=OVERHEAD * 2 + 10))
    for text in ("12345", "678901234", "x"):
        stream.write(text)
    os.close(pipe[1])
    events = list(FrameReader().feed(os.read(pipe[0], 1 << 16)))
    assert "".join(event.text for event in events if isinstance(event, OutputWritten)) == "1234567890"
