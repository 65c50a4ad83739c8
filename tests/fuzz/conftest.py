"""Requests for integrations written on the spot."""

from tests.runner.conftest import make_request

__all__ = ["make_request"]
