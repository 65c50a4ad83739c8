"""The page of an integration's rules: added, edited, reordered, switched off and removed in ``workbench.toml``."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workbench.answer_rules import RuleError, add_rule, change_rule, move_rule, remove_rule, switch_rule
from workbench.catalog.workbench_toml_writer import TomlWriteError
from workbench.web.rules.rule_editor import RuleEditor, rule_editor
from workbench.web.rules.rule_fields import RuleFields
from workbench.web.rules.rule_list import change_file, digest_of, entry_of, rule_list
from workbench.web.services.app_context import app_context
from workbench.web.ui.handler_pages import navigate
from workbench.web.ui.own_paths import own_path

blueprint = Blueprint("rule_list", __name__, url_prefix="/integrations/<integration_id>/rules")
NEW = 0
"""The number of a rule that is added."""


@blueprint.get("")
def index(integration_id: str) -> ResponseReturnValue:
    """The rules in their order."""
    integration = app_context().integration_or_404(integration_id)
    rules, nav = rule_list(integration.root), navigate(integration, page="Rules")
    back = own_path(request.args.get("back", ""), "")
    return render_template("rules/index.html", integration=integration, nav=nav, rules=rules, back=back)


@blueprint.get("/<int:number>")
def show(integration_id: str, number: int) -> ResponseReturnValue:
    """The editor of a rule; of a new one with the number 0."""
    root = app_context().integration_or_404(integration_id).root
    if number == NEW:
        return _editor(integration_id, rule_editor(RuleFields(), number=NEW, digest=digest_of(root)))
    entry = entry_of(root, number)
    if entry is None:
        abort(404, "workbench.toml has no rule with this number.")
    fields = RuleFields.of_table(entry.table)
    return _editor(integration_id, rule_editor(fields, number=number, digest=digest_of(root), error=entry.error))


@blueprint.post("/<int:number>/form")
def form(integration_id: str, number: int) -> ResponseReturnValue:
    """The editor with what was typed, for another action."""
    fields = RuleFields.parse(request.form)
    return _editor(integration_id, rule_editor(fields, number=number, digest=request.form.get("digest", "")))


@blueprint.post("/<int:number>")
def save(integration_id: str, number: int) -> ResponseReturnValue:
    """Write the rule; the editor again where it cannot be read."""
    fields = RuleFields.parse(request.form)
    try:
        rule = fields.rule()
    except RuleError as error:
        digest = request.form.get("digest", "")
        editor = rule_editor(fields, number=number, digest=digest, error=error)
        return _editor(integration_id, editor), 422
    if number == NEW:
        return _write(integration_id, f"Added the rule “{rule.name}”", partial(add_rule, rule=rule))
    return _write(integration_id, f"Changed rule {number}", partial(change_rule, place=number - 1, rule=rule))


@blueprint.post("/<int:number>/order")
def order(integration_id: str, number: int) -> ResponseReturnValue:
    """Move a rule one place up or down."""
    to = number - 2 if request.form.get("to") == "up" else number
    return _write(integration_id, f"Moved rule {number} to place {to + 1}", partial(move_rule, place=number - 1, to=to))


@blueprint.post("/<int:number>/state")
def state(integration_id: str, number: int) -> ResponseReturnValue:
    """Switch a rule on or off."""
    is_on = request.form.get("to") == "on"
    title = f"Switched rule {number} {'on' if is_on else 'off'}"
    return _write(integration_id, title, partial(switch_rule, place=number - 1, is_on=is_on))


@blueprint.post("/<int:number>/removal")
def removal(integration_id: str, number: int) -> ResponseReturnValue:
    """Remove a rule."""
    return _write(integration_id, f"Removed rule {number}", partial(remove_rule, place=number - 1))


@blueprint.post("/undo")
def undo(integration_id: str) -> ResponseReturnValue:
    """Put the file back as it was before the last change."""
    integration = app_context().integration_or_404(integration_id)
    try:
        app_context().rule_writes.undo(integration.root)
    except TomlWriteError as error:
        abort(409, str(error))
    return redirect(url_for("rule_list.index", integration_id=integration_id), 303)


def _write(integration_id: str, title: str, change: Callable[[str], str]) -> ResponseReturnValue:
    """The page after a change of the file; a 409 with the reason where it was not written."""
    integration = app_context().integration_or_404(integration_id)
    try:
        change_file(integration.root, request.form.get("digest", ""), title, change)
    except TomlWriteError as error:
        abort(409, f"Nothing was written. {error}")
    return redirect(url_for("rule_list.index", integration_id=integration_id), 303)


def _editor(integration_id: str, editor: RuleEditor) -> str:
    integration = app_context().integration_or_404(integration_id)
    nav = navigate(integration, page="Rules")
    return render_template("rules/editor.html", integration=integration, nav=nav, editor=editor)
