"""The secret path of the pages: a cookie without it is worth nothing, and no other server gets the cookie."""

import pytest

from tests.web.security.test_request_guards import assert_headers, nothing_happened, routes, some_routes

PATH = "/w-a-secret-path"


@pytest.fixture
def site(make_site, greeter, runner):
    """A site below a secret path."""
    return make_site(greeter, runner=runner, session_path=PATH)


@pytest.fixture
def cookie(site):
    """The cookie of a browser that signed in."""
    client = site.outside()
    response = client.get(f"{PATH}/?token={site.token}", base_url=site.url)
    assert (response.status_code, response.headers["Location"]) == (303, f"{PATH}/")
    found = client.get_cookie(f"workbench-{site.port}", domain="127.0.0.1", path=PATH)
    assert found is not None
    assert found.path == PATH
    return found


@pytest.mark.parametrize("prefix", ["", "/w-", "/w-a-secret-pat", "/w-a-secret-pathx", "/W-A-SECRET-PATH", "/x"])
def test_a_stolen_cookie_opens_nothing_without_the_path(site, step, cookie, prefix):
    for method, path in [*some_routes(site, step, not prefix), ("GET", "/no/such/page")]:
        client = site.outside()
        client.set_cookie(cookie.key, cookie.value, domain="127.0.0.1")
        response = client.open(prefix + path, method=method, base_url=site.url)
        assert response.status_code == 401, (method, path)
        assert_headers(response)
        assert PATH not in response.text + str(response.headers)
        assert "greeter" not in response.text.lower()
    assert nothing_happened(site)


def test_the_launch_link_is_not_spent_without_the_path(site):
    assert site.outside().get(f"/?token={site.token}", base_url=site.url).status_code == 401
    assert site.outside().get(f"{PATH}/?token={site.token}", base_url=site.url).status_code == 303


def test_every_address_on_a_page_has_the_path(site, cookie):
    client = site.outside()
    client.set_cookie(cookie.key, cookie.value, domain="127.0.0.1", path=PATH)
    for method, path in routes(site):
        if method == "GET" and not path.startswith("/static"):
            response = client.get(PATH + path, base_url=site.url)
            text = response.text + response.headers.get("Location", "")
            assert response.status_code < 400 or response.status_code in (400, 404, 503), path
            for mark in ('href="/', 'src="/', 'action="/', 'hx-get="/', 'hx-post="/', 'data-events="/'):
                for rest in text.split(mark)[1:]:
                    assert rest.startswith(PATH[1:]), (path, mark + rest[:80])
