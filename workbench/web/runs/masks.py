"""What is masked in an exchange, and why each of it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.domain import Exchange, MaskedBytes, Outcome, SecretName
from workbench.domain.masked_text import spans_of


@dataclass(frozen=True, slots=True)
class Mask:
    """A name that stands for a secret, and why; ``can_show`` is whether its value can be shown by itself."""

    name: str
    why: str
    can_show: bool


def of_exchange(outcome: Outcome, exchange: Exchange) -> tuple[Mask, ...]:
    """The masks of an exchange in order."""
    secrets = {one.name: one for one in outcome.secrets}
    return tuple(_mask(name, secrets.get(name)) for name in dict.fromkeys(_names(exchange)))


def _mask(name: str, secret: SecretName | None) -> Mask:
    if secret is None:
        return Mask(name, "masked here only: too short or too common to be masked elsewhere", can_show=False)
    if secret.exchange is None:
        return Mask(name, "a secret that the run was given", can_show=True)
    how = "came with the response of" if secret.in_response else "sent with the request of"
    return Mask(name, f"{how} exchange {secret.exchange}", can_show=True)


def _names(exchange: Exchange) -> Iterator[str]:
    request, response = exchange.request, exchange.response
    yield from _labels([request.url, *_texts(request.headers)])
    yield from _of_body(request.body)
    if response is not None:
        yield from _labels(_texts(response.headers))
        yield from _of_body(response.body)


def _texts(headers: Iterable[tuple[str, str]]) -> list[str]:
    return [text for header in headers for text in header]


def _labels(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (span.label for span in spans_of(text))


def _of_body(body: bytes) -> Iterator[str]:
    if isinstance(body, MaskedBytes):
        yield from (span.label for span in body.spans)
