"""Which rule a request gets, and what rules make of answers."""

import json
from datetime import UTC, datetime

from tests.case_tables import each_case
from workbench.answers.answer import Answer, answer_bytes, keeps_open, recorded_answer
from workbench.answers.masks import SecretFill
from workbench.answers.rule_answers import LONG_TEXT, changed_answer, own_answer
from workbench.answers.rules import RuleBook, matches
from workbench.domain import (
    Exchange,
    ExchangeError,
    FailureKind,
    Replacement,
    Request,
    Response,
    Rule,
    RuleAction,
    RuleMatch,
)

URL = "https://api.example.com/v1/things?page=1&q=a%20b&q=c"


@each_case(
    ("match", "expected"),
    [
        (RuleMatch(), True),
        (RuleMatch("get", "API.example.com", "/v1/*"), True),
        (RuleMatch(host="*.example.com:443"), True),
        (RuleMatch(host="*.example.com:80"), False),
        (RuleMatch(host="example.com"), False),
        (RuleMatch(path="/v1"), False),
        (RuleMatch(path="/v1/th?ngs"), False),
        (RuleMatch("POST"), False),
        (RuleMatch(query="page=1"), True),
        (RuleMatch(query="q=c&q=a%20*&page=*"), True),
        (RuleMatch(query="page=2"), False),
        (RuleMatch(query="page=1&since=*"), False),
    ],
)
def test_what_a_rule_is_for(match: RuleMatch, expected: bool) -> None:
    assert matches(match, "GET", URL) is expected


def test_rules_count_their_own_requests_and_the_first_is_taken() -> None:
    rules = [
        Rule("second", RuleAction.FAIL, RuleMatch(path="/v1/*", nth=2)),
        Rule("later", RuleAction.DELAY, RuleMatch(after=3)),
    ]
    book = RuleBook(rules)
    assert book.concerns("https://anything.example")
    taken = []
    for _ in range(5):
        expected = book.next("GET", URL)
        taken.append(book.take("GET", URL))
        assert taken[-1] is expected
    assert [one and one.name for one in taken] == [None, "second", None, "later", "later"]


def changed(replacement: Replacement, pointer: str, body: object, value: str = "") -> object:
    rule = Rule("r", RuleAction.REPLACE, pointer=pointer, replacement=replacement, value=value)
    answer = Answer(Response(200, headers=(("Content-Encoding", "gzip"),), body=json.dumps(body).encode(), raw_size=1))
    made = changed_answer(rule, answer).response
    assert made is not None
    return json.loads(made.body)


@each_case(
    ("replacement", "pointer", "expected"),
    [
        (Replacement.NULL, "/a/0", {"a": [None, 2], "b": "x"}),
        (Replacement.NOTHING, "/a/0", {"a": [2], "b": "x"}),
        (Replacement.NOTHING, "/b", {"a": [1, 2]}),
        (Replacement.OTHER_TYPE, "/b", {"a": [1, 2], "b": 0}),
        (Replacement.OTHER_TYPE, "/a", {"a": "text", "b": "x"}),
        (Replacement.EMPTY_ARRAY, "/b", {"a": [1, 2], "b": []}),
        (Replacement.LONG_TEXT, "/b", {"a": [1, 2], "b": "x" * LONG_TEXT}),
        (Replacement.VALUE, "/new", {"a": [1, 2], "b": "x", "new": {"c": 1}}),
        (Replacement.NULL, "", None),
        (Replacement.NULL, "/missing", {"a": [1, 2], "b": "x"}),
    ],
)
def test_a_value_in_the_body(replacement: Replacement, pointer: str, expected: object) -> None:
    assert changed(replacement, pointer, {"a": [1, 2], "b": "x"}, '{"c": 1}') == expected


def test_both_forms_of_retry_after() -> None:
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    seconds = own_answer(Rule("r", RuleAction.RATE_LIMIT, seconds=30), now)
    date = own_answer(Rule("r", RuleAction.RATE_LIMIT, seconds=30, as_date=True), now)
    assert b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\n" in answer_bytes(seconds, "GET")
    assert b"Retry-After: Fri, 02 Jan 2026 03:04:35 GMT\r\n" in answer_bytes(date, "GET")


def exchange(response: Response | None, error: ExchangeError | None = None, state: str = "complete") -> Exchange:
    return Exchange(1, 1, 1, "aiohttp", Request("GET", URL), 0.0, 1.0, response, error=error, body_state=state)


def test_a_body_that_the_end_of_its_connection_ended_is_ended_so() -> None:
    answer = recorded_answer(exchange(Response(200, "OK", headers=(("X-A", "1"),), body=b"text")))
    assert (answer_bytes(answer, "GET"), keeps_open(answer)) == (b"HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\ntext", False)
    of_http_2 = recorded_answer(exchange(Response(200, "", "2", body=b"text")))
    assert keeps_open(of_http_2)
    assert b"Content-Length: 4" in answer_bytes(of_http_2, "GET")


def test_a_decoded_body_that_is_not_encoded_again_has_its_own_chunk_and_no_encoding() -> None:
    headers = (("Content-encoding", "br"), ("TRANSFER-ENCODING", "chunked"), ("X-A", "1"))
    answer = recorded_answer(exchange(Response(200, "OK", headers=headers, body=b"text", raw_size=90)))
    assert answer_bytes(answer, "GET") == (
        b"HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: chunked\r\nX-A: 1\r\n\r\n4\r\ntext\r\n0\r\n\r\n"
    )
    assert answer_bytes(answer, "HEAD").endswith(b"X-A: 1\r\n\r\n")
    assert keeps_open(answer)


def test_a_body_that_was_cut_is_cut_again() -> None:
    cut = ExchangeError("IncompleteRead", "", "receive", FailureKind.CUT)
    plain = Response(200, "OK", headers=(("Content-Length", "100"),), body=b"half")
    chunked = Response(200, "OK", headers=(("Transfer-Encoding", "chunked"),), body=b"half")
    assert answer_bytes(recorded_answer(exchange(plain, cut, "cut")), "GET").endswith(
        b"Content-Length: 100\r\n\r\nhalf"
    )
    assert answer_bytes(recorded_answer(exchange(chunked, cut, "cut")), "GET").endswith(b"chunked\r\n\r\n5\r\nhalf")
    assert not keeps_open(recorded_answer(exchange(plain, cut, "cut")))


def test_a_head_that_could_not_be_read_is_as_it_was() -> None:
    headers = (("Content-Length", "4"), ("Content-Length", "5"))
    broken = ExchangeError("ClientResponseError", "Duplicate Content-Length", "wait", FailureKind.NOT_HTTP)
    answer = recorded_answer(exchange(Response(200, "OK", headers=headers, body=b"text"), broken, "unparsed"))
    assert answer_bytes(answer, "GET") == b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\ntext"


def test_values_take_the_place_of_masks() -> None:
    fill = SecretFill({"key": "s3cret"}.get)
    response = Response(
        200, headers=(("Set-Cookie", "a=‹cookie a›"),), body='{"t": "‹access_token›", "k": "‹key›"}'.encode()
    )
    made = fill.response(response)
    assert made.headers == (("Set-Cookie", "a=made-up-cookie-a"),)
    assert json.loads(made.body) == {"t": "made-up-access_token", "k": "s3cret"}
    assert fill.made_up == {"cookie a": "made-up-cookie-a", "access_token": "made-up-access_token"}
