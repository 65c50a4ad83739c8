"""The redactor of a finished run: of what it was given, and of what its requests carried and got."""

from collections.abc import Mapping

from workbench.domain import Run
from workbench.events.obtained_secrets import named, obtained_secrets
from workbench.events.redactor import Redactor


def run_redactor(run: Run, environ: Mapping[str, str]) -> Redactor:
    """One that knows all secrets of ``run``, which has no masks; ``environ`` is what its worker inherited."""
    declared = Redactor.for_request(run.request, environ)
    found = (secret for exchange in run.outcome.exchanges for secret in obtained_secrets(exchange))
    obtained = named(secret for secret in found if not declared.knows(secret.value))
    return declared.knowing({name: secret.value for name, secret in obtained.items()})
