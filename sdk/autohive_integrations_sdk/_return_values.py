"""What handlers may return. Each function raises ValidationError with the source ``output`` for anything else."""

from typing import Any

from autohive_integrations_sdk._errors import ValidationError
from autohive_integrations_sdk._types import ActionError, ActionResult, ConnectedAccountInfo
from autohive_integrations_sdk.contracts import Contract


def require_value(returned: Any, name: str, contract: Contract) -> Any:
    """What an action's handler returned under contract 0.1: anything but a result class of the newer contracts."""
    if isinstance(returned, (ActionResult, ActionError)):
        raise _error(
            f"Action handler '{name}' returned {_kind(returned)}, which contract 0.1 does not have. That contract was "
            f"chosen because {contract.reason}; pin autohive-integrations-sdk in requirements.txt.",
            returned,
        )
    return returned


def require_result(returned: Any, name: str) -> ActionResult | ActionError:
    """What an action's handler returned under the contracts 1 and 2."""
    if isinstance(returned, (ActionResult, ActionError)):
        return returned
    message = f"Action handler '{name}' must return ActionResult or ActionError, got {_kind(returned)}"
    raise _error(message, returned)


def require_account(returned: Any) -> ConnectedAccountInfo:
    """What the handler of a connected account returned."""
    if isinstance(returned, ConnectedAccountInfo):
        return returned
    raise _error(f"Connected account handler must return ConnectedAccountInfo, got {_kind(returned)}", returned)


def require_records(returned: Any, name: str) -> list[dict[str, Any]]:
    """What a poll returned: a list of records, each with ``id`` and ``data``."""
    if not isinstance(returned, (list, tuple)):
        raise _error(f"Polling trigger '{name}' must return a list of records, got {_kind(returned)}", returned)
    for number, record in enumerate(returned):
        if not isinstance(record, dict):
            what = f"record {number} as {_kind(record)}; it must be a dict with 'id' and 'data'"
            raise _error(f"Polling trigger '{name}' returned {what}", record)
        for field in ("id", "data"):
            if field not in record:
                what = f"record without required '{field}' field (record {number})"
                raise _error(f"Polling trigger '{name}' returned {what}", record)
    return list(returned)


def _error(message: str, returned: Any) -> ValidationError:
    return ValidationError(message, inputs=returned, source="output")


def _kind(returned: Any) -> str:
    return type(returned).__name__
