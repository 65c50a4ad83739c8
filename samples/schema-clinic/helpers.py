"""What several handlers of the clinic share."""

from typing import Any

from autohive_integrations_sdk import ExecutionContext


def credentials(context: ExecutionContext) -> dict[str, Any]:
    """The auth fields: in an envelope for contract 2, else in one flat object."""
    inner = context.auth.get("credentials")
    return inner if isinstance(inner, dict) else context.auth


def never_retry(context: ExecutionContext, retries: int = 0) -> None:
    """Set the number of retries of ``context.fetch`` after a failed connection."""
    context.config = {**context.config, "max_retries": retries}


def value_at(body: Any, *names: str) -> Any:
    """The value that these names lead to in a response's body; None where it has none, whatever the body is."""
    for name in names:
        body = body.get(name) if isinstance(body, dict) else None
    return body
