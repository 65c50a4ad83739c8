"""The error that a run reports, whether it was raised, returned as an ``ActionError`` or hidden in its data."""

import re

from workbench.domain import Kind, Run, Status
from workbench.explain import reported_error
from workbench.explain.http import failed_requests

_REFUSED = (401, 403)


def message(run: Run) -> str | None:
    """The text of the error; empty where it has none, None where the run reports none.

    A run whose requests were all rejected reports one, too: the handler hid it.
    """
    outcome = run.outcome
    if outcome.status in (Status.ACTION_ERROR, Status.FAILED, Status.LOAD_FAILED):
        returned = outcome.returned.value if outcome.status is Status.ACTION_ERROR and outcome.returned else None
        error = outcome.error.message if outcome.error else ""
        return returned if isinstance(returned, str) else error
    if outcome.status is not Status.SUCCEEDED:
        return None
    found = reported_error.find(outcome.result) if run.request.kind is Kind.ACTION else None
    if found is None:
        return "" if is_rejected(run) and failed_requests.of_outcome(outcome).all_failed else None
    return found.message


def names(text: str, name: str) -> bool:
    """Whether the text speaks of ``name``: as it is, or in words (``access token`` for ``access_token``)."""
    words = re.split(r"[_\W]+", name)
    return re.search(rf"(?<![^\W_]){'[ _-]?'.join(map(re.escape, words))}(?![^\W_])", text, re.IGNORECASE) is not None


def is_rejected(run: Run) -> bool:
    """Whether a server rejected the credentials of a request."""
    return any(each.response is not None and each.response.status in _REFUSED for each in run.outcome.exchanges)
