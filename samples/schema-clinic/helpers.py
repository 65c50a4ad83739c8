"""What several handlers of the clinic share."""

from typing import Any

from autohive_integrations_sdk import ExecutionContext


def credentials(context: ExecutionContext) -> dict[str, Any]:
    """The auth fields: contract 2 wraps them in an envelope, older callers hand them over flat."""
    inner = context.auth.get("credentials")
    return inner if isinstance(inner, dict) else context.auth


def never_retry(context: ExecutionContext, retries: int = 0) -> None:
    """Say how often ``context.fetch`` tries again after a connection that failed."""
    context.config = {**context.config, "max_retries": retries}
