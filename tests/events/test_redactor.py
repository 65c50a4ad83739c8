"""No trace of a secret is left, however it was written, and nothing else is touched."""

import base64
import html
import json
import pprint
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote, unquote_plus, urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.domain import (
    AuthShape,
    Contract,
    ContractVersion,
    EnvironmentVariable,
    ErrorInfo,
    Exchange,
    Frame,
    Kind,
    Outcome,
    Output,
    ReplacedValue,
    Request,
    Response,
    Returned,
    Run,
    RunRequest,
    Side,
    Status,
    ValidationError,
)
from workbench.events.redactor import Redactor

NASTY = 'p)%>+$:"é'
MASK = "‹key›"


def basic(user: str, password: str, encoding: str = "utf-8") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode(encoding)).decode()


ENCODINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda s: s,
    "in a sentence": lambda s: f"the key {s} was refused",
    "percent, nothing safe": lambda s: quote(s, safe=""),
    "percent, slash safe": quote,
    "percent, much safe": lambda s: quote(s, safe="!$&'()*+,;=:@/?"),
    "percent, lower case": lambda s: quote(s, safe="").lower() if s == s.lower() else quote(s, safe=""),
    "percent, twice": lambda s: quote(quote(s, safe=""), safe=""),
    "form": quote_plus,
    "query": lambda s: "http://127.0.0.1/?" + urlencode({"a": "1", "key": s, "b": "2"}),
    "a plus read as a space": lambda s: s.replace("+", " "),
    "JSON": lambda s: json.dumps({"key": s}),
    "JSON, not ASCII": lambda s: json.dumps({"key": s}, ensure_ascii=False),
    "JSON in JSON": lambda s: json.dumps({"body": json.dumps({"key": s})}),
    "JSON, slashes escaped": lambda s: json.dumps(s).replace("/", "\\/"),
    "JSON in a query": lambda s: quote_plus(json.dumps({"key": s})),
    "HTML": lambda s: html.escape(s),
    "HTML, twice": lambda s: html.escape(html.escape(s)),
    "HTML, numbers": lambda s: "".join(f"&#{ord(char)};" for char in s),
    "HTML, hexadecimal": lambda s: "".join(f"&#x{ord(char):X};" for char in s),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64, after one": lambda s: base64.b64encode(b"x" + s.encode() + b"yz").decode(),
    "base64, after two": lambda s: base64.b64encode(b"xy" + s.encode() + b"z").decode(),
    "base64, for URLs": lambda s: base64.urlsafe_b64encode(b"ab" + s.encode() + b"\xff\xfe").decode(),
    "base64, for URLs, bare": lambda s: base64.urlsafe_b64encode(s.encode()).decode().rstrip("="),
    "base64 in a query": lambda s: quote_plus(base64.b64encode(s.encode()).decode()),
    "base64 of JSON": lambda s: base64.b64encode(json.dumps({"key": s}).encode()).decode(),
    "Basic": lambda s: basic("ada", s),
    "Basic, another user": lambda s: basic("ada.lovelace@example.org", s),
    "Basic, as the user": lambda s: basic(s, ""),
    "Basic, percent first": lambda s: basic(quote(s, safe=""), quote(s, safe="")),
    "hexadecimal": lambda s: s.encode().hex(),
    "repr": repr,
    "repr of bytes": lambda s: repr(s.encode()),
    "repr in a dict": lambda s: pprint.pformat({"headers": {"Authorization": f"Bearer {s}"}}, width=10_000),
    "mojibake": lambda s: s.encode().decode("latin-1"),
}
SECRETS = [
    NASTY,
    "a b+c d",
    "x\ny\tz\\",
    "'\"<&>/`{}",
    "日本語のひみつ",
    "🔑🔑🔑",
    "\\\\\\\\",
    "....",
    "%25%2525",
    "q" * 300,
    "12345678",
]


@each_case("name", ENCODINGS)
@each_case("secret", SECRETS)
def test_no_form_of_a_secret_is_left(secret: str, name: str) -> None:
    encoded = ENCODINGS[name](secret)
    masked = Redactor({"key": secret}).text(f"[{encoded}]")
    assert MASK in masked
    assert secret not in masked
    assert_nothing_left(secret, masked)


def assert_nothing_left(secret: str, masked: str) -> None:
    """However the rest is decoded, it does not give the secret."""
    readings = {masked}
    for _ in range(2):
        readings |= {decode(text) for text in readings for decode in (unquote, unquote_plus, html.unescape)}
    assert not [text for text in readings if secret in text]
    rest = "".join(char for char in masked if char.isascii() and (char.isalnum() or char in "+/"))
    for offset in range(4):
        piece = rest[offset:]
        decoded = base64.b64decode(piece[: len(piece) // 4 * 4])
        assert secret.encode() not in decoded


@each_case("name", ENCODINGS)
def test_bytes_too(name: str) -> None:
    masked = Redactor({"key": NASTY}).data(f"[{ENCODINGS[name](NASTY)}]".encode())
    assert MASK.encode() in masked
    assert NASTY.encode() not in masked


def test_bytes_that_are_latin_1_or_no_text_at_all() -> None:
    redactor = Redactor({"key": NASTY})
    assert redactor.data(b"\xff\x00" + NASTY.encode("latin-1") + b"\xfe") == b"\xff\x00" + MASK.encode() + b"\xfe"
    assert redactor.text(basic("ada", NASTY, "latin-1")) == f"Basic {MASK}"


@settings(max_examples=2 * settings().max_examples)
@given(
    secret=st.text(min_size=4, max_size=40).filter(lambda s: len(s.strip()) >= 4),
    name=st.sampled_from(sorted(ENCODINGS)),
)
@example(secret=NASTY, name="JSON")
def test_any_secret_in_any_form(secret: str, name: str) -> None:
    encoded = ENCODINGS[name](secret)
    masked = Redactor({"key": secret}).text(f"[{encoded}]")
    assert MASK in masked
    assert secret not in masked.replace(MASK, "")


@settings(max_examples=2 * settings().max_examples)
@given(text=st.text(max_size=200), secret=st.text(alphabet='aé"%+', min_size=4, max_size=6))
def test_text_without_the_secret_is_not_touched(text: str, secret: str) -> None:
    redactor = Redactor({"key": secret + "-never-in-the-text"})
    assert redactor.text(text) == text
    assert redactor.data(text.encode("utf-8", "surrogatepass")) == text.encode("utf-8", "surrogatepass")


@settings(max_examples=2 * settings().max_examples)
@given(
    cuts=st.lists(st.integers(0, 60), max_size=6), before=st.text("ab ", max_size=10), after=st.text("yz ", max_size=10)
)
def test_a_secret_across_pieces(cuts: list[int], before: str, after: str) -> None:
    whole = before + NASTY + after + NASTY
    places = sorted({0, *(min(cut, len(whole)) for cut in cuts), len(whole)})
    parts = [whole[start:end] for start, end in pairwise(places)]
    masked = Redactor({"key": NASTY}).parts(parts)
    assert len(masked) == len(parts)
    assert "".join(masked) == before + MASK + after + MASK


def test_the_beginning_of_a_secret_at_an_open_end() -> None:
    redactor = Redactor({"key": NASTY})
    assert redactor.parts([f"sent {NASTY[:6]}"], open_end=True) == [f"sent {MASK}"]
    assert redactor.parts([f"sent {NASTY[:6]}"]) == [f"sent {NASTY[:6]}"]
    assert redactor.data(f"sent {NASTY}"[:-1].encode(), open_end=True) == f"sent {MASK}".encode()


def test_the_longest_secret_names_the_place() -> None:
    redactor = Redactor({"short": "abcdef", "long": "abcdefgh"})
    assert redactor.text("abcdefgh abcdef") == "‹long› ‹short›"
    assert Redactor({"first": "same-text", "second": "same-text"}).text("same-text") == "‹first›"


def test_names_are_never_masked_in_turn() -> None:
    assert Redactor({"token": "abcd", "other": "token"}).text("abcd token") == "‹token› ‹other›"


@pytest.mark.parametrize("secret", ["1", "ab", "é!", "yes", '"+'])
def test_short_secrets_are_masked_as_whole_values_only(secret: str) -> None:
    redactor = Redactor({"key": secret})
    sentence = f"x{secret}x and 100{secret}00 say{secret}s"
    assert redactor.text(sentence) == sentence
    assert redactor.text(secret) == MASK
    assert redactor.text(f"Bearer {secret}") == f"Bearer {MASK}"
    assert redactor.text(basic("ada", secret)) == f"Basic {MASK}"
    assert redactor.text(f"?a=0&key={quote(secret)}&b=2") == f"?a=0&key={MASK}&b=2"
    assert redactor.json({"a": secret, "b": [secret, f"x{secret}"]}) == {"a": MASK, "b": [MASK, f"x{secret}"]}
    assert redactor.text(json.dumps({"a": secret})) == json.dumps({"a": MASK}, ensure_ascii=False)


@pytest.mark.parametrize("secret", ["", "  ", "\n"])
def test_nothing_is_no_secret(secret: str) -> None:
    assert Redactor({"key": secret}).text(f"a{secret}b") == f"a{secret}b"


def test_the_space_around_a_secret_is_not_needed() -> None:
    assert Redactor({"key": " abcdefg\n"}).text("Bearer abcdefg") == f"Bearer {MASK}"


def test_json_values() -> None:
    redactor = Redactor({"pin": "123456", "key": NASTY})
    value = {NASTY: [1, 123456, 123456.5, True, None, f"a{NASTY}"], "n": {"deep": [[NASTY]]}}
    assert redactor.json(value) == {MASK: [1, "‹pin›", 123456.5, True, None, f"a{MASK}"], "n": {"deep": [[MASK]]}}
    untouched = {"a": [1, "b"]}
    assert redactor.json(untouched) is untouched


def test_json_of_any_depth() -> None:
    value: object = NASTY
    for _ in range(5_000):
        value = [value]
    masked = Redactor({"key": NASTY}).json(value)
    while isinstance(masked, list):
        masked = masked[0]
    assert masked == MASK


REQUEST = RunRequest(
    integration_id="one",
    root=Path("/one"),
    entry_point="one.py",
    kind=Kind.ACTION,
    name=NASTY,
    contract=Contract(ContractVersion.V2),
    inputs={"note": f"use {NASTY}", "login": "hunter2hunter2"},
    auth={"key": NASTY, "user_name": "ada", "short": "x"},
    auth_shape=AuthShape.ENVELOPE,
    input_schema={"type": "object", "properties": {"login": {"type": "string", "format": "password"}}},
)


def test_a_whole_run() -> None:
    frame = Frame("one.py", 1, "execute", f'key = "{NASTY}"')
    error = ErrorInfo("ValueError", f"no {NASTY}", f"Traceback: {NASTY!r}", (frame,), (ErrorInfo("E", NASTY),))
    request = Request(
        "GET", f"http://h/?k={quote(NASTY)}", "1.1", (("Authorization", basic("ada", NASTY)),), NASTY.encode()
    )
    response = Response(200, "OK", "1.1", (("X-Echo", NASTY),), json.dumps({"k": NASTY}).encode(), 99, cut=True)
    outcome = Outcome(
        status=Status.FAILED,
        result={"k": NASTY},
        returned=Returned("dict", {"k": NASTY}, lossy=(ReplacedValue("/a", "str", repr(NASTY)),)),
        error=error,
        warnings=(ValidationError(Side.AUTH, "/key", "", "format", f"{NASTY} is no uri", actual=NASTY),),
        errors=(ValidationError(Side.AUTH, "/key", "", "pattern", f"{NASTY!r} does not match"),),
        exchanges=(Exchange(1, 1, 1, "aiohttp", request, 0.0, response=response, call_site=frame),),
        output=(Output(0.1, "stdout", NASTY[:4]), Output(0.2, "log", NASTY), Output(0.3, "stdout", NASTY[4:])),
        handler=frame,
        stuck_at=(frame,),
    )
    masked = Redactor.for_request(REQUEST).run(Run("1", REQUEST, 0.0, outcome))
    text = repr(replace(masked, request=replace(masked.request, name="")))
    for form in (
        NASTY,
        quote(NASTY),
        quote(NASTY, safe=""),
        json.dumps(NASTY)[1:-1],
        html.escape(NASTY),
        repr(NASTY.encode())[2:-1],
    ):
        assert form not in text
    assert "hunter2" not in text
    assert masked.request.auth == {"key": MASK, "user_name": "ada", "short": "‹short›"}
    assert masked.request.inputs == {"note": f"use {MASK}", "login": "‹login›"}
    assert masked.request.name == NASTY
    assert [item.text for item in masked.outcome.output] == [MASK, MASK]
    assert masked.outcome.exchanges[0].request.headers == (("Authorization", f"Basic {MASK}"),)
    assert masked.outcome.exchanges[0].response.size == 99


def test_metadata_environment_and_corrections_of_a_run() -> None:
    request = replace(
        REQUEST,
        auth={"alias": "acme-1", "login": "ada-1"},
        inputs={},
        metadata={"token": "t-1234", "dc": "us21"},
        environment=(EnvironmentVariable("SERVICE", "s-1234"), EnvironmentVariable("LEVEL", "l-1234")),
        secret_names=frozenset({"login"}),
        public_names=frozenset({"alias", "LEVEL"}),
    )
    outcome = Outcome(result=["acme-1", "ada-1", "t-1234", "us21", "s-1234", "l-1234"])
    masked = Redactor.for_request(request).run(Run("1", request, 0.0, outcome))
    assert masked.outcome.result == ["acme-1", "‹login›", "‹token›", "us21", "‹SERVICE›", "l-1234"]
    assert masked.request.auth == {"alias": "acme-1", "login": "‹login›"}
    assert masked.request.metadata == {"token": "‹token›", "dc": "us21"}
    assert [one.value for one in masked.request.environment] == ["‹SERVICE›", "l-1234"]


def test_a_run_without_secrets_stays_as_it_is() -> None:
    plain = replace(REQUEST, auth={"user_name": "ada"}, inputs={})
    outcome = Outcome(output=(Output(0.1, "stdout", "x"),))
    assert Redactor.for_request(plain).outcome(outcome) is outcome


def test_a_body_that_was_cut_within_a_secret() -> None:
    response = Response(200, body=b"..." + NASTY.encode()[:7], size=500, cut=True)
    exchange = Exchange(1, 1, 1, "aiohttp", Request("GET", "/"), 0.0, response=response, body_state="complete")
    masked = Redactor({"key": NASTY}).exchange(exchange)
    assert masked.response.body == b"..." + MASK.encode()


def test_texts_made_to_take_long_do_not() -> None:
    redactor = Redactor({"a": "\\\\\\\\\\\\\\\\&&&&%%%%", "b": NASTY})
    for piece in ("\\", "%25", "&amp;", "p)", "&#0000", "\\u00"):
        text = piece * (200_000 // len(piece))
        assert redactor.text(text) == text


def test_a_short_secret_is_a_whole_log_record_between_others() -> None:
    output = [Output(0.1, "log", text) for text in ("started", "q~Z", "ended", "nothing")]
    masked = Redactor({"pin": "q~Z"}).output(output)
    assert [item.text for item in masked] == ["started", "‹pin›", "ended", "nothing"]


def test_a_secret_in_two_log_records_is_masked_in_both() -> None:
    output = [Output(0.1, "log", text) for text in ("before", "sk-live-0123", "456789abc", "after")]
    masked = Redactor({"key": "sk-live-0123456789abc"}).output(output)
    assert "".join(item.text for item in masked) == "before‹key›after"
