"""Every code of the one table has an example that is found, at its place, once, and with nothing else."""

from pathlib import Path
from typing import Any

import pytest

from workbench.catalog import ALL_CHECKS
from workbench.catalog.check_registry import ALIASES, GROUPS, page

from .conftest import Findings
from .examples import EXAMPLES, Example

DOCS = Path(__file__).parents[2] / "docs" / "checks.md"
OF_CODE = [example for example in EXAMPLES if example.is_of_code]


def places(found: list[dict[str, Any]]) -> dict[str, str]:
    """The place of each code; fails where a code is told twice."""
    named = {one["code"]: ":".join(str(one[part]) for part in ("path", "line", "column") if one[part]) for one in found}
    assert len(named) == len(found), found
    return named


def test_every_code_has_an_example() -> None:
    assert sorted(example.code for example in EXAMPLES) == sorted(ALL_CHECKS)


def test_no_code_is_in_two_tables() -> None:
    assert len(ALL_CHECKS) == sum(len(checks) for checks in GROUPS.values())


def test_former_codes_lead_to_one_check_and_are_not_used_again() -> None:
    former = [code for check in ALL_CHECKS.values() for code in check.former]
    assert sorted(former) == sorted(ALIASES)
    assert not set(former) & set(ALL_CHECKS)
    assert ALIASES["requirements-glued"] == "requirements-joined"
    assert "| `requirements-glued` | `requirements-joined` |" in page()


def test_the_page_is_made_of_the_table() -> None:
    assert DOCS.read_text(encoding="utf-8") == page(), "write workbench.catalog.check_registry.page() to docs/checks.md"
    assert all(f"| `{code}` |" in page() for code in ALL_CHECKS)


@pytest.mark.parametrize("check", ALL_CHECKS.values(), ids=ALL_CHECKS.keys())
def test_every_check_says_what_it_is_and_what_to_do(check: Any) -> None:
    assert check.severity in ("error", "warning", "note")
    assert check.fix.endswith(".")
    assert check.about.endswith(".")
    assert check.message.endswith((".", "}"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_without_importing(example: Example, unimported: Findings) -> None:
    found = unimported[example.code]
    if example.shown == "import":
        assert [one["code"] for one in found] == list(example.also)
    else:
        assert places(found) == {example.code: example.place}
        check_words(found)


@pytest.mark.parametrize("example", OF_CODE, ids=lambda example: example.code)
def test_with_importing(example: Example, imported: Findings) -> None:
    found = places(imported[example.code])
    if example.shown == "text":
        assert found == {}
    else:
        assert found[example.code] == example.place
        assert set(found) == {example.code, *example.also}
        check_words(imported[example.code])


def check_words(found: list[dict[str, Any]]) -> None:
    for one in found:
        assert one["severity"] == ALL_CHECKS[one["code"]].severity
        assert one["message"].endswith(".")
        assert "\n" not in one["message"]
        assert "{" not in one["fix"] or "credentials" in one["fix"]
        assert one["fix"].endswith(".")
        assert Path(one["file"]).name == Path(one["path"]).name or one["path"] == "."


def test_a_sound_integration_has_no_findings(unimported: Findings, imported: Findings) -> None:
    assert (unimported["sound"], imported["sound"]) == ([], [])
