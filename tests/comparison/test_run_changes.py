"""Two runs compared, in values and in a sentence."""

from tests.case_tables import each_case
from tests.comparison.conftest import exchange, run_of
from workbench.comparison import ExchangePart, compare
from workbench.domain import ErrorInfo, Output, Side, Status, ValidationError
from workbench.explain.documents.comparison_report import comparison_report
from workbench.explain.run_comparison import tell
from workbench.explain.text import plain

A = "https://api.example.com/v1"


def error(pointer: str) -> ValidationError:
    return ValidationError(Side.OUTPUT, pointer, "/type", "type", "must be a string")


def said(first, second) -> str:
    return plain(tell(compare(first, second)))


def test_the_sentence_of_a_fix() -> None:
    before = run_of(
        1,
        {"entries": [1, None]},
        exchange(1, f"{A}/items"),
        exchange(2, f"{A}/items/7"),
        status=Status.INVALID_OUTPUT,
        errors=(error("/entries/3/published"),),
        left_at=1.14,
    )
    after = run_of(2, {"entries": [1, "x"]}, exchange(1, f"{A}/items"))
    assert said(before, after) == (
        "Was rejected at /entries/3/published, is valid now; 1 value of the result differs; one request fewer; "
        "40 ms faster."
    )
    assert said(after, before) == (
        "Was valid, is rejected at /entries/3/published now; 1 value of the result differs; one request more; "
        "40 ms slower."
    )


@each_case(
    ("first", "second", "words"),
    [
        (run_of(1, {"a": 1}), run_of(2, {"a": 1}), "Nothing differs."),
        (
            run_of(1, {"at": "2026-11-26T10:00:00Z"}),
            run_of(2, {"at": "2026-11-26T10:00:09Z"}),
            "Nothing differs except values that change with each run.",
        ),
        (run_of(1, inputs={"n": 1}), run_of(2, inputs={"n": 2}), "1 value of the inputs differs."),
        (
            run_of(1, status=Status.FAILED, error=ErrorInfo("KeyError", "'a'")),
            run_of(2, status=Status.FAILED, error=ErrorInfo("builtins.ValueError", "no")),
            "Failed with KeyError, fails with ValueError now.",
        ),
        (run_of(1, status=Status.TIMED_OUT), run_of(2), "Timed out, succeeds now."),
        (
            run_of(1, output=(Output(1.0, "stdout", "one\ntwo\n"),)),
            run_of(2, output=(Output(1.0, "stdout", "one\n"), Output(1.0, "log", "three"))),
            "2 lines of output differ.",
        ),
        (
            run_of(1, status=Status.INVALID_OUTPUT, errors=(error("/a"), error("/b"))),
            run_of(2, status=Status.INVALID_OUTPUT, errors=(error("/b"), error("/c"), error("/d"))),
            "Was rejected at /a, is rejected at /c and 1 other place now.",
        ),
        (
            run_of(1, status=Status.INVALID_OUTPUT, errors=(error("/a"),)),
            run_of(2, status=Status.INVALID_OUTPUT, errors=(error("/a"), error("/b"))),
            "1 more error at /b.",
        ),
    ],
)
def test_the_sentences(first, second, words) -> None:
    assert said(first, second) == words
    assert comparison_report(compare(first, second))["sentence"] == words


def test_exchanges_are_aligned_by_their_requests() -> None:
    first = run_of(
        1,
        None,
        exchange(1, f"{A}/token", b'{"ok": true}'),
        exchange(2, f"{A}/items/17?since=1", b'{"rows": [1, 2]}', headers=[("Date", "Thu, 26 Nov 2026 22:08:00 GMT")]),
        exchange(3, f"{A}/gone"),
    )
    second = run_of(
        2,
        None,
        exchange(1, f"{A}/items/18?since=2", b'{"rows": [1, 3]}', headers=[("Date", "Thu, 26 Nov 2026 22:09:00 GMT")]),
        exchange(2, f"{A}/token", b'{"ok": true}'),
        exchange(3, f"{A}/items", method="POST", sent=b'{"a": 1}'),
    )
    pairs = compare(first, second).exchanges
    assert [(one.first and one.first.id, one.second and one.second.id) for one in pairs] == [
        (2, 1),
        (1, 2),
        (3, None),
        (None, 3),
    ]
    [changed] = [one for one in pairs if one.first and one.second and one.differs]
    told = {part.part: [change.pointer for change in part.changes.changes] for part in changed.parts}
    assert told == {
        ExchangePart.URL: ["/address", "/query/since"],
        ExchangePart.RESPONSE_HEADERS: [],
        ExchangePart.RESPONSE_BODY: ["/rows/1"],
    }
    assert said(first, second) == "1 other request; 1 exchange differs."


def test_headers_that_follow_from_the_body_are_noise() -> None:
    lengths = [exchange(1, A, headers=[("Content-Length", str(size)), ("X-Kind", "a")]) for size in (2, 3)]
    [pair] = compare(run_of(1, None, lengths[0]), run_of(2, None, lengths[1])).exchanges
    assert not pair.differs
    assert [one.pointer for one in pair.parts[0].changes.noise] == ["/content-length"]
