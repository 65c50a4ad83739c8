"""Every blueprint of the app, in the order of the pages."""

from flask import Blueprint

from workbench.web.auth.views import blueprint as auth
from workbench.web.run_form.views import account, actions, triggers
from workbench.web.views.catalog import blueprint as catalog
from workbench.web.views.fixes import blueprint as fixes
from workbench.web.views.integrations import blueprint as integrations
from workbench.web.views.paste import blueprint as paste
from workbench.web.views.runs import blueprint as runs
from workbench.web.views.suggestions import blueprint as suggestions

BLUEPRINTS: tuple[Blueprint, ...] = (
    catalog, integrations, actions, triggers, account, auth, runs, fixes, suggestions, paste,
)  # fmt: skip
