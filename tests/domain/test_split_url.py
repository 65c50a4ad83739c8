"""URLs in which anything may stand are taken apart without an exception."""

from workbench.domain import Exchange, Request, Response
from workbench.domain.split_url import split_url
from workbench.explain.http.urls import host_and_path
from workbench.fuzz.answer_changes import answer_variants
from workbench.mock.replies import recorded_requests

UNREADABLE = ("http://[::1/a", "http://a]b/", "http://\u2100.example/", "http://[host]/")


def test_a_url_that_cannot_be_read_is_a_path() -> None:
    for url in UNREADABLE:
        parts = split_url(url)
        assert (parts.scheme, parts.hostname, parts.path) == ("", None, url)
        assert host_and_path(url) == ("", url)
    assert split_url("https://api.example.com:8443/a?b#c")[:4] == ("https", "api.example.com:8443", "/a", "b")


def test_an_exchange_that_was_rejected_for_its_url_is_survived_by_what_reads_recordings() -> None:
    for url in UNREADABLE:
        rejected = Exchange(1, 1, 1, "requests", Request("GET", url), 0.0, 1.0, Response(200))
        assert len(recorded_requests([rejected])) == 1
        assert list(answer_variants([rejected]))
