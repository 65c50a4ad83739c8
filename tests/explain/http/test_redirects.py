"""Which redirect an exchange follows, and what of its request changed."""

from workbench.domain import Exchange, Headers, Request, Response
from workbench.explain.http.redirects import find_redirects

KEY: Headers = (("authorization", "Bearer k"), ("Accept", "*/*"))


def exchange(
    number: int, status: int, *, method: str = "GET", host: str = "a.example", headers: Headers = KEY, group: int = 1
) -> Exchange:
    location = (("Location", "/next"),) if status in (301, 302, 303, 307, 308) else ()
    request = Request(method, f"https://{host}/", headers=headers)
    return Exchange(number, group, number, "aiohttp", request, 0.0, 0.1, Response(status, headers=location))


def test_a_chain_is_counted_and_an_answer_ends_it() -> None:
    found = find_redirects([exchange(1, 302), exchange(2, 301), exchange(3, 503), exchange(4, 302), exchange(5, 200)])
    assert {number: one.text for number, one in found.items()} == {
        2: "redirect 1 of 2",
        3: "redirect 2 of 2",
        5: "redirect 1 of 1",
    }


def test_what_the_library_changed_is_said() -> None:
    first = exchange(1, 303, method="POST", headers=(*KEY, ("Cookie", "a=b")))
    second = exchange(2, 200, host="b.example:8443", headers=(("Accept", "*/*"),))
    (redirect,) = find_redirects([first, second]).values()
    assert redirect.changes == (
        "POST became GET",
        "Authorization was not sent to b.example:8443",
        "Cookie was not sent to b.example:8443",
    )


def test_other_calls_and_other_statuses_are_no_redirect() -> None:
    not_modified = exchange(1, 304)
    assert find_redirects([not_modified, exchange(2, 200)]) == {}
    assert find_redirects([exchange(1, 302), exchange(2, 200, group=2)]) == {}
    assert find_redirects([]) == {}
