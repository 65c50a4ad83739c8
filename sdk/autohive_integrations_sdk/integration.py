"""The core file, as the guide calls it: every name that integrations use, from one place."""

import asyncio  # noqa: F401 - tests patch integration.asyncio.sleep
import logging  # noqa: F401 - and integration.logging
from typing import Any

from autohive_integrations_sdk._context import ExecutionContext
from autohive_integrations_sdk._errors import (
    ConfigurationError,
    HTTPError,
    RateLimitError,
    SchemaError,
    SchemaViolation,
    ValidationError,
)
from autohive_integrations_sdk._handlers import ActionHandler, ConnectedAccountHandler, PollingTriggerHandler
from autohive_integrations_sdk._integration import Integration
from autohive_integrations_sdk._release import __version__
from autohive_integrations_sdk._types import (
    Action,
    ActionError,
    ActionResult,
    AuthType,
    ConnectedAccountInfo,
    FetchResponse,
    IntegrationConfig,
    IntegrationResult,
    Parameter,
    PollingTrigger,
    ResultType,
    SchemaDefinition,
)

__all__ = [
    "Action",
    "ActionError",
    "ActionHandler",
    "ActionResult",
    "AuthType",
    "ConfigurationError",
    "ConnectedAccountHandler",
    "ConnectedAccountInfo",
    "ExecutionContext",
    "FetchResponse",
    "HTTPError",
    "Integration",
    "IntegrationConfig",
    "IntegrationResult",
    "Parameter",
    "PollingTrigger",
    "PollingTriggerHandler",
    "RateLimitError",
    "ResultType",
    "SchemaDefinition",
    "SchemaError",
    "SchemaViolation",
    "ValidationError",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """``aiohttp`` as an attribute, which tests patch; it is imported at first use."""
    if name == "aiohttp":
        import aiohttp

        return aiohttp
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), "aiohttp"})
