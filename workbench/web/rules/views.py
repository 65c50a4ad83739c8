"""The editor of a rule, a run with it, and rules saved to ``workbench.toml`` after their difference was shown."""

from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.answer_rules import AnswerSettings, RuleError, parse_rules, read_answer_settings, write_rule
from workbench.catalog.workbench_toml import read_workbench_toml
from workbench.catalog.workbench_toml_writer import TomlWriteError
from workbench.domain import Rule
from workbench.web.rules.rule_change import rule_change, write_rules
from workbench.web.rules.rule_editor import rule_editor
from workbench.web.rules.rule_fields import RuleFields
from workbench.web.runs import repetition, values
from workbench.web.runs.links import form_url
from workbench.web.runs.views import run_or_404
from workbench.web.services.app_context import app_context
from workbench.web.ui.handler_pages import navigate
from workbench.web.ui.own_paths import own_path
from workbench.web.ui.run_requests import submit_or_503

blueprint = Blueprint("rules", __name__, url_prefix="/integrations/<integration_id>/rules")


@blueprint.get("/new")
def new(integration_id: str) -> ResponseReturnValue:
    """The editor, begun from the exchange of a run that the URL names."""
    run = run_or_404(request.args.get("run", ""))
    found = values.exchange(run, request.args.get("exchange", -1, type=int))
    if found is None:
        abort(404, "This run has no exchange with this number.")
    fields = RuleFields.of_exchange(found, request.args.get("action", ""))
    return _editor(integration_id, fields, run.id, str(found.id))


@blueprint.post("/new")
def edit(integration_id: str) -> ResponseReturnValue:
    """The editor with what was typed, for another action."""
    return _editor(integration_id, RuleFields.parse(request.form), *_origin())


@blueprint.post("/runs")
def run(integration_id: str) -> ResponseReturnValue:
    """The run from which the rule began, once more with it; the editor again where the rule cannot be read."""
    fields = RuleFields.parse(request.form)
    try:
        rule = fields.rule()
    except RuleError as error:
        return _editor(integration_id, fields, *_origin(), error), 422
    asked = repetition.repeatable_or_409(run_or_404(_origin()[0], reveal=True))
    made = submit_or_503(replace(asked, answers=replace(asked.answers, rules=(rule, *asked.answers.rules))))
    return redirect(form_url(made, "http"), 303)


@blueprint.post("/preview")
def preview(integration_id: str) -> ResponseReturnValue:
    """What saving the posted rules changes in ``workbench.toml``."""
    integration = app_context().integration_or_404(integration_id)
    try:
        rules = _rules_of_form()
    except RuleError as error:
        if "action" in request.form:
            return _editor(integration_id, RuleFields.parse(request.form), *_origin(), error), 422
        return _preview(integration_id, (), f"Rules: {error}"), 422
    change = rule_change(integration.root, rules)
    return _preview(integration_id, rules, change.obstacle, change.lines, change.digest)


@blueprint.post("")
def write(integration_id: str) -> ResponseReturnValue:
    """Write the rules that were shown; a 409 with the reason where the file is not the one that was shown."""
    integration = app_context().integration_or_404(integration_id)
    try:
        rules = parse_rules(request.form.get("shown_rules", ""))
        write_rules(integration.root, rule_change(integration.root, rules), request.form.get("digest", ""))
    except (RuleError, TomlWriteError) as error:
        abort(409, f"Nothing was written. {error}")
    if "HX-Request" in request.headers:
        return _preview(integration_id, rules, "", saved=True)
    back = url_for("rule_list.index", integration_id=integration_id)
    return redirect(own_path(request.form.get("here", ""), back), 303)


def _origin() -> tuple[str, str]:
    return request.form.get("run", "")[:40], request.form.get("exchange", "")[:20]


def _rules_of_form() -> tuple[Rule, ...]:
    """The rule of the editor, or the lines of the run form."""
    if "action" in request.form:
        return (RuleFields.parse(request.form).rule(),)
    return parse_rules(request.form.get("rules", ""))


def _editor(integration_id: str, fields: RuleFields, run_id: str, exchange: str, error: RuleError | None = None) -> str:
    integration = app_context().integration_or_404(integration_id)
    told, key = (str(error), error.key) if error else ("", "")
    editor = rule_editor(fields, run_id=run_id, exchange=exchange, error=told, key=key)
    nav = navigate(integration, page="New rule")
    return render_template("rules/editor.html", integration=integration, nav=nav, editor=editor)


def _preview(
    integration_id: str,
    rules: tuple[Rule, ...],
    obstacle: str,
    lines: object = (),
    digest: str = "",
    *,
    saved: bool = False,
) -> str:
    integration = app_context().integration_or_404(integration_id)
    part = "HX-Request" in request.headers
    file = read_answer_settings(read_workbench_toml(integration.root)) if saved else AnswerSettings()
    return render_template(
        "rules/_preview.html" if part else "rules/preview.html",
        integration=integration,
        nav=None if part else navigate(integration, page="Rules"),
        rules=tuple(map(write_rule, rules)),
        obstacle=obstacle,
        lines=lines,
        digest=digest,
        saved=saved,
        part=part,
        in_file=tuple(map(write_rule, file.rules)),
        file_errors=tuple(map(str, file.errors)),
        without_file="without_file" in request.form,
        here=own_path(request.form.get("here", ""), ""),
    )
