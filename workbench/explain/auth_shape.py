"""The shape of ``context.auth`` in words: what it is, and why."""

from workbench.domain import (
    AuthShape,
    Contract,
    RunRequest,
    ShapeDecision,
    ShapeReason,
    ShapeRule,
    undeclared_names,
)

_NOUNS = {AuthShape.FLAT: "flat, without an envelope", AuthShape.ENVELOPE: "an envelope"}


def sentence(decision: ShapeDecision, contract: Contract) -> str:
    """``context.auth is an envelope: custom auth under contract 2.``."""
    return f"context.auth is {_NOUNS[decision.shape]}: {why(decision.reason, contract)}."


def why(reason: ShapeReason, contract: Contract) -> str:
    """The reason as it stands after "because": ``weather.py:12 reads it this way``."""
    match reason.rule:
        case ShapeRule.GIVEN:
            return "the credentials are an envelope already"
        case ShapeRule.CHOSEN:
            return "chosen explicitly"
        case ShapeRule.PLATFORM:
            return "the platform makes these credentials"
        case ShapeRule.CODE:
            return f"{reason.file}:{reason.line} reads it this way, and no line reads it the other way"
        case ShapeRule.CONTRACT:
            return f"custom auth under contract {contract.version}"


def undeclared(request: RunRequest) -> str:
    """The names of credentials that config.json does not declare, in a sentence; empty where there are none."""
    names = undeclared_names(request.auth_schema, request.auth)
    return f"Not declared in config.json: {', '.join(names)}." if names else ""
