"""What people paste, in the forms in which they paste it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.domain import ABSENT
from workbench.jsondoc.lenient import read

VALUE = {"a": [1, 'it\'s "x"', None, True], "é": {"n": 1.5, "deep": [{}]}}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@each_case(
    "text",
    [
        json.dumps(VALUE),
        f"\n  {json.dumps(VALUE, indent=2)}\n",
        repr(VALUE),
        json.dumps(json.dumps(VALUE)),
        json.dumps(json.dumps(VALUE))[1:-1],
        f"```json\n{json.dumps(VALUE, indent=1)}\n```",
        f"2026-11-23 10:00:01 [INFO] [4] payload={json.dumps(VALUE)} took 3 s",
        f"ERROR handler got {VALUE!r}",
        f'msg={json.dumps(json.dumps(VALUE))} level="error"',
        f"ActionResult(data={VALUE!r}, cost_usd=None)",
        repr(VALUE).replace("None", "null").replace("True", "true"),
        repr(VALUE)[:-1] + ",}",
    ],
)
def test_the_same_value_comes_out(text: str) -> None:
    found = read(text)
    assert found.value == VALUE
    assert not found.error
    assert bool(found.note) is (text.strip()[0] != "{" or "'a'" in text or "\\" in text[:6])


@given(JSON_VALUES)
def test_json_python_and_a_string_of_json_say_the_same(value: object) -> None:
    assert read(json.dumps(value)).value == value
    if isinstance(value, dict | list):
        assert read(repr(value)).value == value
        assert read(json.dumps(json.dumps(value))).value == value


@each_case("cut", range(8, len(json.dumps(VALUE)) - 1, 3))
def test_what_is_cut_off_keeps_what_came_before(cut: int) -> None:
    found = read(json.dumps(VALUE)[:cut])
    assert "cut off" in found.note
    assert isinstance(found.value, dict)
    assert found.value.keys() <= VALUE.keys()
    for mine, whole in zip(found.value.get("a", []), VALUE["a"], strict=False):  # type: ignore[call-overload]
        assert mine == whole


@each_case(
    ("text", "says"),
    [
        ('{"a": 1,, "b": {"c": 2}}', "Line 1, column 9"),
        ('{\n "a": 1\n "b": 2}', "Line 3, column 2"),
        ('{"a": 1, "a": 2}', 'duplicate key "a"'),
        ('{"a": NaN}', "NaN"),
        ("{a: 1}", "double quotes"),
        ("hello", "Line 1"),
        ("", "Line 1"),
        ("{'a': <Foo object at 0x7f>}", "Line 1"),
        ("__import__('os').abort()", "Line 1"),
        ("[x for x in (1, 2)]", "Line 1"),
        ('x = {"a": [1, 2}', "Line 1"),
        ("[" * 100_000, "nested"),
    ],
)
def test_what_is_no_value_is_refused_with_its_place(text: str, says: str) -> None:
    found = read(text)
    assert found.value is ABSENT
    assert says in found.error


def test_an_object_of_python_stands_as_its_text_and_is_not_made() -> None:
    assert read("{'at': datetime.datetime(2026, 1, 1), 'b': b'x'}").value == {
        "at": "datetime.datetime(2026, 1, 1)",
        "b": "b'x'",
    }
