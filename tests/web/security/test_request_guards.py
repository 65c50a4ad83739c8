"""security.md, row by row, over every route that there is."""

import logging
import re
import shutil
import socket
import threading

import pytest
from werkzeug.routing import IntegerConverter

from tests import page_servers
from workbench.resources import static_dir

SAMPLES = {
    "integration_id": "greeter", "name": "greet", "run_id": "1", "exchange": 1, "number": 1, "filename": "css/base.css",
}  # fmt: skip
STRANGE_HOSTS = [
    "evil.com",
    "localhost.evil.com",
    "127.0.0.1.nip.io",
    "127.0.0.1.nip.io:8770",
    "2130706433",
    "2130706433:8770",
    "0x7f000001:8770",
    "localhost:9999",
    "localhost",
    "127.0.0.1",
    "localhost:8770@evil.com",
    "evil.com@localhost:8770",
    "localhost:8770.evil.com",
    "localhost:8770, evil.com",
    "localhost, evil.com",
    "evil.com#localhost:8770",
    "[::1]:8770",
    "192.168.1.5:8770",
    "localhost.:8770",
    " ",
    "",
]


def routes(site):
    """Every path with every method that it takes, samples in place of its variables."""
    adapter = site.app.url_map.bind("127.0.0.1")
    for rule in site.app.url_map.iter_rules():
        numbers = {name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
        values = {name: SAMPLES.get(name, 1 if name in numbers else "result") for name in rule.arguments}
        values |= dict(rule.defaults or {})
        if "side" in values:
            values["side"] = "request"
        path = adapter.build(rule.endpoint, values)
        for method in sorted(rule.methods - {"OPTIONS"}):
            yield method, path


def some_routes(site, step, whole):
    """All of them where ``whole``, else every ninth: what rejects these requests stands in front of the routes."""
    return list(routes(site))[:: 1 if whole else step(9)]


def nothing_happened(site):
    """Whether no run was made, nothing kept, no folder opened."""
    kept = site.app.extensions["workbench"].vault.get("greeter").values
    return not site.store.list() and not kept and len(site.catalog.roots) == 1


def assert_headers(response):
    """Row 11."""
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert not [name for name, _ in response.headers if name.startswith("Access-Control-")]


def test_every_kind_of_route_is_tried(site):
    paths = {path for _, path in routes(site)}
    assert {"/", "/folders", "/integrations/greeter/actions/greet/runs", "/static/css/base.css", "/runs/1"} <= paths
    assert len(paths) > 15


@pytest.mark.parametrize("host", STRANGE_HOSTS)
def test_row_1_strange_hosts_get_nothing(site, step, host):
    inside = site.inside().client
    for method, path in [*some_routes(site, step, host == STRANGE_HOSTS[0]), ("GET", "/no/such/page"), ("BREW", "/")]:
        response = inside.open(path, method=method, headers={"Host": host}, environ_overrides={"HTTP_HOST": host})
        assert response.status_code == 400, (method, path)
        assert_headers(response)
        assert "greeter" not in response.text.lower()
        assert "Set-Cookie" not in response.headers
    assert nothing_happened(site)


def test_row_1_the_launch_link_under_a_strange_host_is_not_spent(site):
    client = site.outside()
    assert client.get(f"/?token={site.token}", environ_overrides={"HTTP_HOST": "evil.com:8770"}).status_code == 400
    assert client.get(f"/?token={site.token}", base_url=site.url).status_code == 303


@pytest.mark.parametrize("host", ["localhost:8770", "127.0.0.1:8770", "LocalHost:8770"])
def test_row_2_own_hosts_work(site, host):
    client = site.app.test_client()
    assert client.get(f"/?token={site.token}", base_url=f"http://{host}").status_code == 303
    assert client.get("/", base_url=f"http://{host}").status_code == 200


@pytest.mark.parametrize(
    ("bound", "host", "status"),
    [
        ("::1", "[::1]:8770", 401),
        ("::1", "localhost:8770", 401),
        ("::1", "127.0.0.1:8770", 400),
        ("0.0.0.0", "192.168.1.5:8770", 401),
        ("0.0.0.0", "[fe80::1]:8770", 401),
        ("0.0.0.0", "evil.com:8770", 400),
        ("0.0.0.0", "2130706433:8770", 400),
        ("0.0.0.0", "fe80::1:8770", 400),
        ("192.168.1.5", "192.168.1.5:8770", 401),
        ("192.168.1.5", "192.168.1.6:8770", 400),
    ],
)
def test_row_2_the_names_follow_the_address_that_is_bound(make_site, greeter, runner, bound, host, status):
    client = make_site(greeter, runner=runner, host=bound).app.test_client()
    assert client.get("/", environ_overrides={"HTTP_HOST": host}).status_code == status


def test_row_2_on_port_80_the_port_may_be_left_out():
    from workbench.web.security.allowed_hosts import AllowedHosts

    allowed = AllowedHosts("127.0.0.1", 80)
    assert allowed.admits("localhost")
    assert allowed.admits("localhost:80")
    assert not allowed.admits("localhost:8770")
    assert not allowed.admits("evil.com")


@pytest.mark.parametrize("cookie", [None, "rubbish", "eyJpbnNpZGUiOnRydWV9.aaaa.bbbb"])
def test_row_3_nothing_without_the_cookie(site, step, cookie):
    for method, path in [*some_routes(site, step, cookie is None), ("GET", "/no/such/page")]:
        client = site.outside()
        if cookie:
            client.set_cookie(f"workbench-{site.port}", cookie, domain="127.0.0.1")
        response = client.open(path, method=method, base_url=site.url)
        assert response.status_code == 401, (method, path)
        assert_headers(response)
        if method != "HEAD":
            assert "terminal" in response.text
            assert "launch link" in response.text or "token=" in response.text
        assert "greeter" not in response.text.lower()
    assert nothing_happened(site)


def test_row_3_a_cookie_of_another_start_is_worth_nothing(make_site, greeter, runner):
    old, new = make_site(greeter, runner=runner), make_site(greeter, runner=runner)
    client = old.outside()
    client.get(f"/?token={old.token}", base_url=old.url)
    cookie = client.get_cookie(f"workbench-{old.port}", domain="127.0.0.1")
    other = new.outside()
    other.set_cookie(cookie.key, cookie.value, domain="127.0.0.1")
    assert other.get("/", base_url=new.url).status_code == 401


@pytest.mark.parametrize(
    "origin",
    ["http://evil.com", "null", "http://localhost:3000", "http://localhost:8770", "https://127.0.0.1:8770", ""],
)
def test_row_4_other_origins_change_nothing(site, step, origin):
    visitor = site.inside()
    for method, path in some_routes(site, step, origin == "http://evil.com"):
        if method == "POST":
            assert visitor.post(path, headers={"Origin": origin}).status_code == 403, path
    assert nothing_happened(site)


@pytest.mark.parametrize("relation", ["cross-site", "same-site"])
def test_row_5_other_sites_change_nothing(site, step, relation):
    visitor = site.inside()
    for method, path in some_routes(site, step, relation == "cross-site"):
        if method == "POST":
            assert visitor.post(path, headers={"Sec-Fetch-Site": relation}).status_code == 403, path
    assert nothing_happened(site)


@pytest.mark.parametrize("relation", ["cross-site", "same-site"])
def test_row_5_other_sites_load_no_part_but_a_link_may_lead_here(site, relation):
    visitor = site.inside()
    embedded = {"Sec-Fetch-Site": relation, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}
    framed = {"Sec-Fetch-Site": relation, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    followed = {"Sec-Fetch-Site": relation, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert visitor.get("/static/css/base.css", headers=embedded).status_code == 403
    assert visitor.get("/", headers=framed).status_code == 403
    assert visitor.get("/", headers=followed).status_code == 200


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_row_6_no_change_without_the_csrf_token(site, step, token):
    client = site.inside().client
    for method, path in some_routes(site, step, token is None):
        if method == "POST":
            data = {} if token is None else {"csrf_token": token}
            response = client.post(path, base_url=site.url, data=data, headers={"Origin": site.url})
            assert response.status_code == 403, path
            response = client.post(path, base_url=site.url, headers={"X-CSRFToken": token or ""})
            assert response.status_code == 403, path
    assert nothing_happened(site)


def test_row_6_the_token_in_the_header_is_enough(site):
    visitor = site.inside()
    headers = {"X-CSRFToken": visitor.csrf, "HX-Request": "true"}
    response = visitor.client.post(
        "/integrations/greeter/actions/greet/payload", base_url=site.url, headers=headers, data={"inputs.nothing": "1"}
    )
    assert response.status_code == 200


def test_row_7_reading_changes_nothing(site):
    visitor, posts = site.inside(), 0
    reads = {path for method, path in routes(site) if method == "GET"}
    for method, path in routes(site):
        if method == "POST" and path not in reads:
            posts += 1
            for other in ("GET", "HEAD", "PUT", "DELETE", "PATCH"):
                response = visitor.client.open(
                    path, method=other, base_url=site.url, headers={"X-CSRFToken": visitor.csrf}
                )
                assert response.status_code == 405, (other, path)
    assert posts > 8
    assert nothing_happened(site)


def test_row_8_preflights_from_elsewhere_get_no_permission(site):
    asked = {"Origin": "http://evil.com", "Access-Control-Request-Method": "POST"}
    for client in (site.inside().client, site.outside()):
        for _, path in routes(site):
            assert_headers(client.options(path, base_url=site.url, headers=asked))


def test_row_9_the_launch_link_becomes_a_cookie_and_leaves_the_address(site):
    client = site.outside()
    response = client.get(f"/integrations/greeter?token={site.token}&x=1", base_url=site.url)
    assert response.status_code == 303
    assert response.headers["Location"] == "/integrations/greeter?x=1"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith(f"workbench-{site.port}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert site.token not in cookie
    assert "Greeter" in client.get(response.headers["Location"], base_url=site.url).text


def test_row_9_a_second_use_by_someone_else_fails_and_its_owner_finds_a_new_link_in_the_terminal(site):
    owner, thief = site.outside(), site.outside()
    assert owner.get(f"/?token={site.token}", base_url=site.url).status_code == 303
    assert thief.get(f"/?token={site.token}", base_url=site.url).status_code == 401
    assert thief.get("/", base_url=site.url).status_code == 401
    assert owner.get(f"/?token={site.token}", base_url=site.url).status_code == 303

    thief.get(f"/?token={site.token}", base_url=site.url)
    assert len(site.announced) == 1
    link = site.announced[0].split()[-1]
    assert link.startswith(f"{site.url}/?token=")
    other_browser = site.outside()
    assert other_browser.get(link, base_url=site.url).status_code == 303
    assert other_browser.get("/", base_url=site.url).status_code == 200
    assert thief.get(link, base_url=site.url).status_code == 401


@pytest.mark.parametrize("token", ["", "wrong", "the-launch-toke", "the-launch-token ", "é", "\udcff", "%00"])
def test_row_9_a_wrong_token_opens_nothing_and_prints_nothing(site, token):
    client = site.outside()
    assert client.get("/", query_string={"token": token.encode(errors="surrogateescape")}).status_code in (400, 401)
    assert client.get("/", base_url=site.url).status_code == 401
    assert site.announced == []
    assert client.head(f"/?token={site.token}", base_url=site.url).status_code == 401
    assert client.get(f"/?token={site.token}", base_url=site.url).status_code == 303


@pytest.mark.parametrize("path", ["//evil.com", "/\\evil.com", "/%5Cevil.com", "//evil.com/%2e%2e"])
def test_row_9_the_way_on_never_leads_elsewhere(site, path):
    response = site.outside().get(f"{path}?token={site.token}", base_url=site.url)
    location = response.headers.get("Location", "/")
    assert not location.startswith(("//", "/\\"))
    assert location.startswith(("/", site.url + "/"))


def test_row_9_many_at_once_only_one_gets_in(site):
    entered, start = [], threading.Barrier(8)

    def enter():
        client = site.outside()
        start.wait()
        entered.append(client.get(f"/?token={site.token}", base_url=site.url).status_code)

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(entered) == [303] + [401] * 7


def test_row_11_every_response_bears_the_headers(site):
    visitor = site.inside()
    for method, path in [*routes(site), ("GET", "/no/such/page"), ("GET", "/static/none.css"), ("PUT", "/")]:
        response = visitor.client.open(path, method=method, base_url=site.url)
        assert_headers(response)
        if not path.startswith("/static"):
            assert "no-store" in response.headers["Cache-Control"] or path.endswith("/icon"), path


def test_row_11_pages_hold_no_inline_script_style_or_handler(site):
    visitor = site.inside()
    for method, path in routes(site):
        if method == "GET":
            text = visitor.get(path).text
            assert "<style" not in text, path
            assert " style=" not in text, path
            assert "hx-on" not in text, path
            assert "<script>" not in text, path


def test_row_11_assets_are_cached_by_their_hash_and_only_then(site):
    visitor = site.inside()

    def get(path, **headers):
        return visitor.client.get(path, base_url=site.url, headers=headers)

    sheet, script = get("/static/css/base.css?v=1"), get("/static/vendor/htmx.min.js?v=1")
    assert "immutable" in sheet.headers["Cache-Control"]
    assert get("/static/css/base.css").headers["Cache-Control"] == "no-cache"
    assert "no-store" in get("/static/nothing.css?v=1").headers["Cache-Control"]
    assert sheet.content_type == "text/css; charset=utf-8"
    assert script.content_type == "text/javascript; charset=utf-8"
    again = get("/static/css/base.css", **{"If-None-Match": sheet.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["Cache-Control"]) == (304, b"", "no-cache")
    assert all(answer.headers["Content-Security-Policy"] for answer in (sheet, script, again))


def test_a_page_loads_every_stylesheet_as_one_with_the_order_of_the_layers_first(site):
    visitor = site.inside()

    def get(path, **headers):
        return visitor.client.get(path, base_url=site.url, headers=headers)

    (url,) = re.findall(r'rel="stylesheet" href="([^"]+)"', visitor.get("/").text)
    sheet = get(url[url.index("/static") :])
    files = [path.read_text("utf-8") for path in (static_dir() / "css").glob("*.css")]
    assert sheet.text.startswith((static_dir() / "css" / "layers.css").read_text("utf-8"))
    assert all(text in sheet.text for text in files)
    assert len(sheet.text) == sum(map(len, files)) + len(files) - 1
    assert (sheet.content_type, "immutable" in sheet.headers["Cache-Control"]) == ("text/css; charset=utf-8", True)
    assert get("/static/all.css", **{"If-None-Match": sheet.headers["ETag"]}).status_code == 304


def test_a_page_loads_every_script_of_ours_as_one_module_that_changes_with_any_of_them(site):
    visitor = site.inside()
    (url,) = re.findall(r'<script src="([^"]+)" type="module">', visitor.get("/").text)
    script = visitor.client.get(url[url.index("/static") :], base_url=site.url)
    files = [path.read_text("utf-8") for path in (static_dir() / "js").glob("*.js")]
    bodies = [re.sub(r"^import .*\n", "", text, flags=re.MULTILINE).rpartition("\n\n")[2] for text in files]
    assert len(files) > 30
    assert all(body in script.text for body in bodies)
    assert (script.content_type, "immutable" in script.headers["Cache-Control"]) == (
        "text/javascript; charset=utf-8",
        True,
    )
    again = visitor.client.get("/static/all.js", base_url=site.url, headers={"If-None-Match": script.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "no-cache")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../pyproject.toml",
        "/static/..%2fpyproject.toml",
        "/static/%2e%2e/pyproject.toml",
        "/static/css/%00",
        "/static//etc/passwd",
        "/static/..\\pyproject.toml",
        "/integrations/../greeter/icon/..",
        "/integrations/..%2f..%2fetc/icon",
        "/integrations/greeter/actions/..%2f..%2fetc%2fpasswd",
        "/integrations/greeter/actions/%00",
        "/integrations/greeter/actions/~AA==",
        "/integrations/greeter/actions/~%ff",
        "/runs/../../etc/passwd",
        "/runs/%00",
    ],
)
def test_row_15_paths_that_climb_lead_nowhere(site, path):
    response = site.inside().get(path)
    assert 400 <= response.status_code < 500
    assert "requires-python" not in response.text


def test_row_15_no_variable_of_a_route_leads_out_of_a_folder(make_site, greeter, runner, tmp_path):
    root = tmp_path / "a" / "b" / "greeter"
    shutil.copytree(greeter, root)
    for folder in (tmp_path, *root.parents[:2]):
        for name in ("canary.json", "canary.py", "canary"):
            (folder / name).write_text('{"text": "sung-outside"}')
    (root / "link").symlink_to(tmp_path)
    site = make_site(root, runner=runner)
    visitor, adapter, tried = site.inside(), site.app.url_map.bind("127.0.0.1"), 0
    for rule in site.app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        samples = {name: SAMPLES.get(name, "request" if name == "side" else "go") for name in rule.arguments}
        closed = {name: 1 for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
        closed |= dict(rule.defaults or {})
        for name in rule.arguments - closed.keys() - {"side"}:
            for hostile in ("..%2f..%2fcanary", "link/canary.py"):
                values = samples | closed | {name: "HOSTILE"}
                response = visitor.get(adapter.build(rule.endpoint, values).replace("HOSTILE", hostile))
                assert response.status_code < 500, (rule, hostile)
                assert "sung-outside" not in response.text, (rule, hostile)
                tried += 1
    assert tried > 100


def test_row_18_an_exception_is_a_plain_500_whose_id_is_in_the_log(site, caplog):
    def burst():
        raise RuntimeError("the boiler of p)%>+$")

    site.app.view_functions["runs.index"] = burst
    with caplog.at_level(logging.ERROR):
        response = site.inside().get(f"/runs?token={site.token}x", follow_redirects=True)
    assert response.status_code == 500
    assert_headers(response)
    assert "boiler" not in response.text
    assert "Traceback" not in response.text
    incident = response.text.partition("look for incident ")[2][:8]
    assert len(incident) == 8
    assert incident in caplog.text
    assert "the boiler" in caplog.text
    assert site.token not in caplog.text


def test_row_18_htmx_gets_a_note_instead_of_a_page(site):
    response = site.inside().get("/integrations/none", headers={"HX-Request": "true"})
    assert response.status_code == 404
    assert response.headers["HX-Retarget"] == "#notes"
    assert "<html" not in response.text


def raw(port, text):
    """What a server answers to these bytes. The socket stays open both ways: half-closed is taken for gone."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(text.encode())
        parts = iter(lambda: connection.recv(65536), b"")
        return b"".join(parts).decode("utf-8", "replace")


@pytest.fixture
def served(make_site, greeter, runner):
    """The port of a site behind the real server."""
    with page_servers.served(lambda port: make_site(greeter, runner=runner, port=port).app) as server:
        yield int(server.effective_port)


def test_rows_1_to_3_hold_on_the_wire(served):
    ways = {
        "GET / HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n": 400,
        f"GET / HTTP/1.1\r\nHost: localhost:{served}@evil.com\r\nConnection: close\r\n\r\n": 400,
        f"GET / HTTP/1.1\r\nHost: localhost:{served}\r\nHost: evil.com\r\nConnection: close\r\n\r\n": 400,
        "GET / HTTP/1.1\r\nConnection: close\r\n\r\n": 400,
        "GET / HTTP/1.0\r\n\r\n": 400,
        f"GET http://evil.com/ HTTP/1.1\r\nHost: evil.com:{served}\r\nConnection: close\r\n\r\n": 400,
        f"GET / HTTP/1.1\r\nHost: evil.com\r\nX-Forwarded-Host: localhost:{served}\r\nConnection: close\r\n\r\n": 400,
        f"GET / HTTP/1.1\r\nHost: localhost:{served}\r\nConnection: close\r\n\r\n": 401,
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{served}\r\nConnection: close\r\n\r\n": 401,
    }
    for text, status in ways.items():
        answer = raw(served, text)
        assert answer.split()[1] == str(status), (text, answer)
        assert "greeter" not in answer.lower()


def test_an_open_page_of_an_earlier_start_gets_a_note_and_keeps_what_was_typed(site):
    response = site.outside().post(
        "/integrations/greeter/actions/greet/runs", base_url=site.url, headers={"HX-Request": "true"}
    )
    assert response.status_code == 401
    assert response.headers["HX-Retarget"] == "#notes"
    assert "<html" not in response.text
    assert "Signed out: the workbench restarted" in response.text
    assert_headers(response)
