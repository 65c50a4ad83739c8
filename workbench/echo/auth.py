"""Routes that require credentials; 401 without them."""

import base64
import binascii
import hmac

from aiohttp import web

from workbench.echo.request_data import request_data


async def basic_auth(request: web.Request) -> web.Response:
    """``/basic-auth/<user>/<password>``: 200 for exactly these, else 401."""
    user, password = request.match_info["user"], request.match_info["password"]
    if not hmac.compare_digest(_basic(request), f"{user}:{password}".encode()):
        return _unauthorized('Basic realm="echo"', "Send HTTP Basic credentials that match the path.")
    return web.json_response({"authenticated": True, "user": user, "data": await request_data(request)})


async def bearer(request: web.Request) -> web.Response:
    """``/bearer``: 200 for any bearer token, else 401."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return _unauthorized("Bearer", "Send the header Authorization: Bearer <token>.")
    return web.json_response({"authenticated": True, "token": token.strip(), "data": await request_data(request)})


def _basic(request: web.Request) -> bytes:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(encoded.strip().encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return b""


def _unauthorized(challenge: str, advice: str) -> web.Response:
    body = {"authenticated": False, "error": advice}
    return web.json_response(body, status=401, headers={"WWW-Authenticate": challenge})
