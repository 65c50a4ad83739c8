"""Two JSON values compared: places, arrays aligned, noise apart, bounded."""

import json
import time

from hypothesis import given
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.comparison import value_changes
from workbench.domain import ABSENT, JSON, MaskedText, NoiseKind
from workbench.jsondoc import pointer
from workbench.jsondoc.equality import identical

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, 1.0, "a", "b", ""])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["id", "x/y", "n"]), inner, max_size=3),
    max_leaves=20,
)


def told(before: JSON, after: JSON) -> list[tuple[str, object, object]]:
    return [(one.pointer, one.before, one.after) for one in value_changes(before, after).changes]


@given(VALUES, VALUES)
def test_what_is_told_is_there_and_nothing_is_told_of_equal_values(before: JSON, after: JSON) -> None:
    changes = value_changes(before, after)
    assert bool(changes.total + changes.total_noise) is not identical(before, after)
    for one in (*changes.changes, *changes.noise):
        if one.after is not ABSENT:
            assert identical(pointer.resolve(after, one.pointer), one.after)
        if one.before is not ABSENT:
            assert identical(pointer.resolve(before, one.was_at or one.pointer), one.before)


def test_an_item_put_in_or_taken_out_moves_no_other() -> None:
    assert told([1, 2, 3, 4], [1, 3, 4, 5]) == [("/1", 2, ABSENT), ("/3", ABSENT, 5)]
    assert told([1, 1, 1, 2], [1, 1, 2]) == [("/2", 1, ABSENT)]
    before = [{"id": number, "title": f"t{number}"} for number in range(5)]
    after = [{"id": 9, "title": "new"}, *before[:2], before[3] | {"title": "other"}, before[4]]
    [added, gone, changed] = value_changes(before, after).changes
    assert (added.pointer, added.before, gone.pointer, gone.after) == ("/0", ABSENT, "/2", ABSENT)
    assert (changed.pointer, changed.was_at, changed.before, changed.after) == ("/3/title", "", "t3", "other")


def test_ids_that_all_differ_do_not_identify_items() -> None:
    before = [{"id": f"a{number}", "v": number} for number in range(3)]
    after = [{"id": f"b{number}", "v": number} for number in range(3)]
    assert [place for place, *_ in told(before, after)] == ["/0/id", "/1/id", "/2/id"]


@each_case(
    ("before", "after", "kind"),
    [
        ("2026-11-26T10:00:00Z", "2026-11-27T10:00:00.123+02:00", NoiseKind.DATE_TIME),
        ("Thu, 26 Nov 2026 22:08:00 GMT", "Thu, 26 Nov 2026 22:08:01 GMT", NoiseKind.DATE_TIME),
        (1764200000, 1764200060, NoiseKind.DATE_TIME),
        (1764200000123, 1764200060123, NoiseKind.DATE_TIME),
        ("0d0a4f3e-9f58-4a3c-8a52-1d1f6b5f9c11", "11111111-9f58-4a3c-8a52-1d1f6b5f9c11", NoiseKind.UUID),
        ("req_8sd7f6sd8f76sd8f7s", "req_1111111111111111a1", NoiseKind.TEXT),
        ("2026-11-26", "2026-11-27", None),
        ("2026-11-26T10:00:00Z", "yesterday", None),
        (17, 18, None),
        ("a title with words", "a title with verbs", None),
    ],
)
def test_values_that_differ_in_each_run_are_named_and_apart(before: JSON, after: JSON, kind: NoiseKind | None) -> None:
    changes = value_changes({"at": before}, {"at": after})
    found = changes.noise if kind else changes.changes
    assert [(one.pointer, one.noise) for one in found] == [("/at", kind)]
    assert bool(changes) is (kind is None)


def test_kinds_of_numbers_and_booleans_differ_and_a_mask_does_not() -> None:
    assert told([1, 1.0, True], [1.0, True, 1]) == [("/0", 1, 1.0), ("/1", 1.0, True), ("/2", True, 1)]
    assert told({"key": MaskedText.whole("api_key")}, {"key": "‹api_key›"}) == []


def test_large_and_deep_values_take_bounded_time() -> None:
    rows = [{"sku": f"s{number}", "price": number / 7, "text": "x" * 60} for number in range(18_000)]
    other = json.loads(json.dumps(rows[:100] + rows[300:]))
    for row in other[::2]:
        row["price"] = 0
    assert len(json.dumps(rows)) > 1_800_000
    began = time.process_time()
    changes = value_changes(rows, other)
    assert (changes.total, len(changes.changes)) == (9_100, 500)
    assert not changes.is_open
    assert value_changes([float(n) for n in range(30_000)], [n + 0.5 for n in range(30_000)]).is_open
    deep: list[JSON] = []
    for _ in range(900):
        deep = [deep]
    assert value_changes(deep, [deep]).total == 1
    assert time.process_time() - began < 20  # seconds; it is far less, and would be minutes by the square
