"""The shape in which a run hands over its credentials: one decision, for pages, commands and checks."""

from dataclasses import replace

from workbench.domain import (
    AuthShape,
    Contract,
    Credentials,
    Integration,
    RunRequest,
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


def auth_shape(integration: Integration, credentials: Credentials, contract: Contract | None = None) -> ShapeDecision:
    """The shape for a run with these credentials under ``contract`` (else the integration's own), and the reason."""
    if is_envelope(credentials.values):
        return ShapeDecision(AuthShape.ENVELOPE, ShapeReason(ShapeRule.GIVEN))
    if credentials.shape is not None:
        return ShapeDecision(credentials.shape, ShapeReason(ShapeRule.CHOSEN))
    return platform_shape(integration, contract)


def with_credentials(
    request: RunRequest, integration: Integration, credentials: Credentials, profile: str = ""
) -> RunRequest:
    """``request`` with all that ``credentials`` hold; ``profile`` is the name under which they were saved."""
    decision = auth_shape(integration, credentials, request.contract)
    return replace(
        request,
        auth=credentials.values,
        auth_shape=decision.shape,
        shape_reason=decision.reason,
        auth_type=credentials.auth_type or integration.auth.auth_type,
        metadata=credentials.metadata,
        environment=credentials.environment,
        secret_names=credentials.secret_names,
        public_names=credentials.public_names,
        profile=profile,
    )
