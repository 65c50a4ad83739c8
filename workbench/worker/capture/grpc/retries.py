"""How often the C core of gRPC may send a call: it repeats what its retry policy says, and tells nobody."""

import json
from typing import Any

_MOST = 5
"""More than that the core does not try, whatever a policy says."""


def most_attempts(args: tuple[Any, ...], options: dict[str, Any]) -> int:
    """How often at most, by the options that a channel is made with; 1 where no policy is among them."""
    given = next((each for each in (options.get("options"), *args) if isinstance(each, list | tuple)), ())
    try:
        named = dict(given)
        if not named.get("grpc.enable_retries", 1):
            return 1
        methods = json.loads(named.get("grpc.service_config", "{}")).get("methodConfig", ())
        allowed = [int(each["retryPolicy"]["maxAttempts"]) for each in methods if "retryPolicy" in each]
    except (TypeError, ValueError, KeyError, AttributeError):  # the core says what is wrong with it
        return 1
    return min(max(allowed, default=1), _MOST)
