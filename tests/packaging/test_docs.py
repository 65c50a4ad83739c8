"""The pages in docs/ that are generated say what the code says, and links between the pages lead somewhere."""

import json
import re
from pathlib import Path

import pytest

from docs.generate import DOCS, FIGURES, IN_README, pages
from tests.case_tables import each_case

ROOT = DOCS.parent
PAGES = [*ROOT.glob("*.md"), *DOCS.glob("*.md")]


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_a_generated_page_is_what_the_code_says(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == pages()[path], "run: make docs"


@each_case("page", PAGES)
def test_links_lead_to_files(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_figures_of_the_readme_are_measured() -> None:
    assert {row["name"] for row in json.loads(FIGURES.read_text(encoding="utf-8"))} >= IN_README


def test_what_the_guide_for_contributors_names_exists() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:workbench|tests|docs|templates|benchmarks)/[\w/.]+)`", guide))
    assert named
    assert [path for path in sorted(named) if "NAME" not in path and not (ROOT / path).exists()] == []


def test_the_commands_in_the_readme_name_handlers_of_the_samples() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8") + (DOCS / "commands.md").read_text(encoding="utf-8")
    calls = re.findall(r"(samples/[\w-]+) (?:&& workbench run )?(\w+) --inputs", readme)
    assert len(calls) == 3
    for folder, handler in calls:
        assert handler in json.loads((ROOT / folder / "config.json").read_text(encoding="utf-8"))["actions"]


def test_the_tests_that_the_page_on_security_names_exist() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (DOCS / "security.md").read_text("utf-8"))
    assert len(named) > 20
    lost = [name for path, name in named if f"def {name}(" not in (ROOT / path).read_text("utf-8")]
    assert lost == []
