"""The capture in this very process, once with a network and once with what was recorded of it."""

from tests.worker.capture.conftest import captured, certificate, serve

__all__ = ["captured", "certificate", "serve"]
