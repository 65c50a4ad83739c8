"""Paste: a ``VALIDATION_ERROR`` from production with its payload, looked at like a run."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.domain import ABSENT, Integration, Kind
from workbench.web import handling, pasting
from workbench.web.posted import Settings
from workbench.web.presenters.handlers import Handler, find, handlers
from workbench.web.state import bench

blueprint = Blueprint("paste", __name__, url_prefix="/paste")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The form, with the integration that the URL names chosen."""
    return _page(request.args.get("handler", ""), request.args.get("integration", ""))


@blueprint.post("")
def look() -> ResponseReturnValue:
    """Keep what was pasted and go to its picture; with a problem the form again, nothing of it lost."""
    chosen, message, text = (request.form.get(name, "") for name in ("handler", "message", "payload"))
    found, (payload, problem) = _find(chosen), pasting.read_payload(text)
    if found is None or payload is ABSENT:
        return _page(chosen, "", message, text, problem or "Choose what the message came from."), 422
    integration, handler = found
    source = request.form.get("source", "") or pasting.source_of(integration, handler, message, payload)
    asked = handling.run_request(integration, handler, ABSENT, Settings())
    kept = pasting.keep(bench().store, asked, source if source in _SOURCES else "input", message, payload)
    fault = kept.fault if kept.fault is not None else 0
    return redirect(url_for("runs.show", run_id=kept.run.id, tab="validation", fault=fault), 303)


_SOURCES = {"": "as the message says", "input": "the inputs", "output": "the output", "auth": "the auth fields"}


def _find(chosen: str) -> tuple[Integration, Handler] | None:
    integration_id, _, rest = chosen.partition("/")
    kind, _, name = rest.partition("/")
    integration = bench().catalog.get(integration_id)
    if integration is None or kind not in (Kind.ACTION, Kind.TRIGGER):
        return None
    handler = find(integration, Kind(kind), name)
    return (integration, handler) if handler else None


def _page(chosen: str, integration_id: str, message: str = "", payload: str = "", problem: str = "") -> str:
    groups = [
        (each.title, [(f"{each.id}/{kind}/{handler.name}", handler.title) for kind in (Kind.ACTION, Kind.TRIGGER)
                      for handler in handlers(each, kind)])
        for each in bench().catalog.integrations() if integration_id in ("", each.id)
    ]  # fmt: skip
    return render_template(
        "runs/paste.html", groups=groups, chosen=chosen, message=message, payload=payload, problem=problem,
        sources=_SOURCES, source=request.form.get("source", ""),
    )  # fmt: skip
