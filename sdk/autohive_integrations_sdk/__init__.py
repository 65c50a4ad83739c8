"""The SDK that AutoHive integrations import. It runs integrations written against every published release, unchanged.

An independent implementation for the integration workbench: see :mod:`autohive_integrations_sdk.contracts` for how the
releases differ and how the contract of an integration is chosen.
"""

from autohive_integrations_sdk import contracts
from autohive_integrations_sdk.integration import (
    ActionError,
    ActionHandler,
    ActionResult,
    AuthType,
    ConfigurationError,
    ConnectedAccountHandler,
    ConnectedAccountInfo,
    ExecutionContext,
    FetchResponse,
    HTTPError,
    Integration,
    IntegrationResult,
    PollingTriggerHandler,
    RateLimitError,
    ResultType,
    SchemaError,
    SchemaFault,
    ValidationError,
    __version__,
)

__all__ = [
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
    "IntegrationResult",
    "PollingTriggerHandler",
    "RateLimitError",
    "ResultType",
    "SchemaError",
    "SchemaFault",
    "ValidationError",
    "__version__",
    "contracts",
]
