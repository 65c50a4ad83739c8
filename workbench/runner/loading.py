"""Asking for an integration to be loaded in a worker: its code is imported, nothing of it is called."""

from workbench.domain import AuthShape, Integration, Kind, RunRequest


def load_request(integration: Integration, timeout: float) -> RunRequest:
    """The request that loads ``integration`` within ``timeout`` seconds, with no inputs and no credentials."""
    return RunRequest(
        integration_id=integration.id,
        root=integration.root,
        entry_point=integration.entry_point,
        kind=Kind.ACTION,
        name="",
        contract=integration.contract,
        inputs={},
        auth={},
        auth_shape=AuthShape.FLAT,
        timeout=timeout,
        load_only=True,
    )
