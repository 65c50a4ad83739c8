"""The editor of a rule, a run with it, and rules saved to ``workbench.toml`` after their difference was shown."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.answer_rules import AnswerSettings, RuleError, parse_rules, read_answer_settings, rule_table, write_rule
from workbench.catalog.workbench_toml import read_workbench_toml
from workbench.catalog.workbench_toml_writer import TomlWriteError
from workbench.domain import Rule, Run
from workbench.web.rules.rule_change import rule_change, write_rules
from workbench.web.rules.rule_editor import Origin, rule_editor
from workbench.web.rules.rule_fields import RuleFields
from workbench.web.rules.rule_list import number_of
from workbench.web.runs.links import form_url
from workbench.web.runs.reruns import repetition
from workbench.web.runs.values import run_values
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
    found = run_values.exchange(run, request.args.get("exchange", -1, type=int))
    if found is None:
        abort(404, "This run has no exchange with this number.")
    place, rule = _rule_of(run, request.args)
    if rule is None:
        fields = RuleFields.of_exchange(found, request.args.get("action", ""))
    elif number := number_of(run.request.root, rule):
        return redirect(url_for("rule_list.show", integration_id=integration_id, number=number))
    else:
        fields = RuleFields.of_table(rule_table(rule))
    return _editor(integration_id, fields, Origin(run.id, str(found.id), place))


@blueprint.post("/new")
def edit(integration_id: str) -> ResponseReturnValue:
    """The editor with what was typed, for another action."""
    return _editor(integration_id, RuleFields.parse(request.form), _origin())


@blueprint.post("/runs")
def run(integration_id: str) -> ResponseReturnValue:
    """The run from which the rule began, once more with it; the editor again where the rule cannot be read.

    With ``without`` the run has one rule less: the one that the form names.
    """
    fields, origin = RuleFields.parse(request.form), _origin()
    before = run_or_404(origin.run_id, reveal=True)
    place, old = _rule_of(before, request.form)
    answers = before.request.answers
    rules = [rule for rule in answers.rules if rule is not old]
    if "without" not in request.form:
        try:
            rules.insert(int(place or 0), fields.rule())
        except RuleError as error:
            return _editor(integration_id, fields, origin, error), 422
    asked = repetition.repeatable_or_409(before)
    saved = None if old in (answers.saved_rules or ()) else answers.saved_rules  # else this run differs from the file
    changed = replace(asked.answers, rules=tuple(rules), saved_rules=saved)
    made = submit_or_503(replace(asked, answers=repetition.with_rules_of_now(before, changed)))
    return redirect(form_url(made, "http"), 303)


@blueprint.post("/preview")
def preview(integration_id: str) -> ResponseReturnValue:
    """What saving the posted rules changes in ``workbench.toml``."""
    integration = app_context().integration_or_404(integration_id)
    try:
        rules = _rules_of_form()
    except RuleError as error:
        if "action" in request.form:
            return _editor(integration_id, RuleFields.parse(request.form), _origin(), error), 422
        return _preview(integration_id, (), f"Rules: {error}"), 422
    change = rule_change(integration.root, rules)
    return _preview(integration_id, rules, change.obstacle, change.lines, change.digest)


@blueprint.post("")
def write(integration_id: str) -> ResponseReturnValue:
    """Write the rules that were shown; a 409 with the reason where the file is not the one that was shown."""
    integration = app_context().integration_or_404(integration_id)
    try:
        rules = parse_rules(request.form.get("shown_rules", ""))
        write_rules(integration.root, rules, request.form.get("digest", ""))
    except (RuleError, TomlWriteError) as error:
        abort(409, f"Nothing was written. {error}")
    if "HX-Request" in request.headers:
        return _preview(integration_id, rules, "", saved=True)
    back = own_path(request.form.get("here", ""), "")
    if back and not request.form.get("run"):  # the form of a run, which shows the rule
        return redirect(back, 303)
    return redirect(url_for("rule_list.index", integration_id=integration_id, back=back or None), 303)


def _origin() -> Origin:
    return Origin(*(request.form.get(name, "")[:40] for name in ("run", "exchange", "rule")))


def _rule_of(run: Run, values: Mapping[str, str]) -> tuple[str, Rule | None]:
    """The rule of the run that ``values`` name by its place from 0, and that place; nothing where they name none."""
    place, rules = values.get("rule", ""), run.request.answers.rules
    if place.isascii() and place.isdigit() and len(place) < 6 and int(place) < len(rules):
        return place, rules[int(place)]
    return "", None


def _rules_of_form() -> tuple[Rule, ...]:
    """The rule of the editor, or the lines of the run form."""
    if "action" in request.form:
        return (RuleFields.parse(request.form).rule(),)
    return parse_rules(request.form.get("rules", ""))


def _editor(integration_id: str, fields: RuleFields, origin: Origin, error: RuleError | None = None) -> str:
    integration = app_context().integration_or_404(integration_id)
    editor = rule_editor(fields, origin=origin, error=error)
    run = app_context().store.get(origin.run_id)
    back = form_url(run, "http", origin.exchange) if run else ""
    nav = navigate(integration, page=editor.title)
    return render_template("rules/editor.html", integration=integration, nav=nav, editor=editor, back=back)


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
        run_id=request.form.get("run", "")[:40],
    )
