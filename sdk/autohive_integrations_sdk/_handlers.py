"""The base classes that an integration's handlers inherit from. An instance is made for every call."""

from abc import ABC, abstractmethod
from typing import Any

from autohive_integrations_sdk._context import ExecutionContext
from autohive_integrations_sdk._types import ConnectedAccountInfo


class ActionHandler(ABC):
    """The handler of an action, which is called once for each execution."""

    @abstractmethod
    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> Any:
        """Do the work and return its result, in the form of the integration's contract."""


class PollingTriggerHandler(ABC):
    """The handler of a polling trigger, which is called at regular intervals."""

    @abstractmethod
    async def poll(
        self, inputs: dict[str, Any], last_poll_ts: str | None, context: ExecutionContext
    ) -> list[dict[str, Any]]:
        """Return what is new since ``last_poll_ts`` (epoch, None at first): records with ``id`` and ``data``."""


class ConnectedAccountHandler(ABC):
    """The handler of the connected account: whose account the credentials open."""

    @abstractmethod
    async def get_account_info(self, context: ExecutionContext) -> ConnectedAccountInfo:
        """Request the account from the service and return it."""
