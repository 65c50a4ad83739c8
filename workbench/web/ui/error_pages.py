"""What people see when a request fails: a plain page, or a short note for htmx."""

import secrets
from types import TracebackType
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, g, make_response, render_template, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as AnyResponse

from workbench.explain.history import failed_meanwhile
from workbench.web.security.request_guards import is_signed_in, signed_out_page

_TITLES = {
    400: "Bad request",
    403: "Request rejected",
    404: "Not found",
    405: "Method not allowed",
    409: "Not possible now",
    413: "Request too large",
    500: "Internal error",
    503: "Workbench is busy",
}

_WORDS = {
    400: "The workbench cannot read this request. Go back, reload the page, then try again.",
    404: "The workbench has no page at this address. Check the address, or start from the list of integrations.",
    405: "This address does not accept this kind of request. Go back and use the buttons of the page.",
    413: "The request exceeds the limit of the workbench. Send less data, or a smaller file.",
}


class WorkbenchFlask(Flask):
    """Flask whose log of an exception bears the id that the page shows."""

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        """Log the exception under a fresh id, which ``g.incident`` holds."""
        g.incident = secrets.token_hex(4)
        self.logger.error("Incident %s: %s %s", g.incident, request.method, request.path, exc_info=exc_info)


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(CSRFError, show_expired)
    app.register_error_handler(InternalServerError, show_incident)
    app.register_error_handler(DatabaseError, show_database_error)


def show(error: HTTPException) -> ResponseReturnValue:
    """Any error that has a status of its own."""
    if error.response is not None:  # a redirect to the canonical URL, say
        return error.get_response()
    message = str(error.description or "")
    if message == type(error).description:  # werkzeug's general words do not say what to do here
        message = _WORDS.get(error.code or 500, message)
    return _answer(error.code or 500, message, dict(_headers(error)))


def show_expired(error: CSRFError) -> ResponseReturnValue:
    """A missing or a wrong CSRF token: the page is older than the workbench, or not ours."""
    message = "The workbench restarted after this page was loaded. Open the page again, then repeat your last step."
    return _answer(403, message, title="This page has expired", back=_page_of_form())


def _page_of_form() -> str:
    """The URL of the page that the posted form stands on: the nearest above its own; "" where that is the catalog.

    The browser does not say which page it was: our pages send no referrer.
    """
    path = request.path
    while path := path.rpartition("/")[0]:
        if request_ctx.url_adapter and request_ctx.url_adapter.test(path, "GET"):
            return request.script_root + quote(path)
    return ""


def show_incident(error: InternalServerError) -> ResponseReturnValue:
    """An exception in a view: the id leads to the traceback in the terminal."""
    incident = g.get("incident", "")
    return _answer(500, f"The terminal of the workbench shows the traceback: look for incident {incident}.")


def show_database_error(error: DatabaseError) -> ResponseReturnValue:
    """The database of the history fails while the workbench runs: what is in memory goes on."""
    current_app.logger.error("The history failed: %s %s: %s", request.method, request.path, error.orig or error)
    return _answer(503, failed_meanwhile(str(error.orig or error)), title="The history cannot be used")


def _headers(error: HTTPException) -> list[tuple[str, str]]:
    return [(name, value) for name, value in error.get_headers() if name != "Content-Type"]


def _answer(
    status: int, message: str, headers: dict[str, Any] | None = None, title: str = "", back: str = ""
) -> AnyResponse:
    title = title or _TITLES.get(status, "Request failed")
    if not is_signed_in():
        return signed_out_page(status, message)
    if "HX-Request" in request.headers:
        body = render_template("ui/_error_note.html", title=title, message=message, back=back)
        return make_response(body, status, {**(headers or {}), "HX-Retarget": "#notes", "HX-Reswap": "innerHTML"})
    page = render_template("ui/error.html", title=title, message=message, back=back)
    return make_response(page, status, headers or {})
