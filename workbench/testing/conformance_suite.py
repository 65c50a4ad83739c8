"""A suite of tests for an integration, added to a test file by one line: ``test_desk = conformance("desk")``."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from workbench.catalog import Catalog
from workbench.domain import Action, Integration, Severity, Trigger
from workbench.explain.terminal_text import visible
from workbench.jsondoc import pointer as pointers
from workbench.recordings.files import RecordingFile, find_files
from workbench.schema import diagnose, with_message
from workbench.testing.loaded_integration import LoadedIntegration, load
from workbench.testing.replays import Replays
from workbench.testing.report import failure_report

type _Case = Callable[[], None]


def conformance(integration: LoadedIntegration | Path | str) -> Callable[..., None]:
    """A parametrized test: the checks of ``workbench check``, each recording, the examples in each output schema."""
    loaded = integration if isinstance(integration, LoadedIntegration) else load(integration)
    cases = dict(_cases(loaded))

    @pytest.mark.parametrize("case", cases.values(), ids=cases)
    def test_conformance(case: _Case) -> None:
        case()

    return test_conformance


def _cases(loaded: LoadedIntegration) -> Iterator[tuple[str, _Case]]:
    yield "checks", partial(_check, loaded.root)
    yield "examples", partial(_check_examples, loaded.integration)
    for file in find_files(loaded.root):
        yield file.label, partial(_replay, loaded.replays, file)


def _check(root: Path) -> None:
    """Fail with the errors of the integration's folder; no code is imported."""
    catalog = Catalog([root])
    found = [one for each in catalog.integrations() for one in catalog.check(each, None)]
    errors = [f"{one.place}: {one.message}" for one in found if one.severity is Severity.ERROR]
    if errors:
        raise AssertionError(visible("\n".join(errors)))


def _replay(replays: Replays, file: RecordingFile) -> None:
    report = failure_report(replays.replay(file))
    if report is not None:
        raise AssertionError(visible("\n".join(report.lines)))


def _check_examples(integration: Integration) -> None:
    """Fail with the examples in output schemas that these schemas reject."""
    wrong: list[str] = []
    handlers: tuple[Action | Trigger, ...] = (*integration.actions, *integration.triggers)
    for handler in handlers:
        for place, node, example in _examples(handler.output_schema, ""):
            errors = diagnose(node, example).errors
            wrong += [f"{handler.name}, output schema {place}: {with_message(one).message}" for one in errors]
    if wrong:
        raise AssertionError(visible("\n".join(wrong)))


def _examples(node: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    """Each example with its place and the schema that it is one of."""
    if isinstance(node, dict):
        examples = node.get("examples")
        for number, example in enumerate(examples if isinstance(examples, list) else ()):
            yield pointers.join(place, "examples", number), node, example
        for name, inner in node.items():
            if name not in ("examples", "enum", "const", "default"):
                yield from _examples(inner, pointers.join(place, name))
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            yield from _examples(inner, pointers.join(place, number))
