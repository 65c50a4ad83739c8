"""Secrets that a run obtains by itself are masked like those that were given to it."""

import base64
import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from tests.case_tables import each_case
from workbench.domain import ErrorInfo, Exchange, MaskedText, Outcome, Output, Request, Response, Status
from workbench.events.obtained_secrets import MOST, named, obtained_secrets
from workbench.events.redactor import Redactor
from workbench.events.secret_values import is_searchable

TOKEN = "tok-5bd0c1a9e3f7"


def exchange(
    url: str = "https://api.example.com/",
    sent: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
    received: tuple[tuple[str, str], ...] = (),
    answer: bytes = b"",
) -> Exchange:
    request = Request("GET", url, headers=sent, body=body, size=len(body))
    response = Response(200, headers=received, body=answer, size=len(answer))
    return Exchange(1, 1, 1, "aiohttp", request, 0.0, 1.0, response, body_state="complete")


def masked(one: Exchange, **declared: str) -> Exchange:
    known = {name: secret.value for name, secret in named(obtained_secrets(one)).items()}
    return Redactor(declared).knowing(known).exchange(one)


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        (("Authorization", f"Bearer {TOKEN}"), "Bearer ‹Authorization›"),
        (("authorization", TOKEN), "‹authorization›"),
        (("Proxy-Authorization", f"Custom {TOKEN}"), "Custom ‹Proxy-Authorization›"),
        (("X-Api-Key", TOKEN), "‹X-Api-Key›"),
        (("X-Auth-Token", "abc"), "‹X-Auth-Token›"),
        (("Cookie", f"sid={TOKEN}; theme=dark"), "sid=‹cookie sid›; theme=‹cookie theme›"),
        (("DD-APPLICATION-KEY", TOKEN), "‹DD-APPLICATION-KEY›"),
        (("X-RapidAPI-Key", TOKEN), "‹X-RapidAPI-Key›"),
        (("X-CMC_PRO_API_KEY", TOKEN), "‹X-CMC_PRO_API_KEY›"),
        (("X-TrackerToken", TOKEN), "‹X-TrackerToken›"),
        (("X-Request-Id", "abc-def-ghi"), "abc-def-ghi"),
        (("Idempotency-Key", TOKEN), TOKEN),
    ],
)
def test_headers_keep_all_but_the_secret(header, shown) -> None:
    one = masked(exchange(sent=(header,)))
    assert one.request.headers == ((header[0], shown),)
    assert isinstance(one.request.headers[0][1], MaskedText) == ("‹" in shown)


def test_a_cookie_that_is_set() -> None:
    one = masked(exchange(received=(("Set-Cookie", f"sid={TOKEN}; Path=/; HttpOnly"),)))
    assert one.response.headers == (("Set-Cookie", "sid=‹cookie sid›; Path=/; HttpOnly"),)


def test_trailing_metadata() -> None:
    one = exchange(received=(("X-Seen", TOKEN),))
    one = masked(replace(one, response=replace(one.response, trailers=(("x-next-token", TOKEN),))))
    assert one.response.headers == (("X-Seen", "‹x-next-token›"),)
    assert one.response.trailers == (("x-next-token", "‹x-next-token›"),)


def test_members_of_bodies_and_parameters_of_urls() -> None:
    answer = json.dumps({"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600, "password": "abc"}).encode()
    url = f"https://a.example/?api_key={TOKEN}x&page=2&oauth_signature={TOKEN}%3D"
    one = masked(exchange(url, body=b"grant=x&client_secret=s3", answer=answer))

    assert one.request.url == "https://a.example/?api_key=‹api_key›&page=2&oauth_signature=‹oauth_signature›"
    assert one.request.body.decode() == "grant=x&client_secret=‹client_secret›"
    assert json.loads(one.response.body) == {
        "access_token": "‹access_token›", "token_type": "bearer", "expires_in": 3600, "password": "‹password›",
    }  # fmt: skip


def test_a_value_is_masked_before_and_after_the_place_where_it_appears() -> None:
    first = exchange(answer=b'{"next": "' + TOKEN.encode() + b'"}')
    second = exchange(answer=b'{"access_token": "' + TOKEN.encode() + b'"}')
    known = {name: secret.value for name, secret in named(obtained_secrets(second)).items()}
    output = (Output(0.1, "stdout", f"got {TOKEN}"),)
    shown = (
        Redactor({}).knowing(known).outcome(Outcome(result={"seen": TOKEN}, exchanges=(first, second), output=output))
    )

    assert TOKEN not in repr(shown)
    assert shown.result == {"seen": "‹access_token›"}


@each_case(
    ("said", "shown"),
    [
        ("failed with url: /x?otp=482913&user=a (refused)", "failed with url: /x?otp=‹otp›&user=a (refused)"),
        ("Max retries: 'http://h/?a=1&password=abc'", "Max retries: 'http://h/?a=1&password=‹password›'"),
        ("f'http://h/?password={password}&x'", "f'http://h/?password={password}&x'"),
        ("'http://h/?password=%s' % word", "'http://h/?password=%s' % word"),
        ("what? password=abc, otp=1", "what? password=abc, otp=1"),
    ],
)
def test_what_is_masked_in_its_place_is_masked_in_urls_that_errors_and_output_name(said: str, shown: str) -> None:
    error, output = ErrorInfo("ConnectionError", said), Output(0.1, "stdout", said)
    outcome = Outcome(status=Status.FAILED, error=error, exchanges=(exchange(),), output=(output,))
    for redactor in (Redactor({}), Redactor({"other": TOKEN})):
        masked = redactor.outcome(outcome)
        assert (masked.error.message, masked.output[0].text) == (shown, shown)


def test_a_declared_secret_keeps_its_own_name() -> None:
    one = exchange(sent=(("Authorization", f"Bearer {TOKEN}"),))
    assert masked(one, api_key=TOKEN).request.headers == (("Authorization", "Bearer ‹api_key›"),)


WORDS = ["true", "Bearer", "2024.10.1", "v1.2.3.4.5", "anonymous", "short", "2026-11-26T10:00:00Z"]


@pytest.mark.parametrize("word", WORDS)
def test_words_that_anything_may_hold_are_masked_in_their_own_place_only(word) -> None:
    one = exchange(sent=(("X-Api-Key", word),), answer=f"this is {word}".encode())
    shown = masked(one)
    assert not is_searchable(word)
    assert shown.request.headers == (("X-Api-Key", "‹X-Api-Key›"),)
    assert shown.response.body == one.response.body


def test_the_password_of_basic_credentials() -> None:
    one = exchange(sent=(("Authorization", "Basic YWRhOmxvdmVsYWNlLTE4MTU="),), answer=b"hello lovelace-1815")
    assert masked(one).response.body == "hello ‹Authorization password›".encode()


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_password_of_basic_credentials_is_read_in_one_encoding(encoding: str) -> None:
    pair = base64.b64encode("ada:lövelace-1815".encode(encoding)).decode()
    found = obtained_secrets(exchange(sent=(("Authorization", f"Basic {pair}"),)))
    assert [one.value for one in found if one.name == "Authorization password"] == ["lövelace-1815"]


@each_case("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_secrets_in_documents_of_utf_16(encoding: str) -> None:
    one = masked(exchange(answer=f'{{"access_token": "{TOKEN}", "b": "é"}}'.encode(encoding)))
    assert one.response
    assert '"access_token": "‹access_token›", "b": "é"' in one.response.body.decode(encoding)


def test_bytes_in_metadata_of_grpc_are_known_as_they_were_sent() -> None:
    value = base64.b64encode(TOKEN.encode()).decode()
    one = masked(exchange(sent=(("x-secret-bin", value),), answer=f"got {TOKEN}".encode()))
    assert one.request.headers == (("x-secret-bin", "‹x-secret-bin›"),)
    assert one.response.body == "got ‹x-secret-bin›".encode()


def test_different_values_of_one_name_are_numbered_and_limited() -> None:
    many = [exchange(sent=(("X-Api-Key", f"{TOKEN}-{number}"),)) for number in range(MOST + 5)]
    known = named(secret for one in many for secret in obtained_secrets(one))
    assert list(known)[:3] == ["X-Api-Key", "X-Api-Key 2", "X-Api-Key 3"]
    assert len(known) == MOST


def test_a_list_of_tokens_leaves_room_for_the_one_that_is_sent() -> None:
    many = json.dumps([{"access_token": f"{TOKEN}-{number}"} for number in range(MOST + 5)]).encode()
    run = [exchange(answer=many), exchange(sent=(("Authorization", f"Bearer {TOKEN}"),))]
    known = named(secret for one in run for secret in obtained_secrets(one))
    assert (len(known), known["Authorization"].value) == (MOST + 1, TOKEN)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            f'{{"next": "https://h/?access_token={TOKEN}", "n": [1]}}',
            '{"next": "https://h/?access_token=‹access_token›", "n": [1]}',
        ),
        (
            f'{{"text": "{{\\"u\\": \\"?access_token={TOKEN}\\"}}"}}',
            '{"text": "{\\"u\\": \\"?access_token=‹access_token›\\"}"}',
        ),
        (f'<a href="?access_token={TOKEN}">x y</a>', '<a href="?access_token=‹access_token›">x y</a>'),
        (f"<next>https://h/?access_token={TOKEN}</next>", "<next>https://h/?access_token=‹access_token›</next>"),
        (f'password={TOKEN}"<x&a=1', "password=‹password›&a=1"),
    ],
)
def test_a_parameter_ends_with_the_string_or_element_that_it_stands_in(body: str, shown: str) -> None:
    one = masked(exchange(answer=body.encode()))
    assert one.response
    assert one.response.body.decode() == shown


T = TOKEN


@each_case(
    ("body", "shown"),
    [
        (
            f"<s:Body><wsse:Password Type='x'>{T}</wsse:Password></s:Body>",
            "Type='x'>‹Password›</wsse:Password></s:Body>",
        ),
        (f"<AccessToken><![CDATA[{T}]]></AccessToken>", "<![CDATA[‹AccessToken›]]></AccessToken>"),
        (f"<SessionToken>{T}</SessionToken><n/>", "<SessionToken>‹SessionToken›</SessionToken><n/>"),
        (f'<login user="ada" password="{T}"/>', '<login user="ada" password="‹password›"/>'),
        (f'<input type="hidden" name="csrf_token" value="{T}">', 'name="csrf_token" value="‹csrf_token›">'),
        (f"<meta name='csrf-token' content='{T}'/>", "content='‹csrf-token›'/>"),
        (
            f'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n{T}\r\n--b--',
            'form-data; name="password"\r\n\r\n‹password›\r\n--b--',
        ),
        (
            f'form-data; name="api_key"; filename="k"\r\nContent-Type: text/plain\r\n\r\n{T}\r\n--b',
            "Content-Type: text/plain\r\n\r\n‹api_key›\r\n--b",
        ),
        (
            json.dumps({"query": f'mutation {{ login(user: "a", password: "{T}") {{ id }} }}'}),
            'password: \\"‹password›\\") { id } }"}',
        ),
        (
            json.dumps({"sent": json.dumps({"access_token": f'{T}"x', "n": 1})}),
            '{"sent": "{\\"access_token\\": \\"‹access_token›\\", \\"n\\": 1}"}',
        ),
        (
            json.dumps({"sent": json.dumps({"access_token": f"{T}\\", "n": 1})}),
            '{"sent": "{\\"access_token\\": \\"‹access_token›\\", \\"n\\": 1}"}',
        ),
        (f"<AccessToken>]{T}</AccessToken>", "<AccessToken>‹AccessToken›</AccessToken>"),
        (json.dumps({"token": T, "b": {"token": "page 2"}}), '{"token": "‹token›", "b": {"token": "page 2"}}'),
        (f'{{"url": "https://ada:{T}@h.example/x"}}', '{"url": "https://ada:‹password›@h.example/x"}'),
        (
            f"oauth_token=8-chars!&oauth_token_secret={T}",
            "oauth_token=‹oauth_token›&oauth_token_secret=‹oauth_token_secret›",
        ),
        (f"grant_type=urn:x&assertion={T}", "grant_type=urn:x&assertion=‹assertion›"),
        (json.dumps({"device_code": T, "interval": 5}), '{"device_code": "‹device_code›", "interval": 5}'),
        (
            f'{{"url": "https://h/?X-Amz-Signature={T}&X-Amz-Date=1"}}',
            "?X-Amz-Signature=‹X-Amz-Signature›&X-Amz-Date=1",
        ),
    ],
)
def test_secrets_in_documents_of_each_kind(body: str, shown: str) -> None:
    one = masked(exchange(answer=body.encode()))
    assert one.response
    text = one.response.body.decode()
    assert text.endswith(shown) or shown in text, text
    assert TOKEN not in text


def test_a_place_that_two_rules_find_has_one_mask_under_the_name_of_its_member() -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"
    url, body = f"https://h/?access_token={token}", f'{{"access_token": "{token}"}}'.encode()
    one = Redactor({}).exchange(exchange(url, (("X-Next", url),), body))
    assert one.request.url == one.request.headers[0][1] == "https://h/?access_token=‹access_token›"
    assert one.request.body == '{"access_token": "‹access_token›"}'.encode()


def test_secrets_in_addresses_that_headers_hold() -> None:
    address = f"https://app.example/cb#access_token={TOKEN}&state=1"
    one = masked(exchange(received=(("Location", address),)))
    assert one.response.headers == (("Location", "https://app.example/cb#access_token=‹access_token›&state=1"),)
    (found,) = obtained_secrets(exchange(received=(("Location", address),)))
    assert (found.name, found.value) == ("access_token", TOKEN)


def test_a_declared_secret_stays_under_its_own_name_where_a_cookie_holds_it_in_another_encoding() -> None:
    """A replay would name it by the other name, and so find no request that is equal."""
    key = 'p)%+$:"é-Zq7'
    declared = Redactor({"api_key": key})
    for value in (key, quote(key, safe=""), base64.b64encode(key.encode()).decode()):
        knowing = declared.knowing({"cookie sess": value, "other": TOKEN})
        assert knowing.text(f"a {value} b {key} {TOKEN}") == "a ‹api_key› b ‹api_key› ‹other›"


def test_many_known_secrets_in_their_own_places_take_time_in_proportion() -> None:
    body = b"[" + b",".join([b'{"api_key": "%b", "password": "x"}' % TOKEN.encode()] * 20_000) + b"]"
    masked = Redactor({"mine": TOKEN}).data(body, is_body=True)
    assert (masked.count("‹mine›".encode()), masked.count("‹password›".encode())) == (20_000, 20_000)
