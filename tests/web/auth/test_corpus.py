"""The auth pages of real integrations: each opens with what its type needs, and takes it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

CORPUS = Path(__file__).parents[2] / "corpus"
NAMES = sorted(path.parent.name for path in CORPUS.glob("*/config.json"))
TOKEN, VARIABLE = "a-refresh-token", "a-variable-of-the-test"
ROWS = {
    "extra.row": "x",
    "extra.x.name": "refresh_token",
    "extra.x.value": TOKEN,
    "metadata.row": "x",
    "metadata.x.name": "dc",
    "metadata.x.value": "us21",
    "environment.row": "x",
    "environment.x.name": "SERVICE_TOKEN",
    "environment.x.value": VARIABLE,
}


@pytest.fixture(scope="module")
def corpus(make_site):
    return make_site(CORPUS)


@pytest.fixture(scope="module")
def visitor(corpus) -> Iterator[object]:
    return corpus.inside()


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.exhaustive if number % 4 else ()) for number, name in enumerate(NAMES)],
)
def test_a_page_opens_with_what_its_type_needs(corpus, visitor, name, auth_form):
    auth = json.loads((CORPUS / name / "config.json").read_text("utf-8-sig")).get("auth", {})
    form = auth_form(visitor, f"/integrations/{name}/auth")
    page = form.page.find(id="auth")
    fields = auth.get("fields", {}).get("properties", {})
    labels = {label.text.strip() for label in page.find_all("label")}
    assert {field.get("label") or field.get("title") or key for key, field in fields.items()} <= labels
    if not fields and auth.get("type", "custom").lower() != "custom":
        assert "Access token" in labels
    assert {"Add credential", "Add property", "Add variable"} <= {each.text for each in page.find_all("button")}
    assert form.post("", ROWS).status_code == 303
    saved = corpus.app.extensions["workbench"].vault.get(name)
    assert (saved.values, saved.metadata) == ({"refresh_token": TOKEN}, {"dc": "us21"})
    assert [(one.name, one.value) for one in saved.environment] == [("SERVICE_TOKEN", VARIABLE)]
    assert TOKEN not in form.text
    assert VARIABLE not in form.text
    assert "us21" in form.text
    seen = BeautifulSoup(form.text[form.text.index('<section class="form-payload"') :], "html.parser")
    assert "refresh_token" in [each.text for each in seen.find(id="auth-payload").find_all(class_="masked")]
