"""The half of the check that loads the code: by a click, in a worker, its findings in one list with the others."""

import os
import time

import pytest
from bs4 import BeautifulSoup

from workbench.domain import RunState

PAGE = "/integrations/greeter"
NOTES = ["icon-absent", "readme-missing", "tests-missing", "output-unchecked"]
ALONE = [*NOTES, "contract-unsupported"]
"""What the greeter's folder has to say without its code; the last one is ignored."""
HX = {"HX-Request": "true"}


@pytest.fixture
def folder(write_integration, config, tmp_path):
    """Writes the greeter anew, its files older than what is read of them."""

    def write(**files):
        root = write_integration(tmp_path / "greeter", config, **files)
        for path in root.iterdir():
            if path.is_file():
                os.utime(path, (time.time() - 60, path.stat().st_mtime - 60))
        return root

    return write


@pytest.fixture
def visitor(make_site, folder):
    site = make_site(folder())
    visitor = site.inside()
    visitor.site = site
    return visitor


def looked(visitor, path=PAGE):
    page = BeautifulSoup(visitor.get(path).text, "html.parser")
    bar, codes = page.select_one("#findings .task"), [code.text for code in page.select(".findings .small code")]
    return bar, codes


def loaded(visitor):
    """The bar and the codes once the import is over, as a page without scripts gets to them."""
    answer = visitor.post(f"{PAGE}/import-checks")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{PAGE}#findings"
    while "data-cancel" in visitor.get(f"{PAGE}/findings", headers=HX).text:
        time.sleep(0.05)
    return looked(visitor)


def test_nothing_is_run_before_somebody_asks(visitor) -> None:
    bar, codes = looked(visitor)
    assert "Static checks only." in bar.text
    assert bar.button.text == "Import and check handlers"
    assert codes == ALONE
    assert visitor.site.store.list() == ()


def test_what_loads_says_what_it_registers(visitor) -> None:
    bar, codes = loaded(visitor)
    assert "greeter.py imported in " in bar.text
    assert "registers 1 action and 1 trigger." in bar.text
    assert bar.button.text == "Import again"
    assert codes == ALONE
    assert not BeautifulSoup(visitor.get("/runs").text, "html.parser").select("tbody tr")
    run = visitor.get(bar.a["href"]).text
    assert "no handler was called" in run
    assert "Edit and run again" not in run


def test_why_it_does_not_load_is_a_finding_that_leads_to_its_line(visitor, folder) -> None:
    folder(code="import not_there_at_all\n" + (visitor.site.catalog.roots[0] / "greeter.py").read_text("utf-8"))
    _, before = looked(visitor)
    bar, codes = loaded(visitor)
    assert "failed to load" in bar.text
    assert set(codes) - set(before) == {"load-module-missing"}
    page = BeautifulSoup(visitor.get(PAGE).text, "html.parser")
    finding = next(one for one in page.select(".findings li") if "load-module-missing" in one.text)
    assert finding.select_one("a.place")["href"] == f"{PAGE}/files/greeter.py?line=1#L1"
    card = BeautifulSoup(visitor.get("/").text, "html.parser").select_one("a.card")
    assert "1 error" in card.text
    assert f"{len(codes) - 1}" in page.select_one("#nav").text


def test_an_edit_makes_the_import_an_old_story(visitor, folder) -> None:
    folder(code="import not_there_at_all\n")
    assert "load-module-missing" in loaded(visitor)[1]
    folder()
    bar, codes = looked(visitor)
    assert "files have changed since" in bar.text
    assert "load-module-missing" not in codes
    assert loaded(visitor)[1] == ALONE


def test_an_import_that_hangs_is_shown_and_cancelled(visitor, folder) -> None:
    folder(code="import time\ntime.sleep(60)\n")
    part = visitor.post(f"{PAGE}/import-checks", htmx=True)
    bar = BeautifulSoup(part.text, "html.parser")
    assert "<html" not in part.text
    assert "Importing greeter.py…" in bar.text
    assert bar.progress["max"] == "20.0"
    assert bar.section["hx-get"] == f"{PAGE}/findings"
    (run,) = visitor.site.store.list()
    visitor.post(f"{PAGE}/import-checks")
    assert len(visitor.site.store.list()) == 1, "the one that goes on is not doubled"
    answer = visitor.post(bar.form["action"], {"here": PAGE})
    assert answer.headers["Location"] == PAGE
    assert visitor.site.store.wait_finished(run.id, 20)
    bar, codes = looked(visitor)
    assert "Import cancelled." in bar.text
    assert not [code for code in codes if code.startswith("load-")]


def test_an_import_past_its_time_is_a_finding(visitor, folder, monkeypatch) -> None:
    monkeypatch.setattr("workbench.web.services.import_checks.TIMEOUT", 0.5)
    folder(code="import time\ntime.sleep(60)\n")
    bar, codes = loaded(visitor)
    assert "failed to load after" in bar.text
    assert "load-timeout" in codes


def test_what_cannot_be_loaded_offers_nothing(visitor, folder) -> None:
    root = visitor.site.catalog.roots[0]
    (root / "config.json").write_text("{", "utf-8")
    bar, _ = looked(visitor)
    assert "there is no code to import" in bar.text
    assert bar.button is None
    assert visitor.post(f"{PAGE}/import-checks").status_code == 303
    assert visitor.site.store.list() == ()
    assert visitor.get(f"{PAGE}/findings").status_code == 303


def test_the_run_is_one_of_the_store(visitor) -> None:
    loaded(visitor)
    (run,) = visitor.site.store.list()
    assert run.request.load_only
    assert run.outcome.state is RunState.FINISHED
