"""The secret path below which the pages are served: what keeps the session cookie away from other servers.

A browser sends a cookie of ``127.0.0.1`` to every port there, whatever listens. It compares the cookie's path, though,
and this one is known to the signed-in browser alone: no page of ours leads elsewhere with a ``Referer``, and other
origins cannot read an address. So another server neither gets the cookie nor could use one without the path.
"""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_OUTSIDE = "workbench.outside_session_path"


class SessionPath:
    """WSGI middleware that serves ``app`` below ``path`` (``/w-…``), and marks requests for anything else."""

    def __init__(self, app: "WSGIApplication", path: str) -> None:
        self._app = app
        self._path = path.encode()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        whole = environ.get("PATH_INFO", "").encode("latin-1", "replace")
        first, slash, rest = whole[1:].partition(b"/")
        if secrets.compare_digest(b"/" + first, self._path):
            environ["SCRIPT_NAME"] = self._path.decode()
            environ["PATH_INFO"] = (slash + rest).decode("latin-1")
        else:
            environ[_OUTSIDE] = True
        return self._app(environ, start_response)


def is_outside(environ: "WSGIEnvironment") -> bool:
    """Whether the request was not for the secret path, so that whatever cookie it has is stolen or none of ours."""
    return _OUTSIDE in environ
