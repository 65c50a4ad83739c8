"""Which recorded exchange answers a request, and what is said where none does."""

import gzip

import pytest

from workbench.answers import comparison
from workbench.answers.masked_noise import masked_noise
from workbench.answers.messages import unmatched_message
from workbench.answers.recording import Recording
from workbench.domain import (
    Exchange,
    ExchangeError,
    FailureKind,
    Noise,
    NoiseKind,
    NoisePlace,
    Request,
    RequestPart,
    Response,
    Unmatched,
)

PACKED = ("Content-Encoding", "gzip")
JSON = (("Content-Type", "application/json"),)
FORM = (("content-type", "application/x-www-form-urlencoded"),)


def sent(
    url: str = "https://api.example/things", method: str = "GET", body: bytes = b"", headers=(), **more
) -> Request:
    return Request(method, url, headers=headers, body=body, size=len(body), **more)


def exchange(number: int, request: Request, error: ExchangeError | None = None) -> Exchange:
    response = None if error else Response(200, body=b"%d" % number)
    return Exchange(number, number, 1, "aiohttp", request, 0.0, 1.0, response, error=error, body_state="complete")


def taken(recorded: list[Request], *asked: Request, noise: tuple[Noise, ...] = ()) -> list[int | Unmatched]:
    recording = Recording([exchange(number, one) for number, one in enumerate(recorded, 1)], noise)
    found = [recording.take(one) for one in asked]
    return [one.id if isinstance(one, Exchange) else one for one in found]


def multipart(boundary: str, end: str = "\r\n", cut: int | None = None) -> Request:
    head = 'Content-Disposition: form-data; name="a"; filename="x.txt"'
    lines = (f"--{boundary}", head, "", "hello", f"--{boundary}--")
    body = end.join(lines).encode()[:cut]
    headers = (("Content-Type", f"multipart/form-data; boundary={boundary}"),)
    return sent(method="POST", headers=headers, body=body, cut=cut is not None)


def test_a_request_of_which_more_lines_are_to_come() -> None:
    def begun(*ids: str, cut: bool = True) -> Request:
        lines = "".join(f'{{"id": "{one}", "n": {number}}}\n' for number, one in enumerate(ids)).encode()
        return sent(method="POST", body=lines, cut=cut)

    recorded = [begun("a", cut=False), begun("a", "b", "c", cut=False)]
    assert taken(recorded, begun("a", "b"), begun("a")) == [2, 1]
    assert taken(recorded, begun("a"), begun("a")) == [1, 2]
    assert taken(recorded, begun()) == [1]
    (unmatched,) = taken(recorded[1:], begun("a", "x"))
    assert unmatched_message(unmatched).endswith('it differs in body /1/id: recorded "b", sent "x".')
    (unmatched,) = taken(recorded[1:], begun("a", "b", "c", "d"))
    assert "body /3" in unmatched_message(unmatched)
    noise = tuple(Noise(NoisePlace.BODY, f"/{place}/id", NoiseKind.ANY, exchange=2) for place in range(2))
    assert taken(recorded, begun("x"), noise=noise) == [2]
    recording = Recording([exchange(number, one) for number, one in enumerate(recorded, 1)])
    assert recording.take(begun("a", "b")).id == 2
    assert recording.departure(2, begun("a", "b", "c")) is None
    assert recording.departure(2, begun("a", "b", "c", cut=False)) is None
    assert recording.departure(2, begun("a", "b", cut=False)).differences[0].pointer == "/2"
    assert recording.departure(2, begun("a", "b", "x")).differences[0].pointer == "/2/id"


def test_a_request_that_its_library_rejected_answers_none_and_breaks_no_connection() -> None:
    rejected = exchange(1, sent(), ExchangeError("InvalidHeader", "", "request", FailureKind.INVALID_REQUEST))
    recording = Recording([rejected, exchange(2, sent())])
    assert not recording.will_not_connect(sent().url)
    assert recording.take_unconnected("GET", sent().url) is None
    assert recording.take(sent()).id == 2


@pytest.mark.parametrize(
    ("recorded", "asked"),
    [
        (sent("https://api.example/x?a=1&b=2&a=3"), sent("https://API.example:443/x?a=3&b=2&a=1")),
        (
            sent(method="POST", headers=JSON, body=b'{"a": 1, "b": [1.0]}'),
            sent(method="POST", body=b'{"b":[1],"a":1}'),
        ),
        (sent(method="POST", headers=FORM, body=b"a=1&b=x+y"), sent(method="POST", headers=FORM, body=b"b=x%20y&a=1")),
        (multipart("one"), multipart("two")),
        (multipart("one", "\n"), multipart("two", "\n")),
        (multipart("first", cut=-12), multipart("another one")),
        (
            sent(method="POST", headers=(*JSON, PACKED), body=gzip.compress(b'{"a": 1}', mtime=1)),
            sent(method="POST", headers=(*JSON, PACKED), body=b'{"a":1}'),
        ),
        (sent(method="PUT", body=b"\xff\x00"), sent(method="PUT", body=b"\xff\x00")),
        (sent(method="PUT", body=b"begin", cut=True), sent(method="PUT", body=b"beginning")),
        (sent("https://api.example/a%2Db"), sent("https://api.example/a-b")),
    ],
)
def test_equal_requests_that_are_written_differently(recorded, asked) -> None:
    assert taken([recorded], asked) == [1]


def test_no_secrets_are_looked_for_where_a_body_is_longer_than_any_recorded_one() -> None:
    looked_through = []

    def mask(request: Request) -> Request:
        looked_through.append(len(request.body))
        return request

    recording = Recording([exchange(1, sent(method="PUT", body=b"x" * 1_000, cut=True))], mask=mask)
    assert isinstance(recording.take(sent(method="POST", body=b"x" * 1_000_000)), Unmatched)
    found = recording.take(sent(method="PUT", body=b"x" * 1_000_000))
    assert isinstance(found, Exchange)
    assert max(looked_through) < 100_000


def test_a_value_that_is_compared_by_its_kind_may_be_long() -> None:
    recorded, asked = (sent(method="POST", headers=JSON, body=b'{"t": "%b"}' % (b"x" * size)) for size in (1, 100_000))
    noise = Noise(NoisePlace.BODY, "/t", NoiseKind.TEXT, exchange=1)
    assert taken([recorded], asked, noise=(noise,)) == [1]


def test_a_url_that_nobody_can_read_is_compared_as_a_text() -> None:
    for url in ("http://[::1/a", "http://a]b/", "http://\u2100.example/", "http://host:port/"):
        assert taken([sent(url)], sent(url)) == [1]
        (found,) = taken([sent(url)], sent())
        assert found.closest == 1
        assert list(masked_noise(exchange(1, sent(url)))) == []


def test_equal_requests_are_answered_in_order_and_once() -> None:
    one, other = sent(), sent("https://api.example/other")
    first, second, third, last = taken([one, other, one], one, one, other, one)
    assert (first, second, third) == (1, 3, 2)
    assert isinstance(last, Unmatched)
    assert (last.closest, last.used, last.differences) == (3, True, ())
    assert "has answered an earlier request" in unmatched_message(last)


@pytest.mark.parametrize(
    ("asked", "part", "pointer", "values"),
    [
        (sent("https://api.example/things?page=2"), RequestPart.QUERY, "/page", (None, '"2"')),
        (sent(method="HEAD"), RequestPart.METHOD, "", ("GET", "HEAD")),
        (sent("http://api.example:443/things"), RequestPart.SCHEME, "", ("https", "http")),
        (sent("https://other.example/things"), RequestPart.HOST, "", ("api.example:443", "other.example:443")),
        (sent("https://api.example/things/1"), RequestPart.PATH, "", ("/things", "/things/1")),
        (sent(body=b"x"), RequestPart.BODY, "", (None, '"x"')),
    ],
)
def test_what_differs(asked, part, pointer, values) -> None:
    (found,) = taken([sent()], asked)
    (difference,) = found.differences
    assert (found.closest, found.used) == (1, False)
    assert (difference.part, difference.pointer, (difference.recorded, difference.sent)) == (part, pointer, values)


def test_a_header_that_names_the_operation_counts_and_no_other() -> None:
    one, other = (
        sent(method="POST", headers=(("X-Amz-Target", f"DynamoDB.{name}"), ("Date", name))) for name in ("Get", "Put")
    )
    assert taken([one, other], other, one) == [2, 1]
    (found,) = taken([one], other)
    assert [(each.part, each.pointer, each.sent) for each in found.differences] == [
        (RequestPart.HEADER, "/x-amz-target", '"DynamoDB.Put"')
    ]


def test_the_closest_of_several_and_the_place_in_its_body() -> None:
    recorded = [
        sent("https://other.example/things", "POST", b'{"a": {"b/c": [1, 2]}}', JSON),
        sent("https://api.example/things", "POST", b'{"a": {"b/c": [1, 2]}, "old": 1}', JSON),
    ]
    (found,) = taken(recorded, sent("https://api.example/things", "POST", b'{"a": {"b/c": [1, 3]}, "new": 2}', JSON))
    assert found.closest == 2
    assert [(one.pointer, one.recorded, one.sent) for one in found.differences] == [
        ("/a/b~1c/1", "2", "3"),
        ("/old", "1", None),
        ("/new", None, "2"),
    ]
    assert unmatched_message(found) == (
        "The recording has no answer to POST https://api.example/things. Exchange 2 comes closest; it differs in "
        "body /a/b~1c/1: recorded 2, sent 3; body /old: recorded 1, not sent; body /new: not recorded, sent 2."
    )


def test_values_of_one_name_are_compared_as_often_as_they_stand_there() -> None:
    recorded = sent(method="POST", headers=FORM, body=b"a=1&a=2&a=2&a=3")
    (found,) = taken([recorded], sent(method="POST", headers=FORM, body=b"a=2&a=9&a=1&a=4&a=2&a=2"))
    assert [(one.pointer, one.recorded, one.sent) for one in found.differences] == [
        ("/a/3", '"3"', '"9"'),
        ("/a/4", None, '"4"'),
        ("/a/4", None, '"2"'),
    ]


def test_a_multipart_body_that_python_cannot_read_is_compared_as_a_text() -> None:
    head = b"Content-Disposition: form-data; name*" + b"9" * 5_000 + b"*=x\r\n\r\n"
    one, other = (
        sent(method="POST", headers=multipart("b").headers, body=b"--b\r\n" + head + value + b"\r\n--b--\r\n")
        for value in (b"1", b"2")
    )
    assert taken([one], one) == [1]
    (found,) = taken([one], other)
    assert [(each.part, each.pointer) for each in found.differences] == [(RequestPart.BODY, "")]


@pytest.mark.parametrize("levels", [99, 101, 900, 5000])
def test_deep_bodies_are_compared_whole_where_each_of_their_values_would_take_too_long(levels: int) -> None:
    one, same, other = (
        sent(method="POST", headers=JSON, body=b'{"a":' * levels + value + b"}" * levels)
        for value in (b"1", b"1", b"2")
    )
    assert taken([one], same) == [1]
    (found,) = taken([one], other)
    (difference,) = found.differences
    assert (difference.part, difference.pointer == "") == (RequestPart.BODY, levels > 100)
    masked = sent(method="POST", headers=JSON, body=b"[" * levels + '"‹key›"'.encode() + b"]" * levels)
    assert [noise.kind for noise in masked_noise(exchange(1, masked))] == [NoiseKind.ANY]


def test_of_requests_that_differ_as_much_one_that_has_not_answered_is_the_closest() -> None:
    first, second = (sent(f"https://api.example/things?page={page}") for page in (1, 2))
    _, found = taken([first, second], first, sent("https://api.example/things?page=3"))
    assert (found.closest, found.used) == (2, False)


def test_thousands_of_requests_that_match_nothing_are_not_all_compared(monkeypatch) -> None:
    compared = []
    known = comparison.differences
    monkeypatch.setattr("workbench.answers.recording.differences", lambda *three: compared.append(1) or known(*three))
    monkeypatch.setattr("workbench.answers.recording._MOST_EFFORT", 60)
    paths = [sent(f"https://{host}.example/{number}") for number in range(25) for host in ("other", "api")]
    found = taken(paths, *(sent(f"https://api.example/{number}?new") for number in range(25)))
    assert [one.closest for one in found] == list(range(2, 52, 2))  # one comparison each: all others differ in the path
    assert len(compared) == 25

    found = taken(paths, *(sent("https://api.example/?new") for _ in range(100)))
    assert [(one.closest, len(one.differences)) for one in found] == [(2, 2)] * 3 + [(1, 3)] * 97
    assert len(compared) - 25 == 60 + 97

    monkeypatch.setattr("workbench.answers.recording._MOST_EFFORT", 0)
    pages = [sent(f"https://api.example/{name}?page={page}") for name in "ab" for page in range(20)]
    found = taken(pages, sent("https://api.example/b?page=0"), sent("https://api.example/b?page=x"))
    assert (found[0], found[1].closest, len(found[1].differences)) == (21, 22, 1)
    recording = Recording([exchange(number, one) for number, one in enumerate(pages, 1)])
    assert recording.closest(sent("https://api.example/a?page=x")).id == 20


def test_a_tunnel_that_was_made_is_no_answer_to_a_request() -> None:
    tunnel = sent("https://api.example/", "CONNECT")
    (found,) = taken([tunnel], sent("https://api.example/"))
    assert found.closest is None


NOISE = (
    Noise(NoisePlace.QUERY, "/since", NoiseKind.DATE_TIME, 1),
    Noise(NoisePlace.BODY, "/id", NoiseKind.UUID, 1),
    Noise(NoisePlace.PATH, "1", NoiseKind.NUMBER, 1),
)
RECORDED = sent("https://api.example/v/17?since=2026-01-01T00:00:00Z&x=1", "POST", b'{"id": "a", "b": 1}', JSON)


@pytest.mark.parametrize(
    ("path", "since", "identity", "matches"),
    [
        ("18", "2027-02-03", "9f0c6c7e-3c52-4f6a-b29c-1f4f8a2f6f30", True),
        ("x", "2027-02-03", "9f0c6c7e-3c52-4f6a-b29c-1f4f8a2f6f30", False),
        ("18", "yesterday", "9f0c6c7e-3c52-4f6a-b29c-1f4f8a2f6f30", False),
        ("18", "2027-02-03", "7", False),
    ],
)
def test_noise_is_compared_by_kind(path, since, identity, matches) -> None:
    url = f"https://api.example/v/{path}?x=1&since={since}"
    asked = sent(url, "POST", b'{"id": "%s", "b": 1}' % identity.encode(), JSON)
    (found,) = taken([RECORDED], asked, noise=NOISE)
    assert (found == 1) is matches


def test_both_sides_are_compared_without_their_secrets() -> None:
    def mask(request: Request) -> Request:
        return Request(request.method, request.url.replace("s3cret", "‹key›").replace("other", "‹key›"))

    recording = Recording([exchange(1, sent("https://api.example/?key=s3cret"))], mask=mask)
    found = recording.take(sent("https://api.example/?key=other&more=1"))
    assert isinstance(found, Unmatched)
    assert "other" not in str(found)
    assert recording.take(sent("https://api.example/?key=other")).id == 1


def test_a_failure_to_connect_is_taken_before_there_is_a_body() -> None:
    refused = ExchangeError("ClientConnectorError", "refused", "connect", FailureKind.REFUSED)
    post = sent(method="POST", body=b"{}")
    recording = Recording([exchange(1, sent()), exchange(2, post, refused), exchange(3, post)])
    assert recording.take_unconnected("GET", post.url) is None
    assert not recording.will_not_connect(post.url)
    recording.take(sent())
    assert recording.will_not_connect(post.url)
    assert recording.take_unconnected("POST", post.url).id == 2
    assert recording.take_unconnected("POST", post.url) is None
    assert recording.take(post).id == 3


@pytest.mark.parametrize(
    ("recorded", "asked", "expected"),
    [
        (["https://api.example/a?page=1", "https://api.example/a?page=2"], "https://api.example/a?page=2&size=9", 2),
        (["https://api.example/a/1", "https://other.example/a/2"], "https://api.example/a/2", 1),
        (["https://api.example/a", "https://api.example/a"], "https://api.example/a", 2),
        (["https://other.example/a"], "https://api.example/a", None),
        ([], "https://api.example/a", None),
    ],
    ids=["a value more", "another host", "the last of equal ones", "no such host", "empty"],
)
def test_the_closest_response_is_of_the_same_method_and_host(
    recorded: list[str], asked: str, expected: int | None
) -> None:
    known = [exchange(number, sent(url)) for number, url in enumerate(recorded, 1)]
    failed = exchange(9, sent(asked), ExchangeError("OSError", "", "receive", FailureKind.CUT))
    recording = Recording([*known, exchange(8, sent(asked, method="POST")), failed])
    found = recording.closest(sent(asked))
    assert (found and found.id) == expected
