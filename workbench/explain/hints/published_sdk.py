"""What published releases of the SDK do otherwise than ours, where that ended a run."""

from workbench.domain import AuthShape, Run, Side, Status
from workbench.explain.hints.evidence import Hint, hint
from workbench.explain.text import prose


def of_invalid_auth(run: Run) -> Hint | None:
    """Releases before 2.0.1 check ``auth.fields`` against ``context.auth`` itself, which an envelope never matches."""
    request, outcome = run.request, run.outcome
    if request.sdk.is_ours or outcome.status is not Status.INVALID_AUTH or request.auth_shape is not AuthShape.ENVELOPE:
        return None
    if any(error.where is Side.AUTH for error in outcome.errors):
        return None
    cause = prose(
        "Version {} of the SDK checks `auth.fields` against `context.auth` itself, which is the envelope",
        request.sdk.release,
    )
    return hint(cause, prose("Choose the flat shape of `context.auth` to run the handler with this version."))
