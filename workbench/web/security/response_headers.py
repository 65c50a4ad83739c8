"""The security headers of every response."""

from collections.abc import Mapping
from types import MappingProxyType

CSP = MappingProxyType(
    {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
)
"""The content security policy: our own files, no inline script or style, in no frame."""


def policy(**changes: str) -> str:
    """The policy as a header's value. ``changes`` replace directives, ``_`` standing for ``-``."""
    directives = dict(CSP) | {name.replace("_", "-"): value for name, value in changes.items()}
    return "; ".join(f"{name} {value}".rstrip() for name, value in directives.items())


BASE_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }
)
"""Set on every response that has not chosen a stricter or a more precise value itself."""
