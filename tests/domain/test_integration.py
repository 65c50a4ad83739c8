"""What an integration says of itself."""

import pytest

from workbench.domain import Action, Auth, AuthShape, Contract, ContractVersion, Finding, Severity


@pytest.mark.parametrize(
    ("written", "fields", "platform", "auth_type"),
    [
        ("custom", {"type": "object"}, False, "Custom"),
        ("Custom", None, False, "Custom"),
        ("platform", None, True, "PlatformOauth2"),
        ("PlatformTeams", None, True, "PlatformTeams"),
        ("oauth2_pkce", None, True, "PlatformOauth2"),
        ("ApiKey", {"type": "object"}, False, "ApiKey"),
        ("", None, False, "Custom"),
    ],
)
def test_the_kind_of_auth(written: str, fields: dict[str, str] | None, platform: bool, auth_type: str) -> None:
    auth = Auth(type=written, fields=dict(fields) if fields else None)
    assert (auth.is_platform, auth.auth_type) == (platform, auth_type)


@pytest.mark.parametrize(
    ("version", "shape"),
    [
        (ContractVersion.V0_1, AuthShape.FLAT),
        (ContractVersion.V1, AuthShape.ENVELOPE),
        (ContractVersion.V2, AuthShape.ENVELOPE),
    ],
)
def test_the_contract_gives_the_shape_of_custom_auth(version: ContractVersion, shape: AuthShape) -> None:
    assert Contract(version).auth_shape is shape


def test_a_finding_says_its_place_as_far_as_it_is_known() -> None:
    assert Finding("x", Severity.ERROR, "m", line=3, column=7).place == "config.json:3:7"
    assert Finding("x", Severity.ERROR, "m", path="a.py", line=3).place == "a.py:3"
    assert Finding("x", Severity.ERROR, "m").place == "config.json"


def test_an_action_is_called_by_its_display_name() -> None:
    assert Action("get_feed").title == "get_feed"
    assert Action("get_feed", display_name="Get feed").title == "Get feed"
