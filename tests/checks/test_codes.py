"""Every code of the one table has an example that is found, at its place, once, and with nothing else."""

import json
import subprocess
from itertools import chain
from pathlib import Path
from typing import Any
from unittest.mock import ANY

from tests.case_tables import each_case
from workbench.catalog import ALL_CHECKS
from workbench.catalog.findings.check_registry import ALIASES, GROUPS, page

from .conftest import Workbench
from .examples import EXAMPLES, SOUND, Example

DOCS = Path(__file__).parents[2] / "docs" / "checks.md"
OF_CODE = tuple(example for example in EXAMPLES if example.is_of_code)
PATIENCE = "4"
"""Seconds that an import may take: one example hangs for good."""

type Findings = dict[str, list[dict[str, Any]]]


def built(folder: Path, examples: tuple[Example, ...]) -> Path:
    """The folder with an integration of each example."""
    folder.mkdir()
    for example in examples:
        example.build(folder / example.code)
    return folder


def findings_of(done: subprocess.CompletedProcess[str]) -> Findings:
    """What the check of all examples found, by their folders."""
    assert (done.returncode, done.stderr) == (1, "")
    return {
        Path(one["path"]).name: [each for each in one["findings"] if not each["ignored"]]
        for one in json.loads(done.stdout)["integrations"]
    }


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
    assert DOCS.read_text(encoding="utf-8") == page(), "make docs writes it"
    assert all(f"| `{code}` |" in page() for code in ALL_CHECKS)


@each_case("check", ALL_CHECKS.values())
def test_every_check_says_what_it_is_and_what_to_do(check: Any) -> None:
    assert check.severity in ("error", "warning", "note")
    assert check.fix.endswith(".")
    assert check.about.endswith(".")
    assert check.message.endswith((".", "}"))


def test_without_importing(workbench: Workbench, tmp_path: Path) -> None:
    folder = built(tmp_path / "all", (SOUND, *EXAMPLES))
    findings = findings_of(workbench(folder, "--format", "json", "--no-import"))
    assert findings.pop("sound") == []
    assert {code: places(found) for code, found in findings.items()} == {
        example.code: dict.fromkeys(example.also, ANY) if example.shown == "import" else {example.code: example.place}
        for example in EXAMPLES
    }
    check_words(findings)


def test_with_importing(workbench: Workbench, tmp_path: Path) -> None:
    folder = built(tmp_path / "all", (SOUND, *OF_CODE))
    findings = findings_of(workbench(folder, "--format", "json", "--timeout", PATIENCE))
    assert findings.pop("sound") == []
    assert {code: places(found) for code, found in findings.items()} == {
        example.code: {}
        if example.shown == "text"
        else dict.fromkeys(example.also, ANY) | {example.code: example.place}
        for example in OF_CODE
    }
    check_words(findings)


def check_words(findings: Findings) -> None:
    for one in chain.from_iterable(findings.values()):
        assert one["severity"] == ALL_CHECKS[one["code"]].severity
        assert one["message"].endswith(".")
        assert "\n" not in one["message"]
        assert "{" not in one["fix"] or "credentials" in one["fix"]
        assert one["fix"].endswith(".")
        assert Path(one["file"]).name == Path(one["path"]).name or one["path"] == "."
