"""The catalog's card and the integration's page tell the findings of the same check, as the folder is now."""

import pytest
from bs4 import BeautifulSoup

from workbench.catalog import check, read_integration

NO_HANDLER = "from autohive_integrations_sdk import Integration\ngreeter = Integration.load()\n"


@pytest.fixture
def told(make_site, write_integration, config, tmp_path, runner):
    """Write the code; what the card says of it, and the codes that the integration's page lists."""
    visitor = make_site(write_integration(tmp_path / "greeter", config), runner=runner).inside()

    def tell(**files):
        write_integration(tmp_path / "greeter", config, **files)
        card = BeautifulSoup(visitor.get("/").text, "html.parser").select_one("a.card")
        page = BeautifulSoup(visitor.get("/integrations/greeter").text, "html.parser")
        codes = sorted(code.text for code in page.select(".findings .small code"))
        expected = check(read_integration(tmp_path / "greeter"))
        assert codes == sorted(finding.code for finding in expected)
        return card.select_one(".status .text").text, codes

    return tell


def test_what_only_the_full_check_finds_is_on_the_card_too(told) -> None:
    state, codes = told(code=NO_HANDLER)
    assert state == "2 errors"
    assert codes.count("handler-missing") == 2


def test_an_edit_of_the_code_alone_is_seen_on_both(told) -> None:
    assert told()[0] == "ready"
    assert told(code=NO_HANDLER)[0] == "2 errors"
    assert told()[0] == "ready"


def test_what_stands_between_backticks_is_drawn_as_code(make_site, write_integration, config, tmp_path, runner):
    broken = {"type": "object", "properties": {"name": {"type": "string", "required": True}}}
    config["actions"]["greet"]["input_schema"] = broken
    root = write_integration(tmp_path / "one", config)
    page = BeautifulSoup(make_site(root, runner=runner).inside().get("/integrations/one").text, "html.parser")
    (message,) = [each for each in page.select(".findings p") if "is not allowed on a property" in each.text]
    assert [code.text for code in message.select("code")] == ['"required": true']
    assert "`" not in page.select_one(".findings").text
