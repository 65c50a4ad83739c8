"""The samples as the catalog shows them: what a newcomer opens first has nothing wrong with it."""

from pathlib import Path

import pytest

from workbench.catalog import Catalog, check
from workbench.domain import Severity, without_ignored

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog([SAMPLES])


@pytest.mark.parametrize(
    ("name", "title", "version", "contract", "actions", "triggers"),
    [
        ("api-fetch", "API fetch", "0.1.0", "0.1", ["call_api", "call_api_un_pw", "call_api_header"], []),
        ("rss-reader", "RSS reader", "0.1.0", "0.1", ["get_feed"], ["new_entries"]),
    ],
)
def test_what_they_declare(
    catalog: Catalog, name: str, title: str, version: str, contract: str, actions: list[str], triggers: list[str]
) -> None:
    found = catalog.get(name)
    assert found
    assert (found.title, found.version, found.contract.version) == (title, version, contract)
    assert found.contract.reason == "requirements.txt pins ==0.1.2"
    assert [action.name for action in found.actions] == actions
    assert [trigger.name for trigger in found.triggers] == triggers
    assert found.icon == found.root / "icon.svg"
    assert all(action.display_name and action.description for action in found.actions)


def test_the_clinic(catalog: Catalog) -> None:
    found = catalog.get("schema-clinic")
    assert found
    assert (found.title, found.contract.version, found.contract.reason) == (
        "Schema clinic", "2", "requirements.txt pins ~=2.0.1",
    )  # fmt: skip
    assert (len(found.actions), len(found.triggers), found.connected_account) == (25, 1, True)
    assert (found.auth.type, found.auth.auth_type, found.auth.is_platform) == ("custom", "Custom", False)
    assert found.icon == found.root / "icon.svg"
    assert found.findings == ()


def test_the_one_thing_wrong_with_the_clinic_is_what_it_carries_on_purpose(catalog: Catalog) -> None:
    found = catalog.get("schema-clinic")
    assert found
    on_purpose = "/actions/invalid_schema/output_schema"
    others = [
        finding for finding in without_ignored(check(found)) if not (finding.pointer or "").startswith(on_purpose)
    ]
    assert [finding for finding in others if finding.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("name", ["api-fetch", "rss-reader"])
def test_nothing_is_wrong_with_them(catalog: Catalog, name: str) -> None:
    found = catalog.get(name)
    assert found
    assert found.findings == ()
    assert [finding for finding in without_ignored(check(found)) if finding.severity is not Severity.NOTE] == []
