"""The action, which runs in a worker; what it sends and gets is captured there."""

import base64
from typing import Any

import aiohttp
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration
from multidict import CIMultiDict
from yarl import URL

sender = Integration.load()

_AUTOMATIC = ("Accept", "Content-Type", "User-Agent")


@sender.action("request")
class SendRequest(ActionHandler):
    """Sends the request with these headers and those that frame it, and no others."""

    async def execute(self, inputs: dict[str, Any], context: Any) -> ActionResult:
        """Status and size of the answer."""
        headers = CIMultiDict((name, value) for name, value in inputs["headers"])
        body = base64.b64decode(inputs["body"]) or None
        url = URL(inputs["url"], encoded=inputs["url"].isascii())
        async with (
            aiohttp.ClientSession(skip_auto_headers=_AUTOMATIC) as session,
            session.request(inputs["method"], url, headers=headers, data=body, allow_redirects=False) as response,
        ):
            size = len(await response.read())
            return ActionResult(data={"status": response.status, "reason": response.reason or "", "bytes": size})
