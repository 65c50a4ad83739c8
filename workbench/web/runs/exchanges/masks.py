"""What is masked in an exchange, and why each of it is."""

from dataclasses import dataclass

from workbench.domain import Exchange, Outcome, SecretName
from workbench.explain.http import exchange_masks


@dataclass(frozen=True, slots=True)
class Mask:
    """A name that stands for a secret, and why; ``can_show`` is whether its value can be shown by itself."""

    name: str
    why: str
    can_show: bool


def of_exchange(outcome: Outcome, exchange: Exchange) -> tuple[Mask, ...]:
    """The masks of an exchange in order."""
    secrets = {one.name: one for one in outcome.secrets}
    return tuple(_mask(name, secrets.get(name)) for name in dict.fromkeys(exchange_masks.of_exchange(exchange)))


def _mask(name: str, secret: SecretName | None) -> Mask:
    if secret is None:
        return Mask(name, "masked in its place only: too short or too common to be masked elsewhere", can_show=False)
    if secret.exchange is None:
        return Mask(name, "a secret that the run was given", can_show=True)
    how = "came with the response of" if secret.in_response else "sent with the request of"
    return Mask(name, f"{how} exchange {secret.exchange}", can_show=True)
