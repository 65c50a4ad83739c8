"""Rerun on save: a request waits for a file to be saved and brings the outcome of the run made again."""

import threading
import time

import pytest
from bs4 import BeautifulSoup

from tests.web.conftest import CODE
from workbench.domain import Credentials
from workbench.profiles import Profile

ACTION = "/integrations/greeter/actions/greet"


@pytest.fixture
def first(live, greeter):
    """A finished run of the greeter."""
    live.app.extensions["workbench"].vault.profiles.put(greeter, Profile("default", Credentials({"password": "pw-1"})))
    visitor = live.inside()
    page = BeautifulSoup(visitor.get(f"{ACTION}?new=1").text, "html.parser")
    control = page.find(id=page.find("label", string="name")["for"])["name"]
    run_id = visitor.post(f"{ACTION}/runs", {control: "Ada"}).headers["Location"].partition("?run=")[2]
    live.runner.wait(run_id, 60)
    return run_id


def test_a_save_runs_again_and_the_outcome_says_what_differs(live, greeter, first) -> None:
    visitor = live.inside()
    assert "greeter.py" in live.store.get(first).outcome.files
    code = greeter / "greeter.py"

    def save() -> None:
        time.sleep(0.3)  # so that the request waits already; earlier or later, the save is found
        (greeter / "README.md").write_text("Not read by a handler.")
        code.write_text(CODE.replace('{"inputs"', '{"extra": 1, "inputs"'))

    editor = threading.Thread(target=save)
    editor.start()
    answer = visitor.post(f"{ACTION}/reruns", {"run": first}, htmx=True)
    editor.join()
    after = answer.headers["X-Page"].partition("?run=")[2]
    live.runner.wait(after, 60)
    page = BeautifulSoup(visitor.get(f"{ACTION}?run={after}").text, "html.parser")
    told = page.select_one(".rerun").get_text(" ", strip=True)
    assert told.startswith("1 value of the result differs")
    assert f"After a save of greeter.py , with answers of run {first}. Compare with run {first}" in told
    assert live.store.get(after).request.answers.source == "recording"
    code.write_text(CODE)


def test_a_run_that_is_not_there_or_cannot_be_repeated(live) -> None:
    visitor = live.inside()
    assert visitor.post(f"{ACTION}/reruns", {"run": "999"}, htmx=True).status_code == 404
