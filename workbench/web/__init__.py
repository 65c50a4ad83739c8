"""The pages: ``create_app`` makes a Flask app out of a catalog, a store and a runner."""

from workbench.web.app import create_app
from workbench.web.services.app_context import WebConfig

__all__ = ["WebConfig", "create_app"]
