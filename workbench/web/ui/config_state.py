"""Whether ``config.json`` can be read now, as every page of an integration says it."""

import hashlib
from dataclasses import dataclass

from workbench.catalog import config_digest
from workbench.domain import Integration, Severity
from workbench.web.services.app_context import app_context


@dataclass(frozen=True, slots=True)
class ConfigState:
    """``digest`` tells one content of the file, and one set of findings of the folder, from another.

    ``text`` says why the file cannot be read, else it is empty; ``line`` is where.
    """

    digest: str
    text: str = ""
    line: int = 0


def of(integration: Integration) -> ConfigState:
    """The state of the file as it stands on disk now."""
    findings = app_context().import_checks.checked(integration).findings
    digest = hashlib.sha256(f"{config_digest(integration.root)} {findings!r}".encode()).hexdigest()
    why = integration.unreadable
    if why is None:
        return ConfigState(digest)
    kept = "This page shows what it declared before; a run loads the file as it is now."
    return ConfigState(digest, f"{why.place}: {why.message} {kept}", why.line or 0)


def words(integration: Integration) -> str:
    """Why a page of an integration that was never readable has nothing to show."""
    why = next((each for each in integration.findings if each.severity is Severity.ERROR), None)
    reason = f"{why.place}: {why.message} {why.fix}" if why else "config.json cannot be read."
    return f"{reason} This page is loaded again once the file has changed."
