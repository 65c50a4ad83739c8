"""Ids of records and fields of an account that neither a schema nor the SDK checks."""

from dataclasses import replace
from typing import Any

import pytest

from workbench.domain import ErrorCode, Kind, Run, Status
from workbench.explain import headline
from workbench.explain.documents.report import report
from workbench.explain.statuses import status_word
from workbench.explain.text import plain
from workbench.runner.return_rules import account_warnings, record_warnings

REPEATED, EMPTY, TYPE = ErrorCode.RECORD_ID_REPEATED, ErrorCode.RECORD_ID_EMPTY, ErrorCode.RECORD_ID_TYPE


def found(ids: list[Any]) -> list[tuple[str, ErrorCode]]:
    return [(each.pointer, each.code) for each in record_warnings([{"id": one, "data": {}} for one in ids])]


@pytest.mark.parametrize(
    ("ids", "warnings"),
    [
        (["a", "b", "1"], []),
        (["a", "b", "a", "a"], [("/2/id", REPEATED), ("/3/id", REPEATED)]),
        ([None, ""], [("/0/id", EMPTY), ("/1/id", EMPTY)]),
        ([1, "1"], [("/0/id", TYPE)]),
        ([7, 7], [("/0/id", TYPE), ("/1/id", TYPE), ("/1/id", REPEATED)]),
        ([{"a": 1, "b": 2}, {"b": 2, "a": 1}], [("/0/id", TYPE), ("/1/id", TYPE), ("/1/id", REPEATED)]),
        ([True, 1, 1.5, ["a"]], [("/0/id", TYPE), ("/1/id", TYPE), ("/2/id", TYPE), ("/3/id", TYPE)]),
    ],
)
def test_ids_of_records(ids: list[Any], warnings: list[tuple[str, ErrorCode]]) -> None:
    assert found(ids) == warnings


@pytest.mark.parametrize("records", [None, {}, "x", [None, 1], [{"data": {}}]])
def test_what_the_sdk_rejects_is_no_warning(records: Any) -> None:
    assert list(record_warnings(records)) == []


@pytest.mark.parametrize(
    ("account", "messages"),
    [
        ({"email": "a@example.com", "username": None}, []),
        ({"email": None, "username": ""}, [
            "The account has no field set. Set at least one of email, username, first_name."
        ]),
        ({"user_id": 7}, ["The account's user_id must be a string, but got integer 7."]),
        ({"email": {"a": 1}, "avatar_url": False}, [
            "The account's email must be a string, but got object with 1 property.",
            "The account's avatar_url must be a string, but got boolean false.",
        ]),
        (None, []),
    ],
)  # fmt: skip
def test_fields_of_an_account(account: Any, messages: list[str]) -> None:
    assert [each.message for each in account_warnings(account)] == messages


def test_a_poll_names_the_records_whose_ids_are_not_right(do_run: Any) -> None:
    run: Run = do_run(
        'return [{"id": "a", "data": {}}, {"id": None, "data": {}}, {"id": "a", "data": {}}]', kind=Kind.TRIGGER
    )
    assert run.outcome.status is Status.SUCCEEDED
    assert (status_word(run).text, status_word(run).tone) == ("Invalid ids", "warn")
    said = "Record 1 has the id null. Return a string that belongs to this record alone."
    assert plain(headline.tell(run)) == f"Returned 3 records. {said} 1 more warning."
    document = report(run)["warnings"]
    assert [(each["code"], each["where"], each["pointer"]) for each in document] == [
        ("invalid_ids", "run", "/1/id"),
        ("record-id-empty", "output", "/1/id"),
        ("record-id-repeated", "output", "/2/id"),
    ]
    assert document[2]["message"] == 'Record 2 has the id "a", as record 0 has. Each record needs an id of its own.'


def test_an_account_without_a_field_is_no_success(make_request: Any, runner: Any, store: Any) -> None:
    request = make_request("pass")
    code = (request.root / "one.py").read_text() + (
        "\nfrom autohive_integrations_sdk import ConnectedAccountHandler, ConnectedAccountInfo\n"
        "@one.connected_account()\nclass Who(ConnectedAccountHandler):\n"
        "    async def get_account_info(self, context):\n        return ConnectedAccountInfo()\n"
    )
    (request.root / "one.py").write_text(code)
    run = runner.submit(replace(request, kind=Kind.ACCOUNT, name="account"))
    done = runner.wait(run.id, 60)
    assert done.outcome.status is Status.SUCCEEDED
    assert status_word(done).text == "Invalid account"
    assert plain(headline.tell(done)).startswith("The account has no field set. Set at least one of email, username")
