"""The start of a run: the request that is made of the form, handed to the runner."""

from flask import abort

from workbench.catalog import config_digest, with_credentials
from workbench.domain import ABSENT, JSON, Absent, Integration, Run, RunRequest
from workbench.runner import RunnerBusy, RunnerClosed
from workbench.web.run_form.run_settings import RunSettings
from workbench.web.services.app_context import app_context
from workbench.web.ui.handlers import Handler


def run_request(integration: Integration, handler: Handler, inputs: JSON | Absent, settings: RunSettings) -> RunRequest:
    """The run as asked for, with everything of ``config.json`` that it is validated by."""
    request = RunRequest(
        integration_id=integration.id,
        root=integration.root,
        entry_point=integration.entry_point,
        kind=handler.kind,
        name=handler.name,
        contract=settings.contract_of(integration),
        inputs={} if inputs is ABSENT else inputs,
        timeout=settings.seconds or 60.0,
        last_poll_ts=settings.last_poll_ts or None,
        input_schema=handler.input_schema,
        output_schema=handler.output_schema,
        auth_schema=integration.auth.fields,
        max_retries=settings.max_retries,
        fetch_timeout=settings.fetch_seconds,
        dependencies=integration.dependencies,
        config_digest=config_digest(integration.root),
    )
    context = app_context()
    profile, reads = context.vault.profile(integration.id, settings.profile), context.catalog.reads(integration)
    return with_credentials(request, integration, profile.credentials, reads, context.store.environ, profile.name)


def submit_or_503(asked: RunRequest) -> Run:
    """The run that the runner started; ends the request with a 503 where it accepts none."""
    try:
        return app_context().runner.submit(asked)
    except (RunnerBusy, RunnerClosed) as error:
        abort(503, str(error))
