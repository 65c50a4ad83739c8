"""The form of a request that is sent again: requests that it cannot show row by row, and what its buttons do."""

from dataclasses import replace

from werkzeug.datastructures import MultiDict

from workbench.domain import Request
from workbench.domain.multipart import BodyPart
from workbench.explain.http.multipart import write_parts
from workbench.web.runs.resend.form import BodyKind, ResendForm

URL = "https://api.example.com/items"
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
PARTS = (("Content-Type", "multipart/form-data; boundary=B"),)


def posted(form: ResendForm) -> ResendForm:
    """The form once a browser has sent it back."""
    rows = {f"{name}.{part}": [row[at] for row in getattr(form, name)]
            for name in ("query", "headers", "fields") for at, part in enumerate(("name", "value"))}  # fmt: skip
    parts = {f"parts.{name}": [str(getattr(one, name)) for one in form.parts]
             for name in ("name", "value", "number", "about", "upload")}  # fmt: skip
    parts["parts.file"] = ["1" if one.is_file else "" for one in form.parts]
    plain = {"method": form.method, "url": form.url, "kind": form.kind.value, "body": form.body}
    return ResendForm.parse(MultiDict({**plain, **rows, **parts}))


def test_nothing_of_a_request_is_lost_however_many_rows_it_has() -> None:
    for many, has_rows in ((3, True), (199, True), (501, False), (2_000, False)):
        pairs = "&".join(f"ids={number}" for number in range(many))
        in_url = posted(ResendForm.of(Request("GET", f"{URL}?{pairs}")))
        assert (len(in_url.query), in_url.url) == ((many, URL) if has_rows else (0, f"{URL}?{pairs}"))
        in_body = posted(ResendForm.of(Request("POST", URL, headers=FORM, body=pairs.encode())))
        assert in_body.kind is (BodyKind.FORM if has_rows else BodyKind.TEXT)
        assert (len(in_body.fields), in_body.body) == (many if has_rows else 0, pairs)
        parts = write_parts([BodyPart(f"part {number}", "", "", b"x") for number in range(many)], "B")
        in_parts = posted(ResendForm.of(Request("POST", URL, headers=PARTS, body=parts)))
        assert in_parts.kind is (BodyKind.MULTIPART if has_rows else BodyKind.RECORDED)
        assert len(in_parts.parts) == (many if has_rows else 0)
        related = (("Content-Type", "multipart/related; boundary=B"),)
        assert posted(ResendForm.of(Request("POST", URL, headers=related, body=parts))).kind is BodyKind.RECORDED


def test_rows_that_were_typed_are_not_cut_and_long_lists_are_counted() -> None:
    pairs = "&".join(f"ids={number}" for number in range(600))
    typed = ResendForm("POST", URL, query=(("a", "1"),) * 501, kind=BodyKind.TEXT, body=pairs)
    assert posted(typed).edit("add query").query == (*typed.query, ("", ""))
    assert posted(replace(typed, url=f"{URL}?b=2")).query[-2:] == (("a", "1"), ("b", "2"))
    as_form = posted(typed.edit("kind form"))
    assert (as_form.kind, as_form.body, as_form.headers) == (BodyKind.TEXT, pairs, FORM)
    assert (as_form.fields_in_text, typed.fields_in_text, replace(as_form, body="a=1").fields_in_text) == (600, 0, 0)
    in_url = ResendForm.of(Request("GET", f"{URL}?{pairs}"))
    assert (in_url.parameters_in_url, replace(in_url, url=f"{URL}?a=1").parameters_in_url) == (600, 0)


def test_a_button_removes_the_row_that_it_names_and_no_other() -> None:
    form = ResendForm("POST", URL, query=(("a", "1"), ("b", "2")), kind=BodyKind.MULTIPART)
    assert form.edit("remove query 1").query == (("a", "1"),)
    assert len(form.edit("add parts").edit("add parts").edit("remove parts 0").parts) == 1
    with_part = form.edit("add parts")
    for place in ("", "x", "-1", "9" * 5_000, "²"):
        assert form.edit(f"remove query {place}") == form
        assert with_part.edit(f"remove parts {place}") == with_part
