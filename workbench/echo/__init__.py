"""The echo server: a small HTTP service on this machine that integrations can call, offline.

It is its own listener, bound to 127.0.0.1, and knows nothing of the workbench. ``/`` lists what it answers.
"""

from workbench.echo.app import create_app
from workbench.echo.server import EchoError, in_thread, run, serve

__all__ = ["EchoError", "create_app", "in_thread", "run", "serve"]
