"""Paste: a ``VALIDATION_ERROR`` from production with its payload, explained like a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench import schema
from workbench.domain import ABSENT, SdkChoice
from workbench.web.paste import pasted_run
from workbench.web.paste.likely_handlers import Choice, choices, rank
from workbench.web.run_form.run_settings import RunSettings
from workbench.web.run_form.run_start import run_request
from workbench.web.services.app_context import app_context
from workbench.web.ui.folder_labels import full_titles
from workbench.web.ui.handler_pages import navigate

_FIRST = 5
"""Likeliest handlers that stand before all others in the list."""

blueprint = Blueprint("paste", __name__, url_prefix="/paste")


_TITLE = "Explain a validation error"
_SOURCES = {"": "detected from the message", "input": "inputs", "output": "output", "auth": "auth fields"}


@dataclass(frozen=True, slots=True)
class PasteForm:
    """What stands in the form."""

    handler: str = ""
    message: str = ""
    payload: str = ""
    source: str = ""


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The form, with the handler or the integration that the URL names."""
    return _page(PasteForm(request.args.get("handler", "")), _choices(), [])


@blueprint.post("")
def explain() -> ResponseReturnValue:
    """Store what was pasted and go to its errors; where that is not possible the form again, with the reason."""
    form = PasteForm(*(request.form.get(name, "") for name in ("handler", "message", "payload", "source")))
    message, payload = pasted_run.read_both(form.message, form.payload)
    every = _choices()
    likely = rank(every, message, form.source or schema.read_report(message).source, payload.value)
    selected = _named(every, form.handler) or _best(likely)
    if payload.value is ABSENT or selected is None:
        return _page(form, every, likely, payload.error or _undecided(likely)), 422
    source = form.source or pasted_run.source_of(*selected, message, payload.value)
    template = run_request(*selected, ABSENT, RunSettings(), SdkChoice())
    stored = pasted_run.store_pasted(app_context().store, template, _known(source), message, payload)
    return redirect(url_for("runs.show", run_id=stored.run.id, tab="validation", error=stored.error or 0), 303)


def _known(source: str) -> str:
    return source if source in _SOURCES else "input"


def _choices() -> list[Choice]:
    only = request.args.get("integration", "")
    return choices(each for each in app_context().catalog.integrations() if only in ("", each.id))


def _key(choice: Choice) -> str:
    return f"{choice[0].id}/{choice[1].kind}/{choice[1].name}"


def _named(every: Sequence[Choice], key: str) -> Choice | None:
    return next((choice for choice in every if _key(choice) == key), None)


def _best(likely: Sequence[tuple[float, Choice]]) -> Choice | None:
    """The likeliest, where no other is as likely."""
    alone = len(likely) == 1 or (len(likely) > 1 and likely[0][0] > likely[1][0])
    return likely[0][1] if alone else None


def _undecided(likely: Sequence[tuple[float, Choice]]) -> str:
    if likely:
        return "Several handlers match. Select one: the most likely come first."
    return "No handler in the open folders has these properties. Select one."


def _page(form: PasteForm, every: Sequence[Choice], likely: Sequence[tuple[float, Choice]], error: str = "") -> str:
    titles = full_titles(outline.integration for outline in app_context().catalog.outlines())
    groups = [(titles.get(one, one), [(_key(each), each[1].title) for each in members])
              for one, members in groupby(every, key=lambda each: each[0].id)]  # fmt: skip
    first = [(_key(each), f"{each[1].title} · {titles.get(each[0].id, each[0].title)}") for _, each in likely[:_FIRST]]
    integration = app_context().catalog.get(request.args.get("integration", ""))
    nav = navigate(integration, page=_TITLE) if integration else None
    crumbs = None if nav else (("Runs", url_for("runs.index")), (_TITLE, ""))
    return render_template(
        "paste/show.html", groups=groups, first=first, typed=form, error=error, sources=_SOURCES,
        integration=integration, nav=nav, crumbs=crumbs,
    )  # fmt: skip
