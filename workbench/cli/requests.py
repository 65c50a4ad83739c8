"""The request for a run, from the arguments of the command line."""

import os
from dataclasses import replace
from pathlib import Path

from workbench.catalog import Catalog, CatalogError, read_code, read_integration, with_credentials
from workbench.catalog.saved_inputs import SavedInputsError, read_inputs
from workbench.catalog.sdk_choices import contract_with
from workbench.cli.failure import CannotRun
from workbench.cli.parameter_types import SavedName
from workbench.domain import (
    JSON,
    Action,
    Answers,
    ContractVersion,
    Credentials,
    Integration,
    Kind,
    ResourceLimits,
    RunRequest,
    SdkChoice,
    Trigger,
    error_text,
)
from workbench.runner import inherited_environment


def open_integration(path: Path, contract: ContractVersion | None = None) -> Integration:
    """The one integration at ``path``. Raises :class:`CannotRun`."""
    try:
        found = Catalog([path]).integrations()
    except CatalogError as error:
        raise CannotRun(str(error)) from error
    if len(found) > 1:
        names = ", ".join(str(one.root) for one in found[:5])
        raise CannotRun(
            f"{path} contains {len(found)} integrations. Name one of them: {names}{', …' * (len(found) > 5)}."
        )
    integration = replace(read_integration(found[0].root, contract=contract), id=found[0].id)
    if not integration.readable:
        raise CannotRun(f"{integration.root} cannot be run. {error_text(integration.findings)}")
    return integration


def make_request(
    integration: Integration,
    name: str,
    kind: Kind | None,
    *,
    inputs: JSON | SavedName,
    credentials: Credentials,
    profile: str = "",
    timeout: float,
    last_poll_ts: str | None,
    max_retries: int | None = None,
    fetch_timeout: float | None = None,
    resources: ResourceLimits | None = None,
    sdk: SdkChoice | None = None,
    answers: Answers = Answers(),  # noqa: B008 - a frozen value
) -> RunRequest:
    """The request for what is called ``name``: without a ``kind`` an action, or else a trigger.

    Raises :class:`CannotRun`.
    """
    handler = _declared(integration, name, kind)
    request = RunRequest(
        integration_id=integration.id,
        root=integration.root,
        entry_point=integration.entry_point,
        kind=kind or (Kind.TRIGGER if isinstance(handler, Trigger) else Kind.ACTION),
        name=name or "account",
        contract=contract_with(sdk or SdkChoice(), integration.contract),
        inputs=_inputs(integration, name, inputs),
        timeout=timeout,
        last_poll_ts=last_poll_ts,
        input_schema=handler.input_schema if handler else None,
        output_schema=handler.output_schema if handler else None,
        auth_schema=integration.auth.fields,
        max_retries=max_retries,
        fetch_timeout=fetch_timeout,
        resources=resources or ResourceLimits(),
        dependencies=integration.dependencies,
        sdk=sdk or SdkChoice(),
        answers=answers,
    )
    environ = inherited_environment(os.environ)
    return with_credentials(request, integration, credentials, read_code(integration), environ, profile)


def _inputs(integration: Integration, name: str, inputs: JSON | SavedName) -> JSON:
    if not isinstance(inputs, SavedName):
        return inputs
    try:
        return read_inputs(integration.root, name, inputs.name)
    except SavedInputsError as error:
        raise CannotRun(f"--inputs: {error} A file is given as @FILE.") from error


def _declared(integration: Integration, name: str, kind: Kind | None) -> Action | Trigger | None:
    if kind is Kind.ACCOUNT:
        return None
    action = integration.action(name) if kind is not Kind.TRIGGER else None
    trigger = integration.trigger(name) if kind is not Kind.ACTION else None
    if found := action or trigger:
        return found
    names = [action.name for action in integration.actions] if kind is not Kind.TRIGGER else []
    names += [trigger.name for trigger in integration.triggers] if kind is not Kind.ACTION else []
    what = kind or "action or trigger"
    raise CannotRun(
        f"{integration.title} declares no {what} {name!r}. It has: {', '.join(names) or 'none'}."
        if name
        else f"Name the {what} to run. {integration.title} has: {', '.join(names) or 'none'}."
    )
