"""The page of a file: text inside the integration's folder, and nothing else (security.md, row 15)."""

import os
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from workbench.domain import Credentials
from workbench.web.services import source_files

FILES = "/integrations/greeter/files"
CANARY = "a canary that nobody may read"


@pytest.fixture
def place(make_site, write_integration, config, tmp_path, runner):
    """A visitor, and the folder of the greeter beside a canary."""
    root = write_integration(tmp_path / "greeter", config)
    (tmp_path / "canary.txt").write_text(CANARY)
    site = make_site(root, runner=runner)
    return site, site.inside(), root


def test_a_file_is_shown_with_its_line_marked(place):
    _, browser, root = place
    (root / "actions").mkdir()
    (root / "actions" / "more.py").write_text("a = 1\nb = '<script>'\n")
    page = BeautifulSoup(browser.get(f"{FILES}/actions/more.py?line=2").text, "html.parser")
    marked = page.select("li.asked-for")
    assert [line["id"] for line in marked] == ["L2"]
    assert marked[0].code.text == "b = '<script>'"


@pytest.mark.parametrize(
    "path",
    [
        "../canary.txt",
        "..%2fcanary.txt",
        "%2e%2e/canary.txt",
        "%2e%2e%2fcanary.txt",
        "..%5ccanary.txt",
        "actions/../../canary.txt",
        "config.json%00",
        "%00",
        "./config.json",
        "/config.json",
        "link.txt",
        "folder/canary.txt",
        ".env",
        ".git/config",
        "hidden.txt",
        "big.txt",
        "picture.bin",
        "nul.txt",
        "latin.txt",
        "folder",
        "loop",
        "pipe",
        "missing.py",
        "x" * 5000,
    ],
)
def test_what_must_not_be_shown_is_not(place, path):
    _, browser, root = place
    (root / "link.txt").symlink_to(root.parent / "canary.txt")
    (root / "folder").symlink_to(root.parent)
    (root / ".env").write_text(CANARY)
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text(CANARY)
    (root / "hidden.txt").symlink_to(root / ".env")
    (root / "big.txt").write_text(CANARY * 50_000)
    (root / "picture.bin").write_bytes(b"\x89PNG\xff" + CANARY.encode())
    (root / "nul.txt").write_bytes(b"\0" + CANARY.encode())
    (root / "latin.txt").write_bytes(b"\xe9" + CANARY.encode())
    (root / "loop").symlink_to(root / "loop")
    os.mkfifo(root / "pipe")
    response = browser.get(f"{FILES}/{path}")
    assert response.status_code in (301, 308, 400, 404)
    assert CANARY not in response.text


def test_an_absolute_path_is_not_followed(place):
    _, browser, root = place
    for path in (str(root.parent / "canary.txt"), quote(str(root.parent / "canary.txt"), safe="")):
        response = browser.get(f"{FILES}/{path}")
        assert response.status_code == 404
        assert CANARY not in response.text


def test_a_saved_secret_that_the_file_holds_is_masked(place):
    site, browser, root = place
    (root / "helpers.py").write_text("KEY = 'the-key-of-the-greeter'\n")
    site.app.extensions["workbench"].vault.put("greeter", Credentials({"password": "the-key-of-the-greeter"}))
    text = browser.get(f"{FILES}/helpers.py").text
    assert "the-key-of-the-greeter" not in text
    assert '<span class="masked" title="masked">password</span>' in text


def test_a_long_file_is_shown_around_the_line(tmp_path):
    (tmp_path / "long.txt").write_text("".join(f"line {number}\n" for number in range(1, 9001)))
    for asked, first in ((1, 1), (5000, 4000), (9000, 7001), (10**12, 7001), (-5, 1)):
        found = source_files.read(tmp_path, "long.txt", asked)
        assert (found.first, len(found.lines), found.total) == (first, source_files.LINES, 9000)
        assert found.lines[0] == f"line {first}"


def test_the_findings_lead_to_their_lines(place, config, write_integration):
    _, browser, root = place
    write_integration(root, '{\n  "name": "bad"\n  "version": 1\n}')
    page = BeautifulSoup(browser.get("/integrations/greeter").text, "html.parser")
    link = page.select_one("#findings a.place")["href"]
    assert link == f"{FILES}/config.json?line=3#L3"
    assert browser.get(link.partition("#")[0]).status_code == 200


def test_every_page_tells_the_same_number_of_findings(place, write_integration, config):
    _, browser, root = place
    write_integration(root, config, code="from autohive_integrations_sdk import Integration\ni = Integration.load()\n")

    def told(path):
        nav = BeautifulSoup(browser.get(path).text, "html.parser").find(id="nav")
        return next(item for item in nav.find_all("a") if "Findings" in item.text).select_one(".count").text

    overview = told("/integrations/greeter")
    assert int(overview) > 0
    assert told("/integrations/greeter/actions/greet") == told("/integrations/greeter/auth") == overview
