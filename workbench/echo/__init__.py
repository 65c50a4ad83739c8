"""The echo server: a small HTTP service on this machine that integrations can call, offline.

It listens on 127.0.0.1 and uses nothing of the workbench but its uploads. ``/`` lists the routes.
"""

from workbench.echo.app import create_app
from workbench.echo.server import EchoError, in_thread, run, serve

__all__ = ["EchoError", "create_app", "in_thread", "run", "serve"]
