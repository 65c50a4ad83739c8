"""Every blueprint of the app, in the order of the pages."""

from flask import Blueprint

from workbench.web.auth.views import blueprint as auth
from workbench.web.catalog.views import blueprint as catalog
from workbench.web.integration.views import blueprint as integrations
from workbench.web.paste.views import blueprint as paste
from workbench.web.recorded_tests.views import blueprint as recorded_tests
from workbench.web.rules.list_views import blueprint as rule_list
from workbench.web.rules.views import blueprint as rules
from workbench.web.run_form.views import account, actions, triggers
from workbench.web.runs.comparison.views import blueprint as comparison
from workbench.web.runs.fixes.schema_suggestion_views import blueprint as suggestions
from workbench.web.runs.fixes.views import blueprint as fixes
from workbench.web.runs.fuzz.views import blueprint as fuzz
from workbench.web.runs.history.views import blueprint as history
from workbench.web.runs.resend.views import blueprint as resend
from workbench.web.runs.views import blueprint as runs
from workbench.web.settings.views import blueprint as settings

BLUEPRINTS: tuple[Blueprint, ...] = (
    catalog, integrations, actions, triggers, account, auth, runs, comparison, history, fuzz, fixes, suggestions, paste,
    settings, rules, rule_list, recorded_tests, resend,
)  # fmt: skip
