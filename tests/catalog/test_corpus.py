"""The real files: each is listed with all that it declares, and none is blamed for what it does right."""

import json
import os
from pathlib import Path

import pytest

from workbench.catalog import Catalog, check
from workbench.domain import ContractVersion, Severity

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog([CORPUS])


def test_all_are_listed_under_their_folders_names(catalog: Catalog, corpus: list[Path]) -> None:
    assert [found.id for found in catalog.integrations()] == [root.name for root in corpus]
    assert sum(len(found.actions) for found in catalog.integrations()) == 700


def test_every_member_is_what_the_file_says(catalog: Catalog) -> None:
    for found in catalog.integrations():
        config = json.loads((found.root / "config.json").read_text(encoding="utf-8"))
        assert found.config == config
        assert (found.name, found.display_name, found.version, found.description, found.entry_point) == tuple(
            config[member] for member in ("name", "display_name", "version", "description", "entry_point")
        )
        assert found.connected_account is config.get("supports_connected_account", False)
        auth = config.get("auth", {})
        assert (found.auth.type, found.auth.title) == (auth.get("type", ""), auth.get("title", ""))
        assert (found.auth.provider, list(found.auth.scopes)) == (auth.get("provider", ""), auth.get("scopes", []))
        assert found.auth.fields == auth.get("fields")
        assert {action.name: action.display_name for action in found.actions} == {
            name: entry["display_name"] for name, entry in config["actions"].items()
        }
        for action in found.actions:
            assert action.input_schema == config["actions"][action.name]["input_schema"]
            assert action.output_schema == config["actions"][action.name]["output_schema"]


def test_actions_know_their_line(catalog: Catalog) -> None:
    for found in catalog.integrations():
        lines = (found.root / "config.json").read_text(encoding="utf-8").split("\n")
        for action in found.actions:
            assert action.line and lines[action.line - 1].strip().startswith(f'"{action.name}"')


def test_the_only_faults_are_the_files_that_the_corpus_leaves_out(catalog: Catalog) -> None:
    for found in catalog.integrations():
        errors = {finding.code for finding in found.findings if finding.severity is Severity.ERROR}
        assert errors == {"entry-point-missing"}
        assert found.contract.version is ContractVersion.V2
        assert "no handler is registered" in found.contract.reason


def test_a_check_of_each_ends_and_points_into_the_file(catalog: Catalog) -> None:
    for found in catalog.integrations():
        length = len((found.root / "config.json").read_text(encoding="utf-8").split("\n"))
        for finding in check(found):
            assert finding.message
            assert finding.line is None or 1 <= finding.line <= length
            assert os.sep not in finding.path
