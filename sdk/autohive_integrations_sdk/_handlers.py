"""The base classes that an integration's handlers inherit from. An instance is made for every call."""

from abc import ABC, abstractmethod
from typing import Any

from autohive_integrations_sdk._context import ExecutionContext
from autohive_integrations_sdk._types import ConnectedAccountInfo


class ActionHandler(ABC):
    """Answers an action, a call that is made once."""

    @abstractmethod
    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> Any:
        """Do the work and return its result, in the form that the integration's contract asks."""


class PollingTriggerHandler(ABC):
    """Answers a polling trigger, a call that the platform makes at regular intervals."""

    @abstractmethod
    async def poll(
        self, inputs: dict[str, Any], last_poll_ts: str | None, context: ExecutionContext
    ) -> list[dict[str, Any]]:
        """Return what is new since ``last_poll_ts`` (epoch, None at first): records with ``id`` and ``data``."""


class ConnectedAccountHandler(ABC):
    """Tells whose account the credentials open."""

    @abstractmethod
    async def get_account_info(self, context: ExecutionContext) -> ConnectedAccountInfo:
        """Ask the service and return what it says."""
