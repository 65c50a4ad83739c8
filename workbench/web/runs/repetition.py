"""A run made once more: the inputs and settings of an earlier one, the code and credentials of now."""

from dataclasses import replace

from workbench.catalog.sdk_choices import contract_with
from workbench.domain import Run, RunRequest
from workbench.web.services.app_context import app_context
from workbench.web.ui.handler_pages import handler_or_404
from workbench.web.ui.run_requests import request_of


def repeated(run: Run) -> RunRequest:
    """The request of ``run``, which has its secrets, as it is made now; ends the request with a 404 where it cannot be.

    A profile that is gone since is replaced by the selected one.
    """
    asked = run.request
    integration, handler = handler_or_404(asked.integration_id, asked.kind, asked.name)
    vault = app_context().vault
    known = vault.profiles.find(integration.root, asked.profile) if asked.profile else None
    profile = vault.profile(integration.id, asked.profile if known else "")
    own = asked.contract if asked.contract.is_chosen else integration.contract
    made = request_of(integration, handler, asked.inputs, profile, contract_with(asked.sdk, own), asked.timeout)
    return replace(
        made,
        last_poll_ts=asked.last_poll_ts,
        max_retries=asked.max_retries,
        fetch_timeout=asked.fetch_timeout,
        sdk=asked.sdk,
    )
