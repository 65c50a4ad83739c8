"""Inputs saved under a name: written without secrets, listed, loaded into the form again."""

import json

import pytest
from bs4 import BeautifulSoup

ACTION = "/integrations/keeper/actions/greet"


@pytest.fixture
def folder(tmp_path, write_integration, config):
    config["name"] = "keeper"
    properties = config["actions"]["greet"]["input_schema"]["properties"]
    properties["code"] = {"type": "string", "format": "password"}
    return write_integration(tmp_path / "keeper", config)


@pytest.fixture
def visitor(make_site, folder, runner):
    return make_site(folder, runner=runner).inside()


def form_of(visitor, query="?new=1"):
    return BeautifulSoup(visitor.get(ACTION + query).text, "html.parser")


def control(page, label):
    return page.find(id=page.find("label", string=label)["for"])


def save(visitor, name):
    page = form_of(visitor)
    posted = {control(page, "name")["name"]: "Ada", control(page, "code")["name"]: "sesame-9", "inputs_name": name}
    return visitor.post(f"{ACTION}/inputs", posted, htmx=True)


def test_saved_inputs_have_no_secrets_and_fill_the_form(visitor, folder):
    answer = save(visitor, "first one")
    assert answer.status_code == 200
    assert "Inputs saved as tests/inputs/greet/first one.json. Secrets were left out." in answer.text
    assert json.loads((folder / "tests/inputs/greet/first one.json").read_text()) == {"name": "Ada"}
    [link] = BeautifulSoup(answer.text, "html.parser").select(".saved-names a")
    loaded = form_of(visitor, link["href"].partition(ACTION)[2])
    assert control(loaded, "name")["value"] == "Ada"
    assert not control(loaded, "code").get("value")
    assert "Inputs loaded from tests/inputs/greet/first one.json." in loaded.text


@pytest.mark.parametrize("name", ["", "../up", "true", "7", "a/b", "x" * 81, "end."])
def test_a_name_that_no_file_can_have_saves_nothing(visitor, folder, name):
    answer = save(visitor, name)
    assert (answer.status_code, "cannot be a name" in answer.text) == (422, True)
    assert "Ada" in answer.text
    assert not (folder / "tests").exists()


def test_a_link_out_of_the_folder_is_neither_written_nor_read(visitor, folder, tmp_path):
    outside = tmp_path / "elsewhere"
    (outside / "greet").mkdir(parents=True)
    (outside / "greet" / "theirs.json").write_text('{"name": "outside-value"}')
    (folder / "tests").mkdir()
    (folder / "tests" / "inputs").symlink_to(outside)
    answer = save(visitor, "mine")
    assert (answer.status_code, "nothing was saved" in answer.text) == (422, True)
    assert not (outside / "greet" / "mine.json").exists()
    loaded = form_of(visitor, "?inputs=theirs")
    assert "outside-value" not in loaded.text
    assert not loaded.select(".saved-names a")


def test_what_is_not_json_is_said_with_its_place(visitor, folder):
    place = folder / "tests/inputs/greet"
    place.mkdir(parents=True)
    (place / "odd.json").write_text('{"name":\n oops}')
    assert "tests/inputs/greet/odd.json:2:2 is not JSON" in form_of(visitor, "?inputs=odd").text
    assert "There are no saved inputs 'none' of greet. Saved are: odd." in form_of(visitor, "?inputs=none").text
