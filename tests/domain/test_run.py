"""The table of run states and what a request hands to ``context.auth``."""

from dataclasses import replace
from pathlib import Path

import pytest

from workbench.domain import JSON, TRANSITIONS, AuthShape, Contract, ContractVersion, Kind, RunRequest, RunState

FIELDS: JSON = {"api_key": "k"}
ENVELOPE: JSON = {"auth_type": "ApiKey", "credentials": {"api_key": "k"}}


def request(auth: JSON, shape: AuthShape) -> RunRequest:
    contract = Contract(ContractVersion.V2)
    return RunRequest("clinic", Path("clinic"), "clinic.py", Kind.ACTION, "act", contract, {}, auth, shape)


def test_every_state_ends_in_finished() -> None:
    assert set(TRANSITIONS) == set(RunState)
    for state, following in TRANSITIONS.items():
        assert (RunState.FINISHED in following) == (state is not RunState.FINISHED)


@pytest.mark.parametrize(
    ("auth", "shape", "seen"),
    [
        (FIELDS, AuthShape.FLAT, FIELDS),
        (FIELDS, AuthShape.ENVELOPE, {"auth_type": "Custom", "credentials": FIELDS}),
        (ENVELOPE, AuthShape.FLAT, ENVELOPE),
        (ENVELOPE, AuthShape.ENVELOPE, ENVELOPE),
    ],
)
def test_the_fields_reach_the_handler_in_the_asked_shape(auth: JSON, shape: AuthShape, seen: JSON) -> None:
    assert request(auth, shape).context_auth == seen
    assert request(auth, shape).auth_fields == FIELDS


def test_the_envelope_names_the_type_that_the_platform_would_send() -> None:
    asked = replace(request(FIELDS, AuthShape.ENVELOPE), auth_type="PlatformOauth2")
    assert asked.context_auth == {"auth_type": "PlatformOauth2", "credentials": FIELDS}
