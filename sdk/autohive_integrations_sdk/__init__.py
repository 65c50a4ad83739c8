"""The SDK that AutoHive integrations import. It runs integrations written against every published release, unchanged.

An independent implementation for the integration workbench: see :mod:`autohive_integrations_sdk.contracts` for how the
releases differ and how the contract of an integration is chosen. The names are imported at first use,
so that ``contracts`` can be imported without them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autohive_integrations_sdk._release import __version__

if TYPE_CHECKING:
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
        SchemaViolation,
        ValidationError,
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
    "SchemaViolation",
    "ValidationError",
    "__version__",
    "contracts",
]


def __getattr__(name: str) -> Any:
    if name in ("contracts", "integration"):
        return import_module(f"{__name__}.{name}")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.integration"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "integration"})
