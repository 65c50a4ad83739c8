"""A token that had expired when it was sent, and that the API rejected."""

from workbench.domain import ErrorInfo, Run
from workbench.explain.hints.evidence import Hint, credential_hint, raised_at
from workbench.explain.http import exchange_masks, network
from workbench.explain.text import prose, sentence

_REJECTED = (401, 403)


def of_error(run: Run, error: ErrorInfo) -> Hint | None:
    """The last exchange was rejected, and sent a JSON Web Token whose time was over."""
    last = next((each for each in reversed(run.outcome.exchanges) if each.response is not None), None)
    if last is None or last.response is None or last.response.status not in _REJECTED:
        return None
    token = exchange_masks.expired_token(run, last)
    if token is None:
        return None
    when = exchange_masks.ago(token, run.created_at + last.started_at)
    rejected = f" (exchange {last.id}) was rejected with HTTP {last.response.status}"
    cause = sentence(network.request_words(last), f"{rejected}, and the token that it sent expired {when} the request")
    if token.exchange is None:
        fix = prose("Connect again, or paste a new token on the Auth page.")
        return credential_hint(cause, fix, raised_at(run, error))
    return Hint(cause, prose("Refresh the token before it is used."), raised_at(run, error))
