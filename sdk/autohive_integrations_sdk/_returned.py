"""What handlers may return. Whatever breaks these rules is a ValidationError of the source ``output``."""

from typing import Any

from autohive_integrations_sdk._errors import ValidationError
from autohive_integrations_sdk._types import ActionError, ActionResult, ConnectedAccountInfo
from autohive_integrations_sdk.contracts import Contract


def value(returned: Any, name: str, contract: Contract) -> Any:
    """What an action's handler returned under contract 0.1: anything but a result class of the newer contracts."""
    if isinstance(returned, (ActionResult, ActionError)):
        raise _refused(
            f"Action handler '{name}' returned {_kind(returned)}, which contract 0.1 does not have. That contract was "
            f"chosen because {contract.reason}; pin autohive-integrations-sdk in requirements.txt.",
            returned,
        )
    return returned


def result(returned: Any, name: str) -> ActionResult | ActionError:
    """What an action's handler returned under the contracts 1 and 2."""
    if isinstance(returned, (ActionResult, ActionError)):
        return returned
    message = f"Action handler '{name}' must return ActionResult or ActionError, got {_kind(returned)}"
    raise _refused(message, returned)


def account(returned: Any) -> ConnectedAccountInfo:
    """What a connected account's handler returned."""
    if isinstance(returned, ConnectedAccountInfo):
        return returned
    raise _refused(f"Connected account handler must return ConnectedAccountInfo, got {_kind(returned)}", returned)


def records(returned: Any, name: str) -> list[dict[str, Any]]:
    """What a poll returned, once every record is known to have its ``id`` and ``data``."""
    if not isinstance(returned, (list, tuple)):
        raise _refused(f"Polling trigger '{name}' must return a list of records, got {_kind(returned)}", returned)
    for number, record in enumerate(returned):
        if not isinstance(record, dict):
            what = f"record {number} as {_kind(record)}; it must be a dict with 'id' and 'data'"
            raise _refused(f"Polling trigger '{name}' returned {what}", record)
        for field in ("id", "data"):
            if field not in record:
                what = f"record without required '{field}' field (record {number})"
                raise _refused(f"Polling trigger '{name}' returned {what}", record)
    return list(returned)


def _refused(message: str, returned: Any) -> ValidationError:
    return ValidationError(message, inputs=returned, source="output")


def _kind(returned: Any) -> str:
    return type(returned).__name__
