"""The request for a run of a handler, with everything of ``config.json`` that it is validated by, and its start."""

from flask import abort

from workbench.catalog import config_digest, with_credentials
from workbench.domain import JSON, Contract, Integration, Run, RunRequest
from workbench.profiles import Profile
from workbench.runner import RunnerBusy, RunnerClosed
from workbench.web.services.app_context import app_context
from workbench.web.ui.handlers import Handler


def request_of(
    integration: Integration, handler: Handler, inputs: JSON, profile: Profile, contract: Contract, timeout: float
) -> RunRequest:
    """A run of ``handler`` with ``profile`` under ``contract``; ``timeout`` is in seconds."""
    context = app_context()
    request = RunRequest(
        integration_id=integration.id,
        root=integration.root,
        entry_point=integration.entry_point,
        kind=handler.kind,
        name=handler.name,
        contract=contract,
        inputs=inputs,
        timeout=timeout,
        input_schema=handler.input_schema,
        output_schema=handler.output_schema,
        auth_schema=integration.auth.fields,
        dependencies=integration.dependencies,
        config_digest=config_digest(integration.root),
    )
    reads, environ = context.catalog.reads(integration), context.store.environ
    return with_credentials(request, integration, profile.credentials, reads, environ, profile.name)


def submit_or_503(asked: RunRequest) -> Run:
    """The run that the runner started; ends the request with a 503 where it accepts none."""
    try:
        return app_context().runner.submit(asked)
    except (RunnerBusy, RunnerClosed) as error:
        abort(503, str(error))
