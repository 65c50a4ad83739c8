"""The file of a recording: what is written is read again, no secret is in it, and what is damaged says where."""

import base64
import html
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tests.history.conftest import made_run
from tests.recordings.conftest import SECRET, exchange, masked_run
from workbench.domain import (
    ExchangeError,
    FailureKind,
    Noise,
    NoiseKind,
    NoisePlace,
    Request,
    Response,
    Retry,
    Status,
)
from workbench.recordings.differences import DifferencePart, find_differences
from workbench.recordings.files import (
    FOLDER,
    delete_recording,
    file_at,
    find_files,
    read_recording,
    recording_file,
    write_recording,
)
from workbench.recordings.from_run import recording_of
from workbench.recordings.recording import RecordingError


def test_a_recording_reads_back_as_it_was_written(folder: Path) -> None:
    large = json.dumps({"text": "é" * 70_000}, ensure_ascii=False).encode()
    failed = exchange(
        3,
        response=None,
        body_state="pending",
        error=ExchangeError("ClientConnectorError", "Connection refused", "connect", FailureKind.REFUSED),
        retry=Retry(0.6, 1.0, 2, 4),
    )
    run = masked_run(
        folder,
        exchange(1, request=Request("POST", "https://api.example.com/", body=b"\x00\xff", size=2)),
        exchange(
            2,
            response=Response(
                200,
                body=large,
                size=len(large),
                raw_size=90,
                trailers=(("a-bin", ""),),
                latin=("a",),
                sent_before=(1, 2),
            ),
        ),
        failed,
    )
    noise = (Noise(NoisePlace.RESULT, "/id", NoiseKind.TEXT, pattern="[0-9]{3}"),)
    recording = replace(recording_of(run), noise=noise)
    file = recording_file(folder, "read", "first")
    written = write_recording(file, recording)
    found = read_recording(file)
    assert replace(found, recorded_at=0) == replace(recording, recorded_at=0)
    assert list(written.bodies) == ["first.2.response.body"]
    assert find_files(folder) == [file] == [file_at(file.path)]
    site = found.exchanges[0].call_site
    assert site is not None and (site.file, site.line, site.source) == ("code/weather.py", 12, "")
    delete_recording(file)
    assert not list(file.path.parent.iterdir())


def test_no_encoding_of_a_secret_is_in_any_file(folder: Path) -> None:
    basic = base64.b64encode(f"ada:{SECRET}".encode()).decode()
    forms = [
        SECRET,
        quote(SECRET),
        quote_plus(SECRET),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        base64.b64encode(SECRET.encode()).decode(),
        html.escape(SECRET),
        basic,
    ]
    told = json.dumps({"forms": forms, "access_token": "tok-81e4c2d0a77b", "fill": "x" * 70_000}).encode()
    request = Request(
        "POST",
        f"https://api.example.com/?key={quote(SECRET)}",
        headers=(("Authorization", f"Basic {basic}"), ("X-Key", SECRET.encode().decode("latin-1"))),
        body=f"key={quote_plus(SECRET)}".encode(),
    )
    run = masked_run(folder, exchange(1, request=request, response=Response(200, body=told)), result={"said": forms})
    write_recording(recording_file(folder, "read", "first"), recording_of(run))
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 2
    for content in (path.read_text() for path in files):
        assert not [form for form in (*forms, "tok-81e4c2d0a77b") if form in content]
        assert not [form for form in forms if json.dumps(form)[1:-1] in content]
    assert "‹api_key›" in files[0].read_text() + files[1].read_text()
    assert read_recording(recording_file(folder, "read", "first")).secrets[0] == "api_key"


def test_a_name_of_a_test_cannot_leave_the_folder(folder: Path) -> None:
    for name in ("", "..", "../x", "a/b", "a\\b", ".x", "a" * 81, "x.json", "é", "a\nb"):
        with pytest.raises(RecordingError, match="is not a name"):
            recording_file(folder, "read", name)
    assert recording_file(folder, "../../read", "x").relative == "tests/recordings/_.._read/x.json"


def test_a_symlink_out_of_the_folder_is_neither_listed_nor_deleted_from(folder: Path) -> None:
    (folder / FOLDER).mkdir(parents=True)
    (folder / FOLDER / "go").symlink_to(folder.parent)
    assert find_files(folder) == []
    with pytest.raises(RecordingError, match="leads out of the integration's folder"):
        delete_recording(recording_file(folder, "go", "canary"))
    assert (folder.parent / "canary.json").exists()


def test_a_symlink_out_of_the_folder_is_not_written_to(folder: Path) -> None:
    (folder / "tests").symlink_to(folder.parent)
    with pytest.raises(RecordingError, match="leads out of the integration's folder"):
        write_recording(recording_file(folder, "read", "first"), recording_of(masked_run(folder, exchange())))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"format": 1', '"format": 2', "first.json:2:3: It has format 2, of a newer workbench"),
        ('"format": 1', '"format": "x"', "first.json:2:3: /format must be an integer, but is a string"),
        ('"kind": "action"', '"kind": "other"', "first.json:4:3: /kind is 'other', but must be one of action"),
        ('"status": "succeeded"', '"status": null', "/expected/status must be a string, but is null"),
        ('"_id": 1', '"_id": 1e400', "is larger than a number can be"),
        ('"_id": 1', '"_id": true', "/log/entries/0/_id must be an integer, but is a boolean"),
        ('"method": "GET"', '"method": {}', "/log/entries/0/request/method must be a string, but is an object"),
        ('"entries": [', '"entries": {}, "x": [', "/log/entries must be an array, but is an object"),
        ('"text": "{', '"encoding": "base64", "text": "{', "is not base64"),
        ('"text": "{', '"_file": "../../../../canary.json", "text": "{', "must stand beside it"),
        ('"text": "{', '"_file": "missing.body", "text": "{', "There is no tests/recordings/read/missing.body"),
        ('"errors": [', '"problems": [7', "/expected/problems/0 must be an object"),  # the name of earlier versions
        ('"handler"', "handler", "first.json:3:3 is not JSON"),
    ],
)  # fmt: skip
def test_a_damaged_newer_or_hostile_file_says_where_and_what(folder: Path, old: str, new: str, expected: str) -> None:
    file = recording_file(folder, "read", "first")
    write_recording(file, recording_of(masked_run(folder, exchange())))
    text = file.path.read_text()
    assert old in text
    file.path.write_text(text.replace(old, new, 1))
    with pytest.raises(RecordingError) as raised:
        read_recording(file)
    assert expected in str(raised.value)
    assert str(raised.value).startswith("tests/recordings/read/first.json")


def test_a_run_that_no_test_can_repeat_is_not_recorded(folder: Path) -> None:
    cut = exchange(response=Response(200, body=b"x", size=2_000_000, cut=True))
    for run, why in (
        (masked_run(folder, status=Status.CANCELLED), "it was cancelled"),
        (masked_run(folder, cut), "of the response of exchange"),
    ):
        with pytest.raises(RecordingError, match=why):
            recording_of(run)


def test_a_request_that_its_library_rejected_is_not_missed(folder: Path) -> None:
    rejected = exchange(response=None, error=ExchangeError("InvalidHeader", "", "request"), body_state="cut")
    recording = recording_of(masked_run(folder, rejected, exchange(2)))
    assert [one.exchange for one in find_differences(recording, masked_run(folder))] == [2]


def test_a_result_that_an_earlier_version_did_not_mask_is_compared_as_it_is_masked_today(folder: Path) -> None:
    value = "9b2f04d7c1e85a3360f7d48e2ab91c05"
    answer = Response(200, body=f'{{"session_id": "{value}"}}'.encode(), size=50)
    recording = recording_of(
        made_run(root=folder, result={"session": value, "n": 1}, exchanges=(exchange(response=answer),))
    )

    def found(session: str) -> list[str]:
        run = made_run(root=folder, result={"session": session, "n": 1}, exchanges=())
        return [one.pointer for one in find_differences(recording, run) if one.part is DifferencePart.RESULT]

    assert found("‹session_id›") == found(value) == []
    assert found("another") == ["/session"]
