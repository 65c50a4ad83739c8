"""A recording as a local HTTP server, for programs that are no integrations."""

from workbench.mock.app import create_app
from workbench.mock.replies import Replies

__all__ = ["Replies", "create_app"]
