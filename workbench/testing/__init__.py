"""Tests of integrations by hand: load one, run its handlers, assert on what happened; and all its recordings at once.

::

    from workbench.testing import conformance, load

    desk = load("desk")

    def test_save():
        outcome = desk.run("save", {"n": 1}, auth={"api_key": "x"}, answers="save/first")
        outcome.assert_succeeded()
        assert outcome.result["data"]["n"] == 1

    test_desk = conformance(desk)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.testing.conformance_suite import conformance
    from workbench.testing.loaded_integration import LoadedIntegration, RunOutcome, load

__all__ = ["LoadedIntegration", "RunOutcome", "conformance", "load"]


def __getattr__(name: str) -> Any:
    """What is imported from here, loaded when it is asked for: the suite needs pytest, which not everybody has."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "conformance_suite" if name == "conformance" else "loaded_integration"
    return getattr(import_module(f"{__name__}.{module}"), name)
