"""The rule of the launch link, apart from HTTP; and names in URLs."""

from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.routing import Map, Rule

from tests.case_tables import each_case
from workbench.web.security.sign_in import SignIn
from workbench.web.ui.url_names import NameConverter


def test_the_first_use_is_let_in_and_no_other():
    told = []
    sign_in = SignIn("first", told.append)
    assert sign_in.admit("first", inside=False)
    assert not sign_in.admit("first", inside=False)
    assert len(told) == 1
    assert not sign_in.admit("first", inside=False)
    assert len(told) == 1, "a new link is printed once, however often the old one is tried"
    assert sign_in.admit(told[0], inside=False)
    assert not sign_in.admit(told[0], inside=False)
    assert len(told) == 2


def test_somebody_inside_may_use_any_link_and_spends_only_a_good_one():
    told = []
    sign_in = SignIn("first", told.append)
    assert sign_in.admit("stale", inside=True)
    assert sign_in.admit("first", inside=True)
    assert sign_in.admit("first", inside=True)
    assert told == []
    assert not sign_in.admit("first", inside=False)


def test_a_wrong_token_tells_nobody_anything():
    told = []
    sign_in = SignIn("first", told.append)
    for guess in ("", "FIRST", "first ", "\ud800"):
        assert not sign_in.admit(guess, inside=False)
    assert told == []
    assert sign_in.admit("first", inside=False)


@each_case("name", ["", ".", "..", "~", "~YQ", "a/b", "a\\b", "\ud800", "%2f", "?#", "é 名", "x" * 3000])
def test_a_name_comes_back_from_its_url(name):
    assert_comes_back(name)


@settings(max_examples=2 * settings().max_examples)
@given(st.text())
def test_any_name_comes_back_from_its_url(name):
    assert_comes_back(name)


def assert_comes_back(name):
    urls = Map([Rule("/x/<name:name>/runs", endpoint="runs")], converters={"name": NameConverter}).bind("localhost")
    url = urls.build("runs", {"name": name})
    assert url.count("/") == 3
    assert url.isascii()
    from urllib.parse import unquote

    assert urls.match(unquote(url)) == ("runs", {"name": name})
