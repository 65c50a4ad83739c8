"""Calls an API in three ways: with no auth, with HTTP Basic, and with an API key as a bearer token.

Written for the SDK's contract 0.1: ``context.fetch`` gives the parsed body, and what a handler returns is the result.
"""

import base64
from typing import Any, Dict  # noqa: UP035 - spelled as the guide spells it

from autohive_integrations_sdk import ActionHandler, ExecutionContext, Integration

# Create the integration using the config.json
api_fetch = Integration.load()


@api_fetch.action("call_api")
class APIFetchAction(ActionHandler):
    """No auth: works with the auth form untouched, which is why config.json makes none of its fields required."""

    async def execute(self, inputs: Dict[str, Any], context: ExecutionContext):  # noqa: UP006
        response = await context.fetch(inputs["url"])

        return with_data(response)


@api_fetch.action("call_api_un_pw")
class APIFetchActionUnPw(ActionHandler):
    """HTTP Basic auth (RFC 7617) from ``user_name`` and ``password``."""

    async def execute(self, inputs: Dict[str, Any], context: ExecutionContext):  # noqa: UP006
        user_name = credential(context, "user_name", "User name")
        password = credential(context, "password", "Password")
        basic = base64.b64encode(f"{user_name}:{password}".encode()).decode()

        response = await context.fetch(inputs["url"], headers={"Authorization": f"Basic {basic}"})

        return with_data(response)


@api_fetch.action("call_api_header")
class APIFetchActionHeader(ActionHandler):
    """The key as a bearer token (RFC 6750)."""

    async def execute(self, inputs: Dict[str, Any], context: ExecutionContext):  # noqa: UP006
        api_key = credential(context, "api_key", "API key")

        response = await context.fetch(inputs["url"], headers={"Authorization": f"Bearer {api_key}"})

        print("Response: ", response)

        return with_data(response)


def with_data(response: Any) -> Dict[str, Any]:  # noqa: UP006
    """The body as it came; ValueError where it is not an object with ``data``, which config.json promises."""
    if not isinstance(response, dict) or not isinstance(response.get("data"), dict):
        raise ValueError('The URL did not respond with a JSON object that contains an object "data".')
    return response


def credential(context: ExecutionContext, name: str, label: str) -> str:
    """A value of the auth form; ValueError with what to do where it was left empty."""
    value = context.auth.get(name)
    if not value:
        raise ValueError(f"{label} is empty: fill it in on the auth page, then run this action again.")
    return value
