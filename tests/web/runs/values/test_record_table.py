"""The table of a trigger's records: what varies in columns, what is the same once, long ids cut in the middle."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from workbench.domain import Kind, Status
from workbench.domain.masked_text import MaskedText, join
from workbench.web.runs.values import record_table
from workbench.web.runs.values.record_table import Cell
from workbench.web.ui.middle_cut import cut_id, cut_url

ID = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"


def table(*data: Any) -> Any:
    return record_table.record_table([{"id": f"{ID}{n}", "data": each} for n, each in enumerate(data)], ())


def test_a_property_with_one_value_in_all_records_is_told_once() -> None:
    shown = table({"a": 1, "b": "x", "c": [1]}, {"a": 2, "b": "x", "c": [1]})
    assert shown.columns == ("a",)
    assert shown.same == (("b", Cell("x")), ("c", Cell("[1]")))


@pytest.mark.parametrize("data", [({"a": 1}, {"a": True}), ({"a": 1}, {}), ({"a": 1}, {"a": 1}, None), ({"a": 1},)])
def test_what_is_not_the_same_in_all_or_in_one_record_alone_has_a_column(data: tuple[Any, ...]) -> None:
    shown = table(*data)
    assert (shown.columns, shown.same) == (("a",), ())


def test_the_same_is_looked_for_in_the_records_that_are_not_shown_too() -> None:
    shown = table(*({"a": 1} for _ in range(record_table.SHOWN)), {"a": 2})
    assert (shown.columns, shown.hidden) == (("a",), 1)
    assert shown.rest == "The table shows the first 200 of 201 records. The JSON has them all."


def test_properties_beyond_the_columns_are_counted() -> None:
    shown = table({f"p{n}": n for n in range(11)}, {})
    assert shown.hidden_columns == 11 - record_table.COLUMNS
    assert shown.rest == "The table shows 8 of 11 properties that differ. The JSON has them all."
    assert table({"a": 1}).rest == ""


@pytest.mark.parametrize("value", [[], {}, None, "x"])
def test_what_is_no_array_of_records_has_no_table(value: Any) -> None:
    assert record_table.record_table(value, ()) is None


def test_values_that_are_cut_have_their_whole_text() -> None:
    shown = table({"a": "word " * 40, "b": {"c": list(range(30))}}, {})
    text, thing = shown.rows[0].cells
    assert (text.text[-1], text.whole) == ("…", "word " * 40)
    assert (thing.text, thing.whole[:8]) == ("an object of 1 property", '{"c": [0')


def test_a_poll_shows_a_table_or_json_and_not_both(client: FlaskClient, tell: Any) -> None:
    value = [{"id": ID, "data": {"a": 1}}]
    run = tell(kind=Kind.TRIGGER, name="poll").started().returned(value).finished(Status.SUCCEEDED, valued=True).run.id

    def shown(query: str) -> tuple[int, int, int]:
        page = BeautifulSoup(client.get(f"/runs/{run}?tab=result{query}").text, "html.parser")
        assert [link.text.strip() for link in page.select(".icon-set a")] == ["Table", "JSON tree", "JSON text"]
        panel = page.select_one(".panel")
        assert panel is not None
        return len(panel.select(".records")), len(panel.select(".tree")), len(panel.select("pre.raw"))

    assert shown("") == (1, 0, 0)
    assert shown("&raw=tree") == (0, 1, 0)
    assert shown("&raw=result") == (0, 0, 1)
    assert shown("&raw=nonsense") == (1, 0, 0)


def test_an_id_is_whole_in_the_page_and_its_end_is_not_cut() -> None:
    cut = cut_id(ID)
    assert (cut.head + cut.tail, cut.tail) == (ID, ID[-8:])
    assert cut_id("42").tail == "42"


@pytest.mark.parametrize(
    ("url", "pieces"),
    [
        ("/a/b/export.json?page=2", ("/a/b", "/export.json", "?page=2")),
        ("/a/b/", ("/a", "/b/", "")),
        ("/", ("", "/", "")),
        ("", ("", "", "")),
        ("?q=/a/b", ("", "", "?q=/a/b")),
        ("http://h/" + "x" * 60, ("http://h/" + "x" * 38, "x" * 22, "")),
    ],
)
def test_the_end_of_a_path_stays_whole(url: str, pieces: tuple[str, str, str]) -> None:
    cut = cut_url(url)
    assert (cut.head, cut.tail, cut.rest) == pieces
    assert cut.head + cut.tail + cut.rest == url


def test_a_mask_is_never_cut_in_two() -> None:
    text = join(("/a/", MaskedText.whole("a_long_name_of_a_secret_key"), "/b"))
    for cut in (cut_id(text), cut_url(join((text[:-2], "?x")))):
        pieces = [piece for piece in (cut.head, cut.tail, cut.rest) if "‹" in piece or "›" in piece]
        assert [("‹" in piece, "›" in piece) for piece in pieces] == [(True, True)]
