"""The start of a run: the request that is made of the form, handed to the runner."""

from flask import abort

from workbench.catalog import config_digest
from workbench.domain import ABSENT, JSON, Absent, Integration, Run, RunRequest
from workbench.runner import RunnerBusy, RunnerClosed
from workbench.web.run_form.run_settings import RunSettings
from workbench.web.services.app_context import app_context
from workbench.web.ui.handlers import Handler


def run_request(integration: Integration, handler: Handler, inputs: JSON | Absent, settings: RunSettings) -> RunRequest:
    """The run as asked for, with everything of ``config.json`` that it is validated by."""
    contract = settings.contract_of(integration)
    credentials = app_context().vault.get(integration.id)
    return RunRequest(
        integration_id=integration.id,
        root=integration.root,
        entry_point=integration.entry_point,
        kind=handler.kind,
        name=handler.name,
        contract=contract,
        inputs={} if inputs is ABSENT else inputs,
        auth=credentials.values,
        auth_shape=credentials.shape or contract.auth_shape,
        auth_type=credentials.auth_type or integration.auth.auth_type,
        timeout=settings.seconds or 60.0,
        last_poll_ts=settings.last_poll_ts or None,
        input_schema=handler.input_schema,
        output_schema=handler.output_schema,
        auth_schema=integration.auth.fields,
        max_retries=settings.max_retries,
        fetch_timeout=settings.fetch_seconds,
        dependencies=integration.dependencies,
        config_digest=config_digest(integration.root),
        metadata=credentials.metadata,
        environment=credentials.environment,
        secret_names=credentials.secret_names,
        public_names=credentials.public_names,
    )


def submit_or_503(asked: RunRequest) -> Run:
    """The run that the runner started; ends the request with a 503 where it accepts none."""
    try:
        return app_context().runner.submit(asked)
    except (RunnerBusy, RunnerClosed) as error:
        abort(503, str(error))
