"""The cookies of an exchange for a HTTP archive."""

from dataclasses import replace
from email.utils import parsedate_to_datetime

import harfile

from workbench.domain import Headers


def sent_cookies(headers: Headers) -> list[harfile.Cookie]:
    """Those of the request's ``Cookie`` headers."""
    pairs = (pair for name, value in headers if name.lower() == "cookie" for pair in value.split(";"))
    return [_cookie(pair) for pair in pairs if pair.strip()]


def received_cookies(headers: Headers) -> list[harfile.Cookie]:
    """Those of the response's ``Set-Cookie`` headers, with their attributes."""
    return [_with_attributes(value) for name, value in headers if name.lower() == "set-cookie" and value.strip()]


def _cookie(pair: str) -> harfile.Cookie:
    name, _, value = str(pair).partition("=")
    return harfile.Cookie(name=name.strip(), value=value.strip())


def _with_attributes(text: str) -> harfile.Cookie:
    pair, *rest = str(text).split(";")
    given = {name.strip().lower(): value.strip() for name, _, value in (each.partition("=") for each in rest)}
    return replace(
        _cookie(pair),
        path=given.get("path"),
        domain=given.get("domain"),
        expires=_iso(given.get("expires", "")),
        httpOnly=True if "httponly" in given else None,
        secure=True if "secure" in given else None,
    )


def _iso(text: str) -> str | None:
    try:
        return parsedate_to_datetime(text).isoformat()
    except ValueError:
        return None
