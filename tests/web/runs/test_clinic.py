"""Every way to fail, run by its form without a script: the headline names it, and the tab that matters is open."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from workbench.echo import in_thread

SAMPLES = Path(__file__).parents[3] / "samples"
# action, words of the pill, words that the outcome shows, the tab that is open
CASES = [
    ("healthy", "Succeeded", "", "Result"),
    ("big_result", "Succeeded", "", "Result"),
    ("strict_input", "Invalid inputs", "/patient", "Validation"),
    ("output_type", "Invalid output", "", "Validation"),
    ("output_missing", "Invalid output", "", "Validation"),
    ("output_deep", "Invalid output", "/entries/2/author/ward/beds/1", "Validation"),
    ("output_one_of", "Invalid output", "", "Validation"),
    ("invalid_schema", "Invalid output", "output_schema", "Validation"),
    ("wrong_return_type", "Invalid output", "ActionResult", None),
    ("http_status", "Failed", "404", "HTTP"),
    ("rate_limited", "Failed", "429", "HTTP"),
    ("timeout", "Failed", "Timeout", None),
    ("malformed_json", "Invalid output", "/answer", "Validation"),
    ("unauthorized", "Failed", "401", None),
    ("redirects", "Succeeded", "", "Result"),
    ("retries", "Succeeded", "", "Result"),
    ("big_response", "Succeeded", "", "Result"),
    ("action_error", "Action error", "Zoë", None),
    ("exception", "Failed", "KeyError", "Handler"),
    ("prints_and_logs", "Succeeded", "", "Result"),
    ("crash", "Crashed", "", None),
]


@pytest.fixture(scope="module")
def clinic(make_site: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A site over a copy of the clinic whose defaults name an echo server of its own."""
    copy = tmp_path_factory.mktemp("samples") / "schema-clinic"
    shutil.copytree(SAMPLES / "schema-clinic", copy, ignore=shutil.ignore_patterns("test_*", "conftest.py"))
    with in_thread() as url:
        for path in [*copy.rglob("*.json"), *copy.rglob("*.py")]:
            path.write_text(path.read_text("utf-8").replace("http://127.0.0.1:8771", url), "utf-8")
        yield make_site(copy)


def pairs(form: Tag) -> dict[str, list[str]]:
    """What a browser sends of a form as it stands."""
    found: dict[str, list[str]] = defaultdict(list)
    for control in form.select("input[name], textarea[name], select[name]"):
        name = str(control["name"])
        if control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            if chosen:
                found[name].append(str(chosen.get("value", chosen.text)))
        elif control.name == "textarea":
            found[name].append(control.text.removeprefix("\n"))
        elif control.get("type") not in ("radio", "checkbox", "file", "submit") or control.has_attr("checked"):
            found[name].append(str(control.get("value", "on")))
    return found


@pytest.mark.parametrize(("action", "pill", "words", "tab"), CASES, ids=[case[0] for case in CASES])
def test_each_action(clinic: Any, action: str, pill: str, words: str, tab: str | None) -> None:
    visitor = clinic.inside()
    path = f"/integrations/schema-clinic/actions/{action}?new=1"
    form = BeautifulSoup(visitor.get(path).text, "html.parser").select_one("#request")
    assert form
    location = visitor.post(str(form["action"]), pairs(form)).headers["Location"]
    clinic.runner.wait(location.rpartition("run=")[2], 60)
    outcome = BeautifulSoup(visitor.get(location).text, "html.parser").select_one("#outcome[data-state=finished]")
    assert outcome
    assert pill in outcome.select_one(".pill").text  # type: ignore[union-attr]
    assert words in outcome.text
    if tab:
        assert tab in outcome.select_one('[aria-label="Parts of the outcome"] [aria-current=true]').text  # type: ignore[union-attr]
