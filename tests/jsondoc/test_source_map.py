"""Every pointer's place in a text, against an independent walk of texts that were written to be walked."""

import json
import random
from collections.abc import Callable
from json import JSONDecoder
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.jsondoc.pointer import escape
from workbench.jsondoc.source_map import SourceMap

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6)
)
VALUES = st.recursive(SCALARS, lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text(max_size=4), v, max_size=4))


class Writer:
    """Writes a value with random white space and notes where each pointer's target starts."""

    def __init__(self, seed: int) -> None:
        self.text = ""
        self.places: dict[str, tuple[int, int]] = {}
        self._random = random.Random(seed)

    def space(self) -> None:
        self.text += "".join(self._random.choices([" ", "\n", "\t", "\r\n", ""], k=self._random.randrange(3)))

    def mark(self, pointer: str) -> None:
        lines = self.text.split("\n")
        self.places[pointer] = (len(lines), len(lines[-1]) + 1)

    def document(self, value: Any) -> "Writer":
        self.space()
        self.mark("")
        self.value(value, "")
        self.space()
        return self

    def value(self, value: Any, pointer: str) -> None:
        if isinstance(value, dict):
            self.children("{", [(key, item) for key, item in value.items()], "}", pointer)
        elif isinstance(value, list):
            self.children("[", [(str(index), item) for index, item in enumerate(value)], "]", pointer)
        else:
            self.text += json.dumps(value, ensure_ascii=self._random.random() < 0.5)

    def children(self, opening: str, items: list[tuple[str, Any]], closing: str, pointer: str) -> None:
        self.text += opening
        self.space()
        for number, (key, item) in enumerate(items):
            if number:
                self.text += ","
                self.space()
            path = f"{pointer}/{escape(key)}"
            self.mark(path)
            if opening == "{":
                self.text += json.dumps(key)
                self.space()
                self.text += ":"
                self.space()
            self.value(item, path)
            self.space()
        self.text += closing


@settings(max_examples=2 * settings().max_examples)
@given(value=VALUES, seed=st.integers(0, 2**32))
def test_every_pointer_of_any_document(value: Any, seed: int) -> None:
    writer = Writer(seed).document(value)
    assert json.loads(writer.text) == value
    positions = SourceMap(writer.text)
    if seed % 2:
        assert positions.read(JSONDecoder(object_pairs_hook=dict)) == value
    pointers = list(writer.places)
    random.Random(seed).shuffle(pointers)
    assert {pointer: positions.of(pointer) for pointer in pointers} == writer.places


@settings(max_examples=2 * settings().max_examples)
@given(value=VALUES, seed=st.integers(0, 2**32), cut=st.floats(0, 1), pointer=st.text("/a0~1", max_size=6))
def test_a_broken_text_raises_nothing_and_still_finds_what_stands_before_the_break(
    value: Any, seed: int, cut: float, pointer: str
) -> None:
    writer = Writer(seed).document(value)
    broken = SourceMap(writer.text[: int(len(writer.text) * cut)] + "?")
    broken.of(pointer)
    broken.nearest(pointer)
    for known, place in list(writer.places.items())[1:]:
        assert broken.of(known) in (place, None)


TEXTS = st.text('{}[]",: \n1ab\\', max_size=14) | VALUES.map(json.dumps)


@settings(max_examples=4 * settings().max_examples)
@given(text=TEXTS, changed=st.text('{}[]",:x ', max_size=2), at=st.integers(0, 40))
def test_reading_is_exactly_what_the_decoder_does(text: str, changed: str, at: int) -> None:
    text = text[:at] + changed + text[at + 1 :]

    def outcome(read: Callable[[], object]) -> object:
        try:
            return read()
        except json.JSONDecodeError as error:
            return str(error)

    decoder = JSONDecoder(object_pairs_hook=list)
    assert outcome(lambda: SourceMap(text).read(decoder)) == outcome(lambda: decoder.decode(text))


def test_names_that_need_escapes() -> None:
    positions = SourceMap('{"a/b": 1, "c~d": {"": [true, {"é\\n": 2}]}}')
    assert positions.of("/a~1b") == (1, 2)
    assert positions.of("/c~0d//1/é\n") == (1, 32)
    assert SourceMap('{"~1": 1, "/": 2}').of("/~01") == (1, 2)


@each_case("pointer", ["/b", "/a/0/0", "/a/2", "/a/-", "/a/00", "/a/x", "a", "/a/0/", "//"])
def test_what_is_not_there_is_none(pointer: str) -> None:
    assert SourceMap('{"a": [1, 2]}').of(pointer) is None


def test_the_nearest_parent_stands_in_for_what_is_missing() -> None:
    positions = SourceMap('{\n  "a": {\n    "b": [1]\n  }\n}')
    assert positions.nearest("/a/b/7/x") == (3, 5)
    assert positions.nearest("/a/zzz") == (2, 3)
    assert positions.nearest("/q") == (1, 1)
    assert SourceMap("").nearest("/q") is None


def test_of_a_repeated_name_the_last_one_counts() -> None:
    assert SourceMap('{"a": 1,\n "a": {"b": 2}}').of("/a/b") == (2, 8)


def test_deep_nesting_is_no_crash() -> None:
    deep = SourceMap("[" * 200_000)
    assert deep.of("/0/0/0") == (1, 4)
    assert deep.of("/1") is None
