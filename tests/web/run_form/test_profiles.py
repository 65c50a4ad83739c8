"""The profile of a run: chosen in the run bar, named on the run's page, used again."""

import pytest
from bs4 import BeautifulSoup

from workbench.domain import Credentials
from workbench.profiles import Profile

ACTION = "/integrations/greeter/actions/greet"


@pytest.fixture
def profiles(live, greeter):
    store = live.app.extensions["workbench"].vault.profiles
    store.put(greeter, Profile("default", Credentials({"password": "first-password"})))
    store.put(greeter, Profile("staging", Credentials({"password": "other-password"})))
    store.select(greeter, "default")
    yield store
    for name in store.names(greeter):
        store.forget(greeter, name)


def bar(visitor):
    select = BeautifulSoup(visitor.get(ACTION).text, "html.parser").find("select", {"name": "run_profile"})
    return select and [(each["value"], each.has_attr("selected")) for each in select.find_all("option")]


def run_of(live, visitor, **data):
    page = BeautifulSoup(visitor.get(f"{ACTION}?new=1").text, "html.parser")
    control = page.find(id=page.find("label", string="name")["for"])["name"]
    response = visitor.post(f"{ACTION}/runs", {control: "Ada", **data})
    if response.status_code != 303:
        return response
    run_id = response.headers["Location"].partition("?run=")[2]
    live.runner.wait(run_id, 60)
    return live.store.get(run_id, reveal=True)


def test_the_chosen_profile_is_used_named_and_selected_again(live, profiles, greeter):
    visitor = live.inside()
    assert bar(visitor) == [("default", True), ("staging", False)]
    run = run_of(live, visitor, run_profile="staging")
    assert run.outcome.returned.value["auth"] == {"password": "other-password"}
    assert run.request.profile == "staging"
    assert "profile <b>staging</b>" in visitor.get(f"/runs/{run.id}").text
    assert bar(visitor) == [("default", False), ("staging", True)]
    assert run_of(live, visitor).request.profile == "staging"


def test_a_profile_that_was_deleted_meanwhile_runs_nothing(live, profiles, greeter):
    visitor = live.inside()
    profiles.forget(greeter, "staging")
    response = run_of(live, visitor, run_profile="staging")
    assert response.status_code == 422
    assert "There is no profile “staging” any more" in response.text
    assert "Ada" in response.text
    assert bar(visitor) is None
