"""What a URL and headers say, read apart below them: parameters, cookies, links, limits, the times of tokens."""

import base64
import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from workbench.domain import Headers, Response, Status
from workbench.events.token_times import token_times
from workbench.explain import headline
from workbench.explain.http import message_readings
from workbench.explain.text import long_span, plain
from workbench.history import read_run, write_run

AT = 1_790_000_000.0


def jwt(**claims: Any) -> str:
    parts = (json.dumps({"alg": "HS256"}), json.dumps({"sub": "the-subject", **claims}))
    return ".".join([*(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts), "c2lnbmF0dXJl"])


def test_the_times_of_a_token_are_all_that_is_read_of_it() -> None:
    assert token_times(jwt(iat=1, exp=2.5)) == (1, 2.5)
    assert token_times(jwt()) == token_times("a.b.c") == token_times("e30.e30.x") == (None, None)
    assert token_times(f"e30.{jwt(iat=1).partition('.')[2]}") == (None, None), "its head names no algorithm"
    assert token_times(jwt(exp="1", iat=True)) == token_times(jwt(exp=1e300, iat=-5)) == (None, None)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Retry-After": "120"}, "Retry-After: in 2 min."),
        ({"Retry-After": "0"}, "Retry-After: now."),
        ({"retry-after": "Mon, 21 Sep 2026 14:14:20 GMT"}, "Retry-After: in 1 min."),
        ({"Retry-After": "soon"}, ""),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "60", "X-RateLimit-Reset": str(int(AT) + 95)},
         "Rate limit: 0 of 60 requests left, reset in 1 min 35 s."),
        ({"RateLimit-Remaining": "5", "RateLimit-Reset": "7200"}, "Rate limit: 5 requests left, reset in 2 h."),
        ({"X-Rate-Limit-Remaining": "1", "X-Rate-Limit-Limit": "1", "X-Rate-Limit-Reset": "1790000060000"},
         "Rate limit: 1 of 1 request left, reset in 1 min."),
        ({"X-RateLimit-Remaining": "many"}, ""),
    ],
)  # fmt: skip
def test_limits_are_said_in_words(headers: dict[str, str], said: str) -> None:
    assert " ".join(message_readings.limits(Response(429, headers=tuple(headers.items())), AT)) == said


def test_long_times_have_large_units() -> None:
    assert [long_span(each) for each in (0.2, 42.4, 95, 3_000, 7_500, 86_400 * 14)] == [
        "200 ms", "42 s", "1 min 35 s", "50 min", "2 h 5 min", "14 days",
    ]  # fmt: skip


def test_parameters_cookies_and_links_are_tables(client: FlaskClient, tell: Any) -> None:
    sent: Headers = (("Cookie", "sid=s3cret-value; b"), ("Accept", "*/*"))
    received: Headers = (
        ("Set-Cookie", "sid=new-session-1; Max-Age=7200; HttpOnly; Expires=Wed, 21 Oct 2026 07:28:00 GMT"),
        ("Link", '<https://h/?page=2>; rel="next", <https://h/?page=9>; title="x"; rel=last'),
    )
    story = tell().started().exchange(
        url="https://h/v1?q=a%20b&q=%C3%A9&key=s3cret-value&empty=#f", request_headers=sent, headers=received,
        trailers=(("x-last", "s3cret-value"),),
    )  # fmt: skip
    run = story.finished(Status.SUCCEEDED).run.id
    page = BeautifulSoup(client.get(f"/runs/{run}?tab=http").text, "html.parser")
    tables = {str(each["id"]): [one.text for one in each.select("dt, dd")] for each in page.select("details.reading")}
    assert tables["request-query-parameters"] == ["q", "a b", "q", "é", "key", "api_key", "empty", ""]
    assert tables["request-cookies"] == ["sid", "api_key", "b", ""]
    assert tables["response-cookies"] == [
        "sid", "cookie sid for 2 h, HttpOnly, Expires=Wed, 21 Oct 2026 07:28:00 GMT",
    ]  # fmt: skip
    assert tables["response-links"] == ["next", "https://h/?page=2", "last", "https://h/?page=9"]
    assert tables["response-trailing-metadata"] == ["x-last", "api_key"]
    assert len(page.select("#request-query-parameters .masked")) == 1


def test_a_token_that_had_expired_is_named_and_explains_a_401(client: FlaskClient, tell: Any) -> None:
    story = tell()
    created = story.run.created_at
    token = jwt(iat=created - 7_380, exp=created - 180)
    story.started().exchange(status=401, reason="Unauthorized", request_headers=(("Authorization", f"Bearer {token}"),))
    story.finished(Status.FAILED, error=story.error("HTTPError", "HTTP 401: Unauthorized"))
    text = client.get(f"/runs/{story.run.id}?tab=http").text
    assert token.split(".")[1] not in text
    note = BeautifulSoup(text, "html.parser").select_one(".header-note")
    assert note is not None
    assert note.text == "The token Authorization expired 3 min before this request. It was issued for 2 h."
    said = plain(headline.tell(story.now))
    assert "rejected with HTTP 401, and the token that it sent expired 3 min before the request" in said
    assert "Refresh the token" in said
    (masked,) = json.loads(client.get(f"/runs/{story.run.id}/export?form=json").text)["masked"]
    assert masked["expires_at"].startswith("20")
    assert read_run(write_run(story.now)).outcome.secrets == story.now.outcome.secrets
