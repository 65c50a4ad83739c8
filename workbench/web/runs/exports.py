"""A run for other tools and people: as JSON, in the words of the command line, as one HTML file, and as HAR 1.2."""

from datetime import UTC, datetime

from workbench import __version__
from workbench.domain import JSON, Run
from workbench.explain.documents import report
from workbench.recordings.har import har_text
from workbench.web.runs.share.share_page import share_page
from workbench.web.services.app_context import app_context


def as_json(run: Run) -> bytes:
    """The run as the command line's ``--format json`` has it, with its id, integration and all that the handler got."""
    request = run.request
    asked: dict[str, JSON] = {
        "run": run.id,
        "integration": request.integration_id,
        "created_at": datetime.fromtimestamp(run.created_at, UTC).isoformat(),
        "inputs": request.inputs,
        "auth": request.context_auth,
        "metadata": request.metadata,
        "environment": {variable.name: variable.value for variable in request.environment},
    }
    return report.as_json(asked | report.report(run)).encode()


def har(run: Run, only: int | None = None) -> bytes:
    """The exchanges as an HTTP archive (HAR 1.2), or the one of the id ``only``."""
    exchanges = (each for each in run.outcome.exchanges if only in (None, each.id))
    comment = f"run {run.id}: {run.request.integration_id} {run.request.name}; secrets are masked"
    return har_text(exchanges, run.created_at, comment).encode()


def html(run: Run) -> bytes:
    """The run as one file to send."""
    integration = app_context().catalog.get(run.request.integration_id)
    return share_page(run, integration.title if integration else run.request.integration_id, __version__)
