"""The request for a run that is made of the form."""

from dataclasses import replace

from workbench.catalog.sdk_choices import contract_with
from workbench.domain import ABSENT, JSON, Absent, Integration, RunRequest, SdkChoice
from workbench.web.run_form.answer_choice import answers_of
from workbench.web.run_form.run_settings import RunSettings
from workbench.web.services.app_context import app_context
from workbench.web.ui.handlers import Handler
from workbench.web.ui.run_requests import request_of


def run_request(
    integration: Integration, handler: Handler, inputs: JSON | Absent, settings: RunSettings, sdk: SdkChoice
) -> RunRequest:
    """The run as asked for, with everything of ``config.json`` that it is validated by."""
    profile = app_context().vault.profile(integration.id, settings.profile)
    sent: JSON = {} if inputs is ABSENT else inputs
    contract = contract_with(sdk, settings.contract_of(integration))
    return replace(
        request_of(integration, handler, sent, profile, contract, settings.seconds or 60.0),
        last_poll_ts=settings.last_poll_ts or None,
        max_retries=settings.max_retries,
        fetch_timeout=settings.fetch_seconds,
        resources=settings.resources,
        sdk=sdk,
        answers=answers_of(integration, handler, settings),
    )
