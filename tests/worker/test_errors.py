"""An exception, cut down to the lines that its author can do something about."""

import signal

import pytest

from workbench.domain import Status

CHAIN = """
    def inner():
        raise KeyError("missing")

    def middle():
        try:
            inner()
        except KeyError as error:
            raise ValueError("wrapped") from error

    try:
        middle()
    except ValueError:
        raise RuntimeError("while that was handled")
"""


def test_an_exception_with_its_causes(integration, run) -> None:
    error = run(integration(CHAIN)).finished.error
    assert (error.type, error.message) == ("RuntimeError", "while that was handled")
    (cause,) = error.causes
    assert (cause.type, cause.message) == ("ValueError", "wrapped")
    (root,) = cause.causes
    assert (root.type, root.message, root.causes) == ("KeyError", "'missing'", ())
    assert [frame.function for frame in root.frames] == ["middle", "inner"]
    (frame,) = error.frames
    assert (frame.line, frame.function) == (20, "execute")
    assert frame.source.splitlines()[frame.line - frame.source_line].strip() == CHAIN.strip().splitlines()[-1].strip()
    assert len(frame.source.splitlines()) in range(4, 8)
    text = error.traceback
    assert text.index("KeyError") < text.index("direct cause") < text.index("ValueError") < text.index("RuntimeError")
    assert "site-packages" not in text
    assert "workbench" not in text
    assert "_integration.py" not in text


def test_an_exception_from_below_ends_at_the_integrations_line(integration, run, unused_tcp_port) -> None:
    body = f"""
        import aiohttp
        async with aiohttp.ClientSession() as session:
            await session.get("http://127.0.0.1:{unused_tcp_port}")
    """
    error = run(integration(body)).finished.error
    assert error.type == "ClientConnectorError"
    assert [frame.line for frame in error.frames] == [10]
    assert error.traceback.count("File ") == error.traceback.count("probe.py") >= 1


def test_a_group_shows_its_members(integration, run) -> None:
    body = """
        import asyncio
        async def fail(error):
            raise error
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(KeyError("a")))
            group.create_task(fail(TypeError("b")))
    """
    error = run(integration(body)).finished.error
    assert error.type == "ExceptionGroup"
    assert [cause.type for cause in error.causes] == ["KeyError", "TypeError"]
    assert all(cause.frames[-1].function == "fail" for cause in error.causes)
    assert "KeyError: 'a'" in error.traceback


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("import sys\nsys.exit('bye')", "SystemExit", "raised SystemExit with code 'bye'"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", "raised KeyboardInterrupt"),
        ("import asyncio\nraise asyncio.CancelledError", "CancelledError", "was cancelled here"),
        ("raise BaseException('bare')", "BaseException", "bare"),
        ("raise TimeoutError", "TimeoutError", ""),
        ("import asyncio\nraise asyncio.CancelledError('why')", "CancelledError", "why"),
        (
            "import asyncio\nasync def quit():\n    raise SystemExit(4)\nawait asyncio.create_task(quit())",
            "SystemExit",
            "with code 4",
        ),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nawait context.nothing", "KeyboardInterrupt", ""),
    ],
)
def test_what_would_tear_the_loop_down_is_a_failure(integration, run, body, kind, words) -> None:
    seen = run(integration(body))
    assert (seen.finished.status, seen.finished.error.type) == (Status.FAILED, kind)
    assert words in seen.finished.error.message
    assert seen.finished.error.frames
    assert seen.code == 0


def test_an_interrupt_where_the_parent_ignores_it(integration, run, spare) -> None:
    """As under a command that a script started in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        spare()  # starts the next one, which inherits the signal as ignored
    finally:
        signal.signal(signal.SIGINT, before)
    seen = run(integration("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nawait context.nothing"))
    assert seen.finished.error.type == "KeyboardInterrupt"


def test_deep_recursion_is_shown_from_both_ends(integration, run) -> None:
    error = run(integration("def down(n):\n    return down(n + 1)\nreturn down(0)")).finished.error
    assert error.type == "RecursionError"
    assert len(error.frames) == 40
    assert (error.frames[0].function, error.frames[-1].function) == ("execute", "down")
    assert len(error.traceback) < 5000


def test_an_exception_that_cannot_be_shown(integration, run) -> None:
    body = """
        class Odd(Exception):
            def __str__(self):
                raise RuntimeError("no words")
        raise Odd
    """
    error = run(integration(body)).finished.error
    assert error.type == "Odd"
    assert error.message


def test_a_message_of_any_size_and_kind(integration, run) -> None:
    error = run(integration("raise ValueError('\\ud800' + 'x' * 3_000_000)")).finished.error
    assert error.message.startswith("\ufffdxxx")
    assert len(error.message) == 20_000
    assert len(error.traceback) <= 100_000


def test_an_endless_chain_of_causes(integration, run) -> None:
    body = """
        error = ValueError("0")
        for number in range(1, 500):
            try:
                raise ValueError(str(number)) from error
            except ValueError as next_error:
                error = next_error
        raise error
    """
    seen = run(integration(body))
    assert seen.finished.error.message == "499"
    assert seen.finished.status is Status.FAILED
