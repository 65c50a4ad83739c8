"""What a contract means for the code: what handlers return, what ``fetch`` returns, what ``context.auth`` is."""

from dataclasses import dataclass

from workbench.domain import AuthShape, Contract, ContractVersion, ShapeDecision
from workbench.explain import auth_shape
from workbench.explain.text import Sentence, prose

_RETURNS = {
    ContractVersion.V0_1: 'any JSON value: `return {"title": title}`',
    ContractVersion.V1: '`ActionResult(data=…)`, or `ActionError("…")` where the action failed',
    ContractVersion.V2: '`ActionResult(data=…)`, or `ActionError("…")` where the action failed',
}
_FETCH = {
    ContractVersion.V0_1: "the body, JSON already parsed: `data = await context.fetch(url)`",
    ContractVersion.V1: "the body, JSON already parsed: `data = await context.fetch(url)`",
    ContractVersion.V2: "a `FetchResponse` with status, headers and data: `(await context.fetch(url)).data`",
}
_INVALID = {
    ContractVersion.V0_1: "`execute_action` raises `ValidationError`",
    ContractVersion.V1: "`execute_action` returns a result of type `VALIDATION_ERROR`",
    ContractVersion.V2: "`execute_action` returns a result of type `VALIDATION_ERROR`",
}
_AUTH = {
    AuthShape.FLAT: '`context.auth["api_key"]`, without an envelope',
    AuthShape.ENVELOPE: '`context.auth["credentials"]["api_key"]`, in an envelope',
}


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """A contract with the reason for it, and what it means: pairs of a term and its explanation."""

    version: str
    reason: str
    facts: tuple[tuple[str, Sentence], ...]


def describe(contract: Contract, decision: ShapeDecision) -> ContractFacts:
    """What holds for runs under ``contract`` that get their credentials as ``decision`` says."""
    version = contract.version
    why = auth_shape.why(decision.reason, contract)
    return ContractFacts(
        str(version),
        contract.reason,
        (
            ("A handler returns", prose(_RETURNS[version])),
            ("context.fetch returns", prose(_FETCH[version])),
            ("context.auth is read as", (*prose(_AUTH[decision.shape]), *prose(" ({})", why))),
            ("Where a value is invalid,", prose(_INVALID[version])),
        ),
    )
