"""The secrets of an exchange by name, and what the times of a token say of it."""

from collections.abc import Iterable, Iterator

from workbench.domain import Exchange, Headers, MaskedBytes, Request, Run, SecretName
from workbench.domain.masked_text import MaskedText, join, spans_of
from workbench.explain.text import long_span


def of_request(request: Request) -> Iterator[str]:
    """The names of the masks of a request, in order; one may come more than once."""
    return _names(request.url, request.headers, request.body)


def of_exchange(exchange: Exchange) -> Iterator[str]:
    """The same of a request and its response."""
    yield from of_request(exchange.request)
    if exchange.response is not None:
        yield from _names("", exchange.response.all_headers, exchange.response.body)


def expired_token(run: Run, exchange: Exchange) -> SecretName | None:
    """The token that was sent although it had expired; None where there is none."""
    sent, at = set(of_request(exchange.request)), run.created_at + exchange.started_at
    known = (one for one in run.outcome.secrets if one.name in sent and one.expires_at is not None)
    return next((one for one in known if (one.expires_at or at) < at), None)


def token_sentences(run: Run, exchange: Exchange) -> tuple[str, ...]:
    """What is known of the times of each token of the request, with its name masked."""
    sent, at = set(of_request(exchange.request)), run.created_at + exchange.started_at
    return tuple(_token(one, at) for one in run.outcome.secrets if one.name in sent and one.expires_at is not None)


def ago(secret: SecretName, at: float) -> str:
    """``3 min before``, ``2 h after``: when the token expires beside the time ``at``."""
    seconds = (secret.expires_at or at) - at
    return f"{long_span(abs(seconds))} {'before' if seconds < 0 else 'after'}"


def _token(secret: SecretName, at: float) -> str:
    has_expired = (secret.expires_at or at) < at
    issued = secret.issued_at
    lasts = long_span((secret.expires_at or at) - issued) if issued else ""
    when = f" {'expired' if has_expired else 'expires'} {ago(secret, at)} this request."
    return join(("The token ", MaskedText.whole(secret.name), when, f" It was issued for {lasts}." if lasts else ""))


def _names(url: str, headers: Headers, body: bytes) -> Iterator[str]:
    yield from _labels((url, *(text for header in headers for text in header)))
    if isinstance(body, MaskedBytes):
        yield from (span.label for span in body.spans)


def _labels(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (span.label for span in spans_of(text))
