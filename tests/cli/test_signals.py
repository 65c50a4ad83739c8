"""A signal interrupts a command wherever it arrives."""

import signal
import sys
import threading

import pytest

from workbench.cli.signals import interrupt_on_signals

LONG = 100.0


class SignalAtItsEnd:
    """Gets a signal while it is destroyed: what is raised there is dropped."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


class ErrorAtItsEnd:
    """Raises while it is destroyed."""

    def __del__(self) -> None:
        raise ValueError


def test_a_signal_while_a_destructor_runs_interrupts_all_the_same() -> None:
    made = [SignalAtItsEnd()]
    with pytest.raises(KeyboardInterrupt), interrupt_on_signals():
        made.clear()
        threading.Event().wait(LONG)


@pytest.mark.filterwarnings("error")
def test_a_signal_while_a_dropped_exception_is_reported_interrupts_all_the_same(monkeypatch) -> None:
    monkeypatch.setattr("sys.unraisablehook", lambda _: signal.raise_signal(signal.SIGTERM))
    made = [ErrorAtItsEnd()]
    with pytest.raises(KeyboardInterrupt), interrupt_on_signals():
        made.clear()
        threading.Event().wait(LONG)


def test_handlers_are_as_before_afterwards() -> None:
    numbers = signal.SIGINT, signal.SIGTERM
    before = [signal.getsignal(number) for number in numbers], sys.unraisablehook
    with pytest.raises(KeyboardInterrupt), interrupt_on_signals():
        signal.raise_signal(signal.SIGINT)
    assert ([signal.getsignal(number) for number in numbers], sys.unraisablehook) == before
