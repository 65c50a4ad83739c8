"""The tree of a large document: the marked place is on the screen, the rest is a click away."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.jsondoc import pointer as pointers
from workbench.schema import State, branch, outline
from workbench.schema.outline import MOST_ROWS, PAGE
from workbench.schema.refs import named

LARGE = {"records": [{"id": n, "tags": ["a"], "name": f"Somebody {n}" * 10} for n in range(12_000)]}


def brief(rows: Any) -> list[tuple[int, object, str]]:
    return [(row.depth, row.key, row.state.value) for row in rows]


def test_a_marked_place_in_a_large_document_is_open_and_the_rest_folded() -> None:
    assert len(json.dumps(LARGE)) > 2_000_000
    rows = outline(LARGE, {"/records/5000/id": "1"})
    assert brief(rows) == [
        (0, None, "open"),
        (1, "records", "open"),
        (2, None, "gap"),
        (2, 4998, "closed"),
        (2, 4999, "closed"),
        (2, 5000, "open"),
        (3, "id", "leaf"),
        (3, "tags", "closed"),
        (3, "name", "leaf"),
        (2, 5001, "closed"),
        (2, 5002, "closed"),
        (2, None, "gap"),
    ]
    assert [row.marks for row in rows if row.marks] == [("1",)]
    gaps = [(row.pointer, row.start, row.stop) for row in rows if row.state is State.GAP]
    assert gaps == [("/records", 0, 4998), ("/records", 5003, 12_000)]


def test_what_is_folded_is_loaded_by_pages() -> None:
    first = branch(LARGE, "/records")
    assert len(first) == PAGE + 1
    assert (first[0].depth, first[0].pointer, first[-1].start, first[-1].stop) == (2, "/records/0", PAGE, 12_000)
    last = branch(LARGE, "/records", start=11_990)
    assert [row.key for row in last] == list(range(11_990, 12_000))
    between = branch(LARGE, "/records", start=10, stop=12)
    assert [row.key for row in between] == [10, 11]
    assert branch(LARGE, "/records/0/name") == branch(LARGE, "/nowhere") == ()


def test_a_missing_member_has_a_row_of_its_own() -> None:
    rows = outline({"a": {}, "b": [1]}, {"/a/x": "1", "/y": "2"})
    missing = [(row.depth, row.key, row.pointer, row.marks) for row in rows if row.state is State.MISSING]
    assert missing == [(2, "x", "/a/x", ("1",)), (1, "y", "/y", ("2",))]


def test_thousands_of_marks_and_thousands_of_levels_are_bounded() -> None:
    rows = outline(LARGE, {f"/records/{n}/id": str(n) for n in range(0, 12_000, 7)})
    assert len(rows) < 3 * MOST_ROWS
    assert sum(row.within for row in rows) + sum(bool(row.marks) for row in rows) == len(range(0, 12_000, 7))
    deep: Any = []
    for _ in range(3000):
        deep = [deep]
    assert outline(deep, {"/0" * 2000: "x"})[-1].state is State.CLOSED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("a/~", max_size=2), inner, max_size=4),
)


@settings(max_examples=2 * settings().max_examples)
@given(JSON, st.data())
def test_every_marked_place_is_on_the_screen(document: Any, data: Any) -> None:
    places = [""]
    for place in places:
        places += [pointers.join(place, name) for name, _ in named(pointers.resolve(document, place))]
    marked = data.draw(st.lists(st.sampled_from(places), unique=True, max_size=3))
    rows = outline(document, {place: place for place in marked})
    assert {row.pointer for row in rows if row.marks} == set(marked)
    assert len({row.pointer for row in rows}) == len(rows)
    for row in rows:
        assert row.depth == len(pointers.split(row.pointer))
