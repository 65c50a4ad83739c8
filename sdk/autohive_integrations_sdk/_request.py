"""What ``context.fetch`` sends, worked out once so that every retry sends the same; and how the response is read."""

import json as jsonlib
import math
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from autohive_integrations_sdk._types import AuthType

JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_DEFAULT_WAIT = 60


def prepare(
    url: str,
    method: str,
    params: Mapping[str, Any] | None,
    data: Any,
    json: Any,
    headers: Mapping[str, str] | None,
    content_type: str | None,
    auth: Any,
) -> dict[str, Any]:
    """What to hand to aiohttp: ``method``, ``url``, ``headers`` and ``data``. The arguments are not changed."""
    sent = dict(headers) if headers else {}
    names = {name.lower() for name in sent} if sent else ()
    if json is not None:
        data, content_type = jsonlib.dumps(json), JSON
    elif content_type == JSON and data is not None and not isinstance(data, (bytes, bytearray, memoryview)):
        data = jsonlib.dumps(data)
    elif content_type == _FORM and isinstance(data, dict):
        data = urlencode(data)
    if content_type is not None and "content-type" not in names:
        sent["Content-Type"] = content_type
    if auth and "authorization" not in names and (token := bearer_token(auth)):
        sent["Authorization"] = f"Bearer {token}"
    url = add_params(url, params) if params else url
    return {"method": method, "url": url, "headers": sent, "data": data}


def credentials_of(auth: Any) -> Any:
    """The fields, in either shape: what stands under ``credentials`` where that is a dict, else ``auth`` itself."""
    if isinstance(auth, dict) and isinstance(auth.get("credentials"), dict):
        return auth["credentials"]
    return auth


def is_plain(body: Any) -> bool:
    """Whether a body can be sent again as it is: nothing, text or bytes."""
    return body is None or isinstance(body, (str, bytes, bytearray, memoryview))


def bearer_token(auth: Any) -> str | None:
    """The access token that travels by itself: that of ``PlatformOauth2``, also without an ``auth_type``."""
    credentials = credentials_of(auth)
    if not isinstance(auth, dict) or not isinstance(credentials, dict):
        return None
    if auth.get("auth_type", AuthType.PlatformOauth2) not in (AuthType.PlatformOauth2, None):
        return None
    return credentials.get("access_token") or None


def add_params(url: str, params: Mapping[str, Any]) -> str:
    """The URL with parameters: dicts and lists as JSON text, None left out, the rest as ``str()``."""
    pairs = {
        name: jsonlib.dumps(value) if isinstance(value, (dict, list)) else str(value)
        for name, value in params.items()
        if value is not None
    }
    if not pairs:
        return url
    address, hash_mark, fragment = str(url).partition("#")
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode(pairs)}{hash_mark}{fragment}"


def is_json(content_type: str) -> bool:
    """Whether a ``Content-Type`` is ``application/json``, whatever its parameters."""
    return content_type.partition(";")[0].strip().lower() == JSON


def seconds_to_wait(retry_after: str | None) -> int:
    """``Retry-After`` in whole seconds, from a number or an HTTP date; 60 where it is absent or unreadable."""
    if retry_after is None:
        return _DEFAULT_WAIT
    try:
        seconds = float(retry_after)
    except ValueError:
        from email.utils import parsedate_to_datetime

        try:
            seconds = parsedate_to_datetime(retry_after).timestamp() - time.time()
        except (ValueError, OverflowError):
            return _DEFAULT_WAIT
    return max(0, math.ceil(seconds)) if math.isfinite(seconds) else _DEFAULT_WAIT
