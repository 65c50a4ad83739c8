"""The shape in which a run hands over its credentials: one decision, for pages, commands and checks."""

from workbench.catalog.code.module_facts import CodeReads
from workbench.domain import (
    AuthShape,
    Contract,
    Credentials,
    Integration,
    ShapeDecision,
    ShapeReason,
    ShapeRule,
    is_envelope,
)


def platform_shape(integration: Integration, contract: Contract | None = None) -> ShapeDecision:
    """The shape that the platform hands over, whatever the code reads."""
    if integration.auth.is_platform or integration.auth.type.lower().startswith("platform"):
        return ShapeDecision(AuthShape.ENVELOPE, ShapeReason(ShapeRule.PLATFORM))
    return ShapeDecision((contract or integration.contract).auth_shape)


def auth_shape(
    integration: Integration, credentials: Credentials, reads: CodeReads, contract: Contract | None = None
) -> ShapeDecision:
    """The shape for a run with these credentials under ``contract`` (else the integration's own), and the reason.

    ``reads`` is what the integration's code reads: where that is custom auth in one way only, the run hands it over so.
    """
    if is_envelope(credentials.values):
        return ShapeDecision(AuthShape.ENVELOPE, ShapeReason(ShapeRule.GIVEN))
    if credentials.shape is not None:
        return ShapeDecision(credentials.shape, ShapeReason(ShapeRule.CHOSEN))
    of_platform = platform_shape(integration, contract)
    only = reads.only_shape
    if only is None or of_platform.reason.rule is ShapeRule.PLATFORM:
        return of_platform
    return ShapeDecision(only.shape, ShapeReason(ShapeRule.CODE, only.path, only.line))
