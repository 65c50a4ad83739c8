"""``None`` that was used as a body: the exchange whose response had none."""

from workbench.domain import ContractVersion, ErrorInfo, Exchange, Run
from workbench.explain.hints.evidence import Hint, raised_at
from workbench.explain.http import network
from workbench.explain.text import bare, prose, sentence


def of_error(run: Run, error: ErrorInfo) -> Hint | None:
    """``'NoneType' object is not subscriptable`` and its like after a response without a body, or with ``null``."""
    if bare(error.type) not in ("TypeError", "AttributeError") or "NoneType" not in error.message:
        return None
    answered = [each for each in run.outcome.exchanges if each.response is not None]
    empty = [each for each in answered if _is_empty(each)]
    if not empty or (empty[-1] is not answered[-1] and len(empty) > 1):
        return None
    exchange = empty[-1]
    status = f"HTTP {exchange.response.status}" if exchange.response else ""
    what = "null" if exchange.response and exchange.response.size else "no body"
    gives = "fetch returns `None`"
    if run.request.contract.version is ContractVersion.V2:
        gives = "`response.data` is `None`"
    cause = sentence(network.request_words(exchange), f" (exchange {exchange.id}) responded {status} with {what}, so ")
    fix = prose("Check for `None` before you read it, or read nothing of this response.")
    return Hint(cause + prose(gives), fix, raised_at(run, error))


def _is_empty(exchange: Exchange) -> bool:
    response = exchange.response
    if response is None or not 200 <= response.status < 300:
        return False
    return response.size == 0 or bytes(response.body).strip() == b"null"
