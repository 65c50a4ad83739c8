"""Requests for runs that nobody does: the store only keeps them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.domain import AuthShape, Contract, ContractVersion, Kind, RunRequest

type MakeRequest = Callable[..., RunRequest]


@pytest.fixture
def make_request() -> MakeRequest:
    """A request; what is not said is plain."""

    def make(**more: Any) -> RunRequest:
        request: dict[str, Any] = {
            "integration_id": "one",
            "root": Path("/one"),
            "entry_point": "one.py",
            "kind": Kind.ACTION,
            "name": "go",
            "contract": Contract(ContractVersion.V2),
            "inputs": {},
            "auth": {},
            "auth_shape": AuthShape.FLAT,
        }
        return RunRequest(**request | more)

    return make
