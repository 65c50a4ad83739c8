"""JSON Pointers: RFC 6901's own examples, and the places where the copies that there were disagreed."""

import pytest

from tests.case_tables import each_case
from workbench.domain import ABSENT
from workbench.jsondoc import pointer
from workbench.jsondoc.patch import PatchError, apply, remove, replace
from workbench.jsondoc.source_map import SourceMap
from workbench.schema import refs

RFC = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, 'k"l': 6, " ": 7, "m~n": 8}
EXAMPLES = {
    "": RFC,
    "/foo": ["bar", "baz"],
    "/foo/0": "bar",
    "/": 0,
    "/a~1b": 1,
    "/c%d": 2,
    "/e^f": 3,
    "/g|h": 4,
    "/i\\j": 5,
    '/k"l': 6,
    "/ ": 7,
    "/m~0n": 8,
}
TWELVE = list(range(12))
NO_INDEX = ["01", "-", "+1", "1.0", " 1", "", "²", "١", "1_0", "12", "9" * 5000]


@each_case("text", EXAMPLES)
def test_the_examples_of_rfc_6901(text: str) -> None:
    assert pointer.resolve(RFC, text) == EXAMPLES[text]
    assert pointer.build(pointer.split(text)) == text


@pytest.mark.parametrize(("part", "escaped"), [("~1", "~01"), ("/", "~1"), ("~", "~0"), ("~/~", "~0~1~0"), ("", "")])
def test_escapes_are_undone_once(part: str, escaped: str) -> None:
    assert pointer.escape(part) == escaped
    assert pointer.unescape(escaped) == part
    assert pointer.last(pointer.join("/x", part)) == part


@each_case("part", NO_INDEX)
def test_what_is_not_an_index_finds_no_item(part: str) -> None:
    """``01`` found item 1 in a patch and in a source map, ``²`` ended both, and 5,000 digits ended the look-up."""
    assert pointer.resolve(TWELVE, f"/{part}") is ABSENT
    assert SourceMap(str(TWELVE)).span(f"/{part}") is None
    for operation in (remove(f"/{part}"), replace(f"/{part}", 0)):
        with pytest.raises(PatchError):
            apply(list(TWELVE), [operation])
    assert refs.target({"items": TWELVE}, f"#/items/{part}") is None


@pytest.mark.parametrize("text", ["foo", "#/foo", "foo/0", " "])
def test_what_is_not_a_pointer_finds_nothing(text: str) -> None:
    assert pointer.resolve(RFC, text) is ABSENT
    with pytest.raises(ValueError, match="not a JSON Pointer"):
        pointer.split(text)


def test_the_way_of_a_pointer() -> None:
    assert pointer.ancestors("/a~1b/0") == ("", "/a~1b", "/a~1b/0")
    assert pointer.ancestors("") == ("",)
    assert pointer.parent("/a~1b/0") == "/a~1b"
    assert pointer.parent("") == ""
    assert pointer.covers("/a", "/a/b")
    assert not pointer.covers("/a", "/ab")
    assert pointer.common(["/a/b/c", "/a/b", "/a/bc"]) == "/a"
