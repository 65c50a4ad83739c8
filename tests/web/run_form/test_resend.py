"""One captured request edited and sent again, by a real worker to a real server."""

import json
import time
from io import BytesIO
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict

from tests.web.conftest import CONFIG, write
from tests.web.run_form.test_runs import filled
from workbench import echo
from workbench.domain import Credentials, Exchange, Kind, Request, Status
from workbench.domain.masked_text import MaskedBytes, MaskedSpan, MaskedText
from workbench.domain.multipart import read_parts
from workbench.web.runs.resend import files
from workbench.web.runs.resend.error import ResendError
from workbench.web.runs.resend.sent_request import Secrets, _recorded, _values_at

CODE = """\
import aiohttp
from autohive_integrations_sdk import ActionHandler, Integration

greeter = Integration.load()


@greeter.action("greet")
class Greet(ActionHandler):
    async def execute(self, inputs, context):
        headers = {"Authorization": "Bearer " + context.auth["password"], "X-Page": "1", "Cookie": "theme=dark"}
        result = await context.fetch(inputs["name"] + "/test?key=" + context.auth["password"], method="POST",
                                     json={"a": 1}, headers=headers)
        form = aiohttp.FormData()
        form.add_field("note", "two\\r\\nlines")
        form.add_field("key", context.auth["password"])
        form.add_field("file", bytes(range(256)), filename="x.bin", content_type="application/x-lab")
        async with aiohttp.ClientSession() as session, session.post(inputs["name"] + "/test", data=form) as response:
            await response.read()
        odd = inputs["name"] + "/test?note=a%0D%0Ab"
        as_json = {"Content-Type": "application/json"}
        await context.fetch(odd, method="PUT", data=b'{"a": 1,\\r\\n "a": 2}', headers=as_json)
        return result
"""
PASSWORD = "pässword-of-the-greeter"


@pytest.fixture(scope="module")
def sent(make_site, tmp_path_factory):
    """A visitor, the site, and a run that sent one request with a secret."""
    site = make_site(write(tmp_path_factory.mktemp("folders") / "greeter", CONFIG, CODE))
    site.app.extensions["workbench"].vault.put("greeter", Credentials({"password": PASSWORD}))
    visitor = site.inside()
    with echo.in_thread() as url:
        page = visitor.get("/integrations/greeter/actions/greet?new=1").text
        response = visitor.post("/integrations/greeter/actions/greet/runs", filled(page, name=url) | {"rules": ""})
        run = site.runner.wait(response.headers["Location"].partition("?run=")[2], 30)
        assert run.outcome.exchanges
        yield visitor, site, run


def fields(page: str) -> MultiDict[str, str]:
    """What the form would post."""
    form = BeautifulSoup(page, "html.parser").find("form", class_="rule-editor")
    return MultiDict(
        (each["name"], each.get("value", "") if each.name == "input" else each.text.removeprefix("\n"))
        for each in form.find_all(["input", "textarea"])
    )


def typed(form: MultiDict[str, str], **values: str | list[str]) -> MultiDict[str, str]:
    """The form with other values."""
    made = form.copy()
    for name, value in values.items():
        made.setlist(name.replace("__", "."), value if isinstance(value, list) else [value])
    return made


def post(visitor, url: str, form: MultiDict[str, str]):
    return visitor.post(url, dict(form.lists()))


def rows(form: MultiDict[str, str], name: str) -> list[tuple[str, str]]:
    return list(zip(form.getlist(f"{name}.name"), form.getlist(f"{name}.value"), strict=True))


def test_a_request_is_edited_and_sent_with_its_secrets(sent):
    visitor, site, run = sent
    url = f"/runs/{run.id}/exchanges/1/resend"
    page = visitor.get(url).text
    assert PASSWORD not in page
    form = fields(page)
    assert ("Authorization", "Bearer ‹password›") in rows(form, "headers")
    assert rows(form, "query") == [("key", "‹password›")]
    assert (form["kind"], form["body"], "?" in form["url"]) == ("json", '{"a": 1}', False)
    assert ("Cookie", "theme=‹cookie theme›") in rows(form, "headers")
    bad = post(visitor, url, typed(form, body="{typed"))
    assert bad.status_code == 422
    assert "This is not JSON" in BeautifulSoup(bad.text, "html.parser").find(id="resend-error").text
    assert fields(bad.text)["body"] == "{typed"
    names, values = (form.getlist(f"headers.{part}") for part in ("name", "value"))
    values[names.index("X-Page")] = "2"
    edit = typed(form, method="put", headers__value=values, body='{"a": 2}', query__name=["key", "q"])
    edit = typed(edit, query__value=["‹password›", "a b&c"])
    response = post(visitor, url, edit)
    place = response.headers["Location"]
    again = site.runner.wait(place.partition("sent=")[2].partition("&")[0], 30)
    assert (again.request.kind, again.outcome.status) == (Kind.REQUEST, Status.SUCCEEDED)
    raw = site.store.get(again.id, reveal=True)
    got = json.loads(raw.outcome.exchanges[0].response.body)["data"]
    assert (got["method"], got["json"], dict(got["headers"])["X-Page"]) == ("PUT", {"a": 2}, "2")
    assert dict(got["headers"])["Authorization"] == f"Bearer {PASSWORD}"
    assert raw.outcome.exchanges[0].request.url.endswith(f"?key={quote(PASSWORD)}&q=a%20b%26c")
    shown = visitor.get(place).text
    assert "was answered with" in shown
    assert dict(got["headers"])["Cookie"] == "theme=dark", "it is masked in its own place only"
    inputs = visitor.get(f"/runs/{again.id}/values/inputs?form=json").text
    assert "theme=dark" not in inputs
    assert "‹cookie theme›" in inputs
    changes = BeautifulSoup(shown, "html.parser").find(id="resend-difference")
    assert "Compared with exchange 1 of run" in changes.find("summary").text
    assert [each.text for each in changes.find_all("h2")] == [
        "Response body", "Method", "URL", "Request headers", "Request body",
    ]  # fmt: skip
    assert "/data/method" in changes.text
    assert rows(fields(shown), "query")[1] == ("q", "a b&c"), "what was typed stands beside the answer"
    listed = visitor.get("/runs").text
    assert f"/runs/{again.id}" in listed
    for text in (shown, listed, visitor.get(f"/runs/{again.id}/export?form=json").text):
        assert PASSWORD not in text


def test_buttons_add_and_remove_rows_and_choose_the_kind_of_body(sent):
    visitor, site, run = sent
    url = f"/runs/{run.id}/exchanges/1/resend"
    form = fields(visitor.get(url).text)
    added = fields(post(visitor, f"{url}/form", typed(form, op="add headers", method="PATCH")).text)
    assert (added["method"], rows(added, "headers")[-1]) == ("PATCH", ("", ""))
    gone = fields(post(visitor, f"{url}/form", typed(added, op="remove query 0")).text)
    assert rows(gone, "query") == [("", "")]
    kept = fields(post(visitor, f"{url}/form", typed(gone, op="kind form")).text)
    assert dict(rows(kept, "headers"))["Content-Type"] == "application/x-www-form-urlencoded"
    filled = typed(kept, fields__name=["a", "b"], fields__value=["1", "ü"], url=f"{kept['url']}?x=1#part")
    place = post(visitor, url, filled).headers["Location"]
    again = site.runner.wait(place.partition("sent=")[2].partition("&")[0], 30)
    request = again.outcome.exchanges[0].request
    assert (request.body, request.url.partition("?")[2]) == (b"a=1&b=%C3%BC", "x=1")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "ftp://x", "The URL must be complete"),
        ("method", "GE T", "The method is one word"),
        ("headers.name", "no header", "This is not the name of a header: no header"),
    ],
)
def test_what_cannot_be_sent_is_said_at_its_field(sent, field, value, words):
    visitor, _, run = sent
    url = f"/runs/{run.id}/exchanges/1/resend"
    form = fields(visitor.get(url).text)
    response = post(visitor, url, typed(form, **{field: value}))
    assert response.status_code == 422
    assert words in BeautifulSoup(response.text, "html.parser").find(id="resend-error").text
    assert fields(response.text).getlist(field)[0] == value
    wrong = BeautifulSoup(response.text, "html.parser").select('input[aria-invalid="true"]')
    assert {each["name"].partition(".")[0] for each in wrong} == {field.partition(".")[0]}
    assert len(wrong) == (2 if "." in field else 1), "only the row that is wrong is marked"
    assert visitor.get(f"/runs/{run.id}/exchanges/9/resend").status_code == 404


def test_a_request_is_sent_again_as_it_was_captured_and_compared(sent):
    visitor, site, run = sent
    page = BeautifulSoup(visitor.get(f"/runs/{run.id}?tab=http&exchange=1").text, "html.parser")
    form = page.find("button", string="Resend").find_parent("form")
    response = visitor.post(form["action"], {each["name"]: each["value"] for each in form.find_all("input")})
    place = response.headers["Location"]
    again = site.runner.wait(place.partition("sent=")[2].partition("&")[0], 30)
    first, second = (site.store.get(one.id, reveal=True).outcome.exchanges[0].request for one in (run, again))
    assert (second.method, second.url, second.body) == (first.method, first.url, first.body)
    assert sorted(second.headers) == sorted(first.headers)
    shown = BeautifulSoup(visitor.get(place).text, "html.parser").find(id="resend-difference")
    assert [each.text for each in shown.find_all("h2")] == ["Response body"], "the server names the order of headers"
    part = visitor.get(f"/runs/{run.id}/exchanges/1/resend/difference?sent={again.id}").text
    assert "Compared with exchange 1" in part
    assert "<html" not in part
    other = f"/runs/{run.id}/exchanges/1/resend/difference?sent={run.id}"
    assert visitor.get(other).status_code == 404, "a run that is none of a request"


def test_what_a_field_cannot_hold_is_sent_as_it_was_captured_where_it_was_not_changed(sent):
    visitor, site, run = sent
    url = f"/runs/{run.id}/exchanges/3/resend"
    form = fields(visitor.get(url).text)
    assert rows(form, "query") == [("note", "a\nb")]
    place = post(visitor, url, form).headers["Location"]
    again = site.runner.wait(place.partition("sent=")[2].partition("&")[0], 30).outcome.exchanges[0].request
    assert (again.url.partition("?")[2], again.body) == ("note=a%0D%0Ab", b'{"a": 1,\r\n "a": 2}')
    changed = post(visitor, url, typed(form, body='{"a": 1, "a": 3}'))
    assert "Choose Text to send it anyway." in changed.text


def test_a_host_that_is_down_is_compared_by_its_failure_alone(sent):
    visitor, site, run = sent
    url = f"/runs/{run.id}/exchanges/1/resend"
    form = typed(fields(visitor.get(url).text), url="http://127.0.0.1:1/", op="")
    place = post(visitor, url, form).headers["Location"]
    site.runner.wait(place.partition("sent=")[2].partition("&")[0], 30)
    page = BeautifulSoup(visitor.get(place).text, "html.parser")
    shown = page.find(id="resend-difference")
    assert [each.text for each in shown.find_all("h2")] == ["Failure", "Status"]
    assert "sender.py" not in page.text


def test_a_part_is_edited_and_files_go_along_as_they_were_captured(sent):
    visitor, site, run = sent
    url = f"/runs/{run.id}/exchanges/2/resend"
    page = visitor.get(url).text
    assert PASSWORD not in page
    assert "x.bin, application/x-lab, 256 B, as recorded" in page
    form = fields(page)
    assert form["kind"] == "multipart"
    assert [*zip(form.getlist("parts.name"), form.getlist("parts.number"), strict=True)] == [
        ("note", "1"), ("key", "2"), ("file", "3"),
    ]  # fmt: skip
    first = site.store.get(run.id, reveal=True).outcome.exchanges[1].request

    def answer(form: MultiDict[str, str]) -> Request:
        place = post(visitor, url, form).headers["Location"]
        again = site.runner.wait(place.partition("sent=")[2].partition("&")[0], 30)
        assert PASSWORD not in visitor.get(place).text
        return site.store.get(again.id, reveal=True).outcome.exchanges[0].request

    same = answer(form)
    assert (same.body, dict(same.headers)["Content-Type"]) == (first.body, dict(first.headers)["Content-Type"])
    added = fields(post(visitor, f"{url}/form", typed(form, op="add parts")).text)
    names = [*added.getlist("parts.name")[:3], 'né"w']
    edited = answer(typed(added, parts__name=names, parts__value=["other", "‹password›", "", "ü\r\n"], op=""))
    parts = read_parts(edited.headers, edited.body)
    assert [(one.name, one.filename, one.body) for one in parts] == [
        ("note", "", b"other"), ("key", "", PASSWORD.encode()), ("file", "x.bin", bytes(range(256))),
        ("né%22w", "", "ü\n".encode()),
    ]  # fmt: skip
    gone = fields(post(visitor, f"{url}/form", typed(form, op="remove parts 2")).text)
    assert gone.getlist("parts.name") == ["note", "key"]
    assert answer(gone).body.count(b"Content-Disposition") == 2


def test_files_are_chosen_as_parts_and_as_the_body_and_stay_over_errors(sent, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 4096)
    visitor, site, run = sent
    url = f"/runs/{run.id}/exchanges/2/resend"
    photo = bytes(range(256)) * 8

    def posted(path: str, form: MultiDict[str, str], **files: tuple[bytes, str, str]):
        data = dict(form.lists()) | {
            name.replace("__", "."): (BytesIO(one[0]), *one[1:]) for name, one in files.items()
        }
        return visitor.post(path, data=data, content_type="multipart/form-data")

    added = fields(post(visitor, f"{url}/form", typed(fields(visitor.get(url).text), op="add file")).text)
    empty = posted(url, added)
    assert empty.status_code == 422
    assert "Choose a file, or remove the part." in empty.text
    bad = posted(url, typed(added, method="GE T", parts__name=["a", "b", "c", "d"]),
                 part_file__3=(photo, "photos/é.png", "image/png"))  # fmt: skip
    assert bad.status_code == 422
    assert "é.png, image/png, 2.05 kB" in bad.text
    large = posted(url, typed(fields(bad.text), method="POST"), part_file__2=(b"x" * 4097, "y", "text/plain"))
    assert "y is larger than 4.1 kB" in BeautifulSoup(large.text, "html.parser").find(id="resend-error").text

    def answer(response) -> Request:
        place = response.headers["Location"]
        again = site.runner.wait(place.partition("sent=")[2].partition("&")[0], 30)
        assert "é.png, image/png" in visitor.get(place).text
        return site.store.get(again.id, reveal=True).outcome.exchanges[0].request

    request = answer(posted(url, fields(large.text)))
    assert [(one.name, one.filename, one.media, one.body) for one in read_parts(request.headers, request.body)][2:] == [
        ("c", "x.bin", "application/x-lab", bytes(range(256))), ("d", "é.png", "image/png", photo),
    ]  # fmt: skip
    body = fields(post(visitor, f"{url}/form", typed(fields(large.text), op="kind file")).text)
    assert "Choose a file." in posted(url, body).text
    request = answer(posted(url, body, body_file=(photo, "é.png", "image/png")))
    assert (request.body, dict(request.headers)["Content-Type"]) == (photo, "image/png")


def test_values_of_masks_are_found_in_one_pass():
    masked = MaskedText("a=‹k›&b=‹k›;", (MaskedSpan(2, 5, "k"), MaskedSpan(8, 11, "k")))
    assert [*_values_at(masked, "a=one&b=t;wo;", str)] == [("k", "one"), ("k", "t;wo")]
    for other in ("b=one&b=two;", "a=one&c=two;", "a=one&b=two", "a=;"):
        assert [*_values_at(masked, other, str)] == []
    many = MaskedText("‹k›," * 40, [MaskedSpan(at * 4, at * 4 + 3, "k") for at in range(40)])
    begun = time.process_time()
    assert [*_values_at(many, "," * 200 + "x", str)] == []
    assert time.process_time() - begun < 1, "a pattern would take years"


def test_names_of_a_stored_run_are_not_sent_in_the_place_of_values():
    url = MaskedText("http://h/?key=‹k›", (MaskedSpan(14, 17, "k"),))
    body = MaskedBytes("‹k›".encode() + b"\xff", (MaskedSpan(0, 7, "k"),))
    stored = Request("POST", url, body=body, size=8)
    with pytest.raises(ResendError, match="The value of ‹k› is not available"):
        Secrets.of(stored, lambda name: None, stored).fill("url", str(url))
    with pytest.raises(ResendError, match="The value of ‹k› is not available"):
        _recorded(Exchange(1, 1, 1, "requests", stored, 0.0))
