"""The query of an outcome page parses what it formats, and leaves out what is not valid."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.web.runs.exchanges.query import ExchangeQuery, SortColumn
from workbench.web.runs.query import OutcomeQuery, Selection

_NUMBERS = st.none() | st.integers(0, 10**9 - 1)
_NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_POINTERS = st.just("") | st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(lambda text: f"#/{text}")

_LISTS = st.builds(
    ExchangeQuery,
    q=_NAMES.map(str.strip),
    status=st.sampled_from(["", "4xx", "none"]),
    host=_NAMES,
    library=_NAMES,
    failed=st.booleans(),
    sort=st.sampled_from(SortColumn),
    descending=st.booleans(),
    start=st.integers(0, 10**9 - 1),
)


@given(
    st.builds(
        OutcomeQuery,
        here=st.just("/runs/7"),
        tab=_NAMES,
        exchange=_NUMBERS,
        error=_NUMBERS,
        raw=_NAMES,
        source=_NAMES,
        warning=_NUMBERS,
        where=_NAMES,
        at=_POINTERS | st.just("#"),
        rule=_POINTERS,
        find=_NAMES.map(str.strip),
        exchanges=_LISTS,
    )
)
def test_a_query_reads_back_from_its_own_url(query: OutcomeQuery) -> None:
    parameters = dict(parse_qsl(urlsplit(query.page).query, keep_blank_values=True))
    assert OutcomeQuery.parse(parameters, "/runs/7") == query


@each_case(
    "parameters",
    [
        {"exchange": "-1"},
        {"exchange": "1e3"},
        {"fault": "٣"},
        {"warning": "9" * 10},
        {"at": "/a"},
        {"rule": "a"},
        {"sort": "-x"},
        {"from": "-1"},
        {"failed": "yes"},
    ],
)
def test_a_parameter_with_a_bad_value_is_left_out(parameters: dict[str, str]) -> None:
    assert OutcomeQuery.parse(parameters, "/runs/7") == OutcomeQuery("/runs/7")


def test_a_page_with_nothing_selected_is_the_path_alone() -> None:
    assert OutcomeQuery("/runs/7").page == "/runs/7"
    assert OutcomeQuery("/a?run=7", tab="http").page == "/a?run=7&tab=http"


def test_a_pointer_is_selected_without_its_hash() -> None:
    assert OutcomeQuery(where="input", at="#").selection == Selection(where="input", at="")
    assert OutcomeQuery(where="input", rule="#/a").selection == Selection(where="input", rule="/a")
    assert OutcomeQuery(error=3).selection == Selection(error=3)
