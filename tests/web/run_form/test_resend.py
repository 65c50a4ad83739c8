"""One captured request edited and sent again, by a real worker to a real server."""

import json

import pytest
from bs4 import BeautifulSoup

from tests.web.conftest import CONFIG
from tests.web.run_form.test_runs import filled
from workbench import echo
from workbench.domain import Credentials, Kind, Status

CODE = """\
from autohive_integrations_sdk import ActionHandler, Integration

greeter = Integration.load()


@greeter.action("greet")
class Greet(ActionHandler):
    async def execute(self, inputs, context):
        headers = {"Authorization": "Bearer " + context.auth["password"], "X-Page": "1"}
        return await context.fetch(inputs["name"] + "/test?key=" + context.auth["password"], method="POST",
                                   json={"a": 1}, headers=headers)
"""
PASSWORD = "pässword-of-the-greeter"


@pytest.fixture
def sent(make_site, write_integration, tmp_path):
    """A visitor, the site, and a run that sent one request with a secret."""
    site = make_site(write_integration(tmp_path / "greeter", CONFIG, CODE))
    site.app.extensions["workbench"].vault.put("greeter", Credentials({"password": PASSWORD}))
    visitor = site.inside()
    with echo.in_thread() as url:
        page = visitor.get("/integrations/greeter/actions/greet?new=1").text
        response = visitor.post("/integrations/greeter/actions/greet/runs", filled(page, name=url) | {"rules": ""})
        run = site.runner.wait(response.headers["Location"].partition("?run=")[2], 30)
        assert run.outcome.exchanges
        yield visitor, site, run


def fields(page: str) -> dict[str, str]:
    form = BeautifulSoup(page, "html.parser").find("form", class_="rule-editor")
    values = {each["name"]: each.get("value", "") for each in form.find_all("input")}
    return values | {each["name"]: each.text.removeprefix("\n") for each in form.find_all("textarea")}


def test_a_request_is_edited_and_sent_with_its_secrets(sent):
    visitor, site, run = sent
    url = f"/runs/{run.id}/exchanges/1/resend"
    page = visitor.get(url).text
    assert PASSWORD not in page
    typed = fields(page)
    assert "Authorization: Bearer ‹password›" in typed["headers"]
    assert typed["body"] == '{"a": 1}'
    bad = visitor.post(url, typed | {"headers": "no header", "body": "typed"})
    assert bad.status_code == 422
    assert "This is not a header: no header" in bad.text
    assert fields(bad.text)["body"] == "typed"
    headers = typed["headers"].replace("X-Page: 1", "X-Page: 2")
    response = visitor.post(url, typed | {"method": "put", "headers": headers, "body": '{"a": 2}'})
    again = site.runner.wait(response.headers["Location"].split("/")[2].partition("?")[0], 30)
    assert (again.request.kind, again.outcome.status) == (Kind.REQUEST, Status.SUCCEEDED)
    raw = site.store.get(again.id, reveal=True)
    got = json.loads(raw.outcome.exchanges[0].response.body)["data"]
    assert (got["method"], got["json"], dict(got["headers"])["X-Page"]) == ("PUT", {"a": 2}, "2")
    assert dict(got["headers"])["Authorization"] == f"Bearer {PASSWORD}"
    shown = visitor.get(response.headers["Location"]).text
    assert "was answered with" in shown
    listed = visitor.get("/runs").text
    assert f"/runs/{again.id}" in listed
    for text in (shown, listed, visitor.get(f"/runs/{again.id}/export?form=json").text):
        assert PASSWORD not in text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("url", "ftp://x", "The URL must be complete"), ("method", "GE T", "The method is one word")],
)
def test_what_cannot_be_sent_is_said_at_its_field(sent, field, value, words):
    visitor, _, run = sent
    url = f"/runs/{run.id}/exchanges/1/resend"
    response = visitor.post(url, fields(visitor.get(url).text) | {field: value})
    assert response.status_code == 422
    assert words in BeautifulSoup(response.text, "html.parser").find(id="resend-error").text
    assert visitor.get(f"/runs/{run.id}/exchanges/9/resend").status_code == 404
