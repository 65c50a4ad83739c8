"""Answers of a live server as they go on to a library, however their bytes are cut into pieces."""

import gzip
import json

import pytest

from workbench.answers.rule_answers import changed_answer
from workbench.domain import FailureKind, Replacement, Rule, RuleAction
from workbench.worker.peer.network import live_answer
from workbench.worker.peer.network.live_answer import Change, LiveAnswer

HEAD = b"HTTP/1.1 200 Fine\r\nX-Own: a\r\n"
SIZED = HEAD + b"Content-Length: 5\r\n\r\nhello"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrail: er\r\n\r\n"
TO_THE_END = b"HTTP/1.0 200 OK\r\n\r\nhello"
EMPTY = b"HTTP/1.1 204 None\r\n\r\n"
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + SIZED
ENDLESS = HEAD + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\nhello"
NO_HTTP = b"220 ready\r\n\r\nmore"
WHOLE = {
    "sized": SIZED,
    "chunked": CHUNKED,
    "to the end": TO_THE_END,
    "empty": EMPTY,
    "early": EARLY,
    "no": NO_HTTP,
    "9": ENDLESS,
}
JSON = b'{"id": 1}'


def passed(answer: LiveAnswer, data: bytes, size: int = 1) -> bytes:
    """What the library gets, where the server's bytes come in pieces of that size and then end."""
    pieces = [answer.feed(data[at : at + size]) for at in range(0, len(data), size)]
    return b"".join(pieces) + answer.end()


def changes(action: RuleAction, **more: object) -> Change:
    rule = Rule("r", action, **more)
    return Change(rule, lambda answer: changed_answer(rule, answer))


def test_an_answer_without_a_change_passes_byte_for_byte() -> None:
    for size in (1, 7, 1000):
        for name, data in WHOLE.items():
            assert (name, passed(LiveAnswer("GET", Change()), data, size)) == (name, data)
    for data, is_over, keeps_open in ((SIZED, True, True), (CHUNKED, True, True), (TO_THE_END, False, False)):
        answer = LiveAnswer("GET", Change())
        answer.feed(data)
        assert (answer.is_over, answer.keeps_open) == (is_over, keeps_open)


def test_the_end_is_known_by_the_method_and_a_word_that_was_said_is_not_repeated() -> None:
    answer = LiveAnswer("HEAD", Change())
    head = HEAD + b"Content-Length: 5\r\n\r\n"
    assert (answer.feed(head), answer.is_over) == (head, True)
    waited = LiveAnswer("PUT", Change(), drops_continue=True)
    assert passed(waited, b"HTTP/1.1 100 Continue\r\n\r\n" + SIZED) == SIZED


def test_an_answer_says_that_its_connection_ends_where_it_does() -> None:
    for name, data in {"sized": SIZED, "chunked": CHUNKED, "early": EARLY}.items():
        kept = data.replace(b"X-Own", b"Connection: keep-alive\r\nX-Own")
        answer = LiveAnswer("GET", Change(), closes=True)
        passed_on = passed(answer, kept, 7)
        assert (name, passed_on.lower().count(b"connection: ")) == (name, 1)
        assert b"\r\nConnection: close\r\n" in passed_on
        assert (name, answer.is_over, answer.keeps_open) == (name, True, False)


def test_a_connection_that_goes_over_to_another_protocol_does_not_say_that_it_ends() -> None:
    switched = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x02hi"
    for closes in (False, True):
        answer = LiveAnswer("GET", Change(), closes=closes)
        assert (passed(answer, switched, 7), answer.failure) == (switched, None)


@pytest.mark.parametrize("size", [1, 1000])
def test_a_body_is_cut_in_whichever_way_it_is_framed(size: int) -> None:
    for name, data in {"sized": SIZED, "chunked": CHUNKED, "to the end": TO_THE_END}.items():
        for most in (0, 2, 5, 9):
            answer = LiveAnswer("GET", changes(RuleAction.TRUNCATE, length=most))
            head, _, body = passed(answer, data, size).partition(b"\r\n\r\n")
            text = b"".join(body.split(b"\r\n")[1::2]) if b"chunked" in head else body
            assert (name, most, text) == (name, most, b"hello"[:most])
            assert answer.failure is not None
            assert (answer.failure.kind, answer.keeps_open, b"0\r\n\r\n" in body) == (FailureKind.CUT, False, False)
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 1_000)
            assert length > len(text)


@pytest.mark.parametrize("size", [1, 1000])
def test_a_value_is_replaced_in_whichever_way_the_body_is_framed_and_packed(size: int) -> None:
    packed = gzip.compress(JSON, mtime=0)
    chunks = b"4\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (packed[:4], len(packed) - 4, packed[4:])
    ways = {
        "plain": b"Content-Length: 9\r\n\r\n" + JSON,
        "packed": b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed,
        "chunked": b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
        "to the end": b"\r\n" + JSON,
    }
    for name, rest in ways.items():
        change = changes(RuleAction.REPLACE, pointer="/id", replacement=Replacement.NULL)
        head, _, body = passed(LiveAnswer("GET", change), HEAD + rest, size).partition(b"\r\n\r\n")
        assert (name, json.loads(body)) == (name, {"id": None})
        assert b"Content-Length: %d" % len(body) in head
        assert (b"X-Own: a" in head, b"gzip" in head, b"chunked" in head) == (True, False, False)


def test_what_cannot_be_changed_goes_on_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    change = changes(RuleAction.REPLACE, pointer="/id", replacement=Replacement.NULL)
    cut = HEAD + b"Content-Length: 9\r\n\r\n{"
    broken = HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
    for data in (SIZED, CHUNKED, EMPTY, cut, broken, NO_HTTP, HEAD + b"Content-Length: 0\r\n\r\n"):
        assert passed(LiveAnswer("GET", change), data) == data
    for size in (1, 1000):
        no_chunks = HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n-5\r\nhello world"
        for one in (Change(), change):
            answer = LiveAnswer("GET", one)
            assert (passed(answer, no_chunks, size), answer.keeps_open) == (no_chunks, False)
        answer = LiveAnswer("GET", changes(RuleAction.TRUNCATE, length=3))
        assert b"hello" not in passed(answer, no_chunks, size)
        assert (answer.is_over, answer.keeps_open, answer.failure is not None) == (True, False, True)
    monkeypatch.setattr(live_answer, "LARGEST_CHANGE", 4)
    noted: list[str] = []
    for data in (SIZED, CHUNKED):
        change = Change(change.rule, change.changed, lambda: noted.append("too long"))
        assert passed(LiveAnswer("GET", change), data, 1) == data
    assert noted == ["too long"] * 2
