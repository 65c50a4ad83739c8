"""The checks between a request and a view, in their order, and the headers on the way out.

1. The host (:mod:`workbench.web.security.allowed_hosts`), in front of Flask.
2. The browser's headers on the source of a request: ``Origin`` and ``Sec-Fetch-Site``.
3. The launch link and the session cookie (:mod:`workbench.web.security.sign_in`): without it nothing is served.
4. The CSRF token on every method that can change something.

Ports do not keep cookies apart, so another server on this machine's loopback receives ours with each visit; checks 2
and 4 are what keeps its pages from using it.
"""

import base64
import hashlib
import secrets
from datetime import timedelta
from urllib.parse import quote, urlencode

from flask import Flask, Response, abort, current_app, make_response, redirect, render_template, request, session
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from workbench.web.security.response_headers import BASE_HEADERS, policy
from workbench.web.security.sign_in import SignIn

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_LONGEST_SESSION = timedelta(days=90)
"""Longer than any workbench runs; the secret that signs the cookie ends with the process."""


def install(app: Flask, sign_in: SignIn, port: int) -> None:
    """Put the checks in front of every route of ``app``, those added later and the error pages included."""
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_NAME=f"workbench-{port}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=_LONGEST_SESSION,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.before_request(reject_other_sites)
    app.before_request(lambda: take_token(sign_in))
    app.before_request(require_session)
    CSRFProtect(app)
    app.after_request(add_headers)


def reject_other_sites() -> None:
    """403 for what another site's page sends, or makes the browser load."""
    own = f"{request.scheme}://{request.environ['HTTP_HOST']}".lower()
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method not in _SAFE_METHODS:
        if request.headers.get("Origin", own).lower() != own or site not in ("same-origin", "none"):
            abort(403, "The request comes from another site. The workbench accepts requests from its own pages only.")
    elif site in ("cross-site", "same-site") and not _is_visit():
        abort(403, "The request comes from another site. Other sites cannot embed or load pages of the workbench.")


def _is_visit() -> bool:
    """Whether a person follows a link: a page loaded into the tab itself."""
    return (
        request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest", "document") == "document"
    )


def take_token(sign_in: SignIn) -> AnyResponse | None:
    """Turn the token of a launch link into a session, and send the browser on to the same place without it."""
    if request.method != "GET" or (offered := request.args.get("token")) is None:
        return None
    if not sign_in.admit(offered, inside=is_signed_in()):
        return signed_out_page(message="This launch link has been used or has expired.")
    session["inside"] = True
    session.permanent = True
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != "token"]
    path = "/" + quote(request.path.lstrip("/\\"), errors="replace")
    return redirect(f"{path}?{urlencode(rest)}" if rest else path, 303)


def is_signed_in() -> bool:
    """Whether the request has the cookie of a browser that signed in by the launch link."""
    return session.get("inside") is True


def require_session() -> AnyResponse | None:
    """401, with a page that explains the sign-in, for all others."""
    return None if is_signed_in() else signed_out_page()


def signed_out_page(status: int = 401, message: str = "") -> AnyResponse:
    """The page for browsers that are not signed in, with a sentence on what happened.

    They are served nothing else, so this page has its own stylesheet, allowed by its hash. A page that was open while
    the workbench restarted gets a note instead, so that unsent input stays.
    """
    if "HX-Request" in request.headers:
        note = message or "Open the new launch link in its terminal, then try again. What you typed stays on this page."
        body = render_template("ui/_error_note.html", title="Signed out: the workbench restarted", message=note)
        return make_response(body, status, {"HX-Retarget": "#notes", "HX-Reswap": "innerHTML"})
    style = (current_app.jinja_env.get_or_select_template("ui/signed_out.css").render()).strip()
    digest = hashlib.sha256(style.encode()).digest()
    response = make_response(render_template("ui/signed_out.html", style=style, message=message), status)
    response.headers["Content-Security-Policy"] = policy(script_src="'none'", style_src=_hash_source(digest))
    return response


def _hash_source(digest: bytes) -> str:
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def add_headers(response: Response) -> Response:
    """The base headers, where the view has not set its own."""
    for name, value in BASE_HEADERS.items():
        response.headers.setdefault(name, value)
    return response
