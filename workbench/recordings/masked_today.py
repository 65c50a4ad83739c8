"""A recording as it would be masked today: a rule may be newer than it."""

from dataclasses import replace

from workbench.answers.masks import MASK
from workbench.events.obtained_secrets import named, obtained_secrets
from workbench.events.redactor import Redactor
from workbench.recordings.recording import Recording


def masked_today(recording: Recording) -> Recording | None:
    """The recording, its expected outcome masked by all rules; None where its exchanges hold no secret."""
    found = (secret for exchange in recording.exchanges for secret in obtained_secrets(exchange))
    secrets = named(secret for secret in found if MASK.search(secret.value) is None)
    if not secrets:
        return None
    redactor = Redactor({name: secret.value for name, secret in secrets.items()})
    return replace(recording, expected=redactor.value(recording.expected))
