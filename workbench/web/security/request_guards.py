"""The checks between a request and a view, in their order, and the headers on the way out.

1. The host (:mod:`workbench.web.security.allowed_hosts`), in front of Flask.
2. The browser's headers on the source of a request: ``Origin`` and ``Sec-Fetch-Site``.
3. The secret path (:mod:`workbench.web.security.session_path`), the launch link and the session cookie
   (:mod:`workbench.web.security.sign_in`): without these nothing is served.
4. The CSRF token on every method that can change something.

Ports do not keep cookies apart; the path of ours, which no other server knows, keeps it from them.
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
from workbench.web.security.session_path import is_outside
from workbench.web.security.sign_in import SignIn

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_LONGEST_SESSION = timedelta(days=90)
"""Longer than any workbench runs; the secret that signs the cookie ends with the process."""


def install(app: Flask, sign_in: SignIn, port: int, session_path: str = "") -> None:
    """Put the checks in front of every route of ``app``, those added later and the error pages included."""
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_NAME=f"workbench-{port}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_PATH=session_path or "/",
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
    if is_outside(request.environ) or request.method != "GET" or (offered := request.args.get("token")) is None:
        return None
    if not sign_in.admit(offered, inside=is_signed_in()):
        return signed_out_page(message="This launch link has been used or has expired.")
    session["inside"] = True
    session.permanent = True
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != "token"]
    path = f"{request.script_root}/{quote(request.path.lstrip('/\\'), errors='replace')}"
    return redirect(f"{path}?{urlencode(rest)}" if rest else path, 303)


def is_signed_in() -> bool:
    """Whether the request has the secret path, and the cookie of a browser that signed in by the launch link."""
    return not is_outside(request.environ) and session.get("inside") is True


def require_session() -> AnyResponse | None:
    """401, with a page that explains the sign-in, for all others."""
    return None if is_signed_in() else signed_out_page()


def signed_out_page(status: int = 401, message: str = "") -> AnyResponse:
    """The page for browsers that are not signed in, with a sentence on what happened.

    They are served nothing else, so this page has its own stylesheet and script, allowed by their hashes. The script
    leads a browser that has been here to the secret path, which its own storage holds for this port alone. A page that
    was open while the workbench restarted gets a note instead, so that unsent input stays.
    """
    if "HX-Request" in request.headers:
        note = message or "Open the new launch link in its terminal, then try again. What you typed stays on this page."
        body = render_template("ui/_error_note.html", title="Signed out: the workbench restarted", message=note)
        return make_response(body, status, {"HX-Retarget": "#notes", "HX-Reswap": "innerHTML"})
    style, script = _own_text("ui/signed_out.css"), _own_text("ui/signed_out.js")
    text = render_template("ui/signed_out.html", style=style, script=script, message=message)
    response = make_response(text, status)
    sources = policy(script_src=_hash_source(script), style_src=_hash_source(style))
    response.headers["Content-Security-Policy"] = sources
    return response


def _own_text(name: str) -> str:
    return current_app.jinja_env.get_or_select_template(name).render().strip()


def _hash_source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def add_headers(response: Response) -> Response:
    """The base headers, where the view has not set its own."""
    for name, value in BASE_HEADERS.items():
        response.headers.setdefault(name, value)
    return response
