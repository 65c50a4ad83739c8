"""What edits since the last commit mean for users, as a part of the pages of the integration."""

import json
import subprocess

import pytest
from bs4 import BeautifulSoup

PAGE = "/integrations/greeter"


@pytest.fixture
def edited(make_site, write_integration, config, tmp_path):
    """A visitor of a committed integration, and a function that changes its config."""
    root = write_integration(tmp_path / "greeter", config)
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", *identity, "-C", str(root), *command], check=True)

    def change(**members):
        (root / "config.json").write_text(json.dumps({**config, **members}, indent=2))

    return make_site(root).inside(), change, config


def shown(visitor, query=""):
    page = BeautifulSoup(visitor.get(f"{PAGE}/changes{query}").text, "html.parser")
    return [" ".join(one.text.split()) for one in page.select("li")], page


def test_each_change_since_the_last_commit_with_its_proof(edited) -> None:
    visitor, change, config = edited
    assert shown(visitor)[0] == []
    greet = config["actions"]["greet"]
    stricter = {**greet["input_schema"], "required": [*greet["input_schema"].get("required", []), "language"]}
    change(actions={"greet": {**greet, "input_schema": stricter}, "wave": greet})
    entries, page = shown(visitor)
    assert [entry.partition(" ")[0] for entry in entries] == ["breaking", "compatible"]
    assert "/language" in entries[0] and "Valid before, invalid now:" in entries[0]
    assert "Action wave is new." in entries[1]
    assert "These changes ask for version" in page.text
    assert page.select_one("a.place")["href"].startswith(f"{PAGE}/files/config.json?line=")
    assert len(shown(visitor, "?kind=action&name=greet")[0]) == 1
    assert shown(visitor, "?kind=action&name=other")[0] == []
    assert f'hx-get="{PAGE}/changes"' in visitor.get(PAGE).text
    assert "changes?kind=action&amp;name=greet" in visitor.get(f"{PAGE}/actions/greet").text


def test_a_file_that_cannot_be_read_says_nothing(edited) -> None:
    visitor, change, _ = edited
    change(actions=[])
    assert visitor.get(f"{PAGE}/changes").status_code == 200


def test_a_folder_without_a_repository_says_nothing(make_site, write_integration, config, tmp_path) -> None:
    visitor = make_site(write_integration(tmp_path / "greeter", config)).inside()
    assert visitor.get(f"{PAGE}/changes").text.strip() == ""
