"""The headline of a run whose import failed: which requirement brings the module, and what to do."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from workbench.cli.output.run_text import print_run
from workbench.domain import (
    AuthShape,
    Contract,
    ContractVersion,
    Dependencies,
    Dependency,
    DependencyState,
    ErrorInfo,
    ErrorKind,
    Frame,
    Kind,
    LoadFailure,
    Outcome,
    Run,
    RunRequest,
    RunState,
    Status,
)
from workbench.explain import headline, hints
from workbench.explain.documents.report import report
from workbench.explain.text import plain

ROOT = Path("/at/weather")


def run_of(message: str, *requirements: Dependency, kind: str = "ModuleNotFoundError") -> Run:
    error = ErrorInfo(kind, message, frames=(Frame("/at/weather/weather.py", 3),), kind=ErrorKind.IMPORT)
    contract = Contract(ContractVersion.V2)
    request = RunRequest(
        "weather", ROOT, "weather.py", Kind.ACTION, "today", contract, {}, {}, AuthShape.FLAT,
        dependencies=Dependencies(requirements),
    )  # fmt: skip
    outcome = Outcome(state=RunState.FINISHED, status=Status.LOAD_FAILED, error=error)
    return Run("1", request, 0.0, outcome)


def requirement(text: str, name: str, state: DependencyState, release: str = "") -> Dependency:
    return Dependency(text, name, "requirements.txt", 2, state, vendored=release)


YAML = requirement("PyYAML>=6", "pyyaml", DependencyState.MISSING)
OLD = requirement("PyYAML>=6", "pyyaml", DependencyState.DIFFERS, "5.4")
SIX = requirement("six", "six", DependencyState.INSTALLED, "1.16.0")


@pytest.mark.parametrize(
    ("run", "words", "installs"),
    [
        (
            run_of("No module named 'yaml'", SIX, YAML),
            "yaml cannot be imported: requirements.txt requires PyYAML>=6, but it is not installed (weather.py:3). ",
            True,
        ),
        (
            run_of("No module named 'yaml.x'", OLD),
            "yaml.x cannot be imported: requirements.txt requires PyYAML>=6, but dependencies/ contains 5.4",
            True,
        ),
        (
            run_of("cannot import name 'CSafe' from 'yaml' (/at/yaml.py)", OLD, kind="ImportError"),
            "yaml cannot be imported: requirements.txt requires PyYAML>=6, but dependencies/ contains 5.4",
            True,
        ),
        (
            run_of("No module named 'odd'", YAML),
            "odd cannot be imported, and requirements are not installed: PyY",
            True,
        ),
        (
            run_of("No module named 'six.moves.x'", SIX),
            "six.moves.x cannot be imported: six 1.16.0 does not con",
            False,
        ),
        (
            run_of("No module named 'yaml'", SIX),
            "yaml cannot be imported: no line of requirements.txt brings it",
            False,
        ),
        (
            run_of("No module named 'helpers'"),
            "helpers cannot be imported: no line of requirements.txt brings it",
            False,
        ),
    ],
)
def test_the_headline_names_the_requirement(run: Run, words: str, installs: bool) -> None:
    assert plain(headline.tell(run)).startswith(words)
    hint = hints.decisive(run)
    assert hint is not None
    assert (hint.action is not None) is installs
    [told] = report(run)["hints"]  # type: ignore[misc]
    assert told["action"] == ("install" if installs else None)


def test_a_failure_in_the_words_of_the_workbench_has_no_class() -> None:
    run = run_of("There is no file 'weather.py' in /at. Set entry_point.", kind=LoadFailure.ENTRY_POINT_MISSING)
    told = "The integration failed to load. There is no file 'weather.py' in /at. Set entry_point."
    assert plain(headline.tell(run)) == told
    printed = Console(file=StringIO(), width=200)
    print_run(run, printed)
    assert printed.file.getvalue().count("Set entry_point") == 1  # type: ignore[attr-defined]


def test_another_error_of_an_import_keeps_its_headline() -> None:
    run = run_of("bad", kind="ImportError")
    assert plain(headline.tell(run)).startswith("The integration failed to load: ImportError: bad")
