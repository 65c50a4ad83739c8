"""Masked text: its spans follow slices, sums, lines and JSON text; what is written as plain text stays plain."""

import copy
import json

from tests.case_tables import each_case
from workbench.domain import JSON, MaskedBytes, MaskedSpan, MaskedText
from workbench.domain.masked_text import decode_text, has_mask, join, json_text, one_line, read_with_masks, spans_of

KEY = MaskedText.whole("key")
TEXT = join(("a ‹key› ", KEY, "\nb"))


def boxes(text: str) -> list[str]:
    return [str(text)[span.start : span.end] for span in spans_of(text)]


@each_case(
    ("text", "plain", "boxed"),
    [
        (TEXT, "a ‹key› ‹key›\nb", ["‹key›"]),
        (TEXT[:7], "a ‹key›", []),
        (TEXT[9:], "key›\nb", ["key›"]),
        (TEXT[::-1], "b\n›yek‹ ›yek‹ a", []),
        ("x" + TEXT + "y", "xa ‹key› ‹key›\nby", ["‹key›"]),
        (TEXT.splitlines()[0], "a ‹key› ‹key›", ["‹key›"]),
        (TEXT.splitlines(keepends=True)[0], "a ‹key› ‹key›\n", ["‹key›"]),
        (one_line(TEXT), "a ‹key› ‹key› b", ["‹key›"]),
        (one_line(join(("a  ", MaskedText.whole("cookie sid"), "\n"))), "a ‹cookie sid›", ["‹cookie sid›"]),
        (copy.deepcopy(TEXT), "a ‹key› ‹key›\nb", ["‹key›"]),
        (json_text({KEY: [TEXT, "‹key›"]}), '{"‹key›": ["a ‹key› ‹key›\\nb", "‹key›"]}', ["‹key›", "‹key›"]),
        (json_text(["‹key›"]), '["‹key›"]', []),
        (json_text([MaskedText.whole('a"b')]), '["‹a\\"b›"]', ['‹a\\"b›']),
    ],
)
def test_spans_follow_the_text(text: str, plain: str, boxed: list[str]) -> None:
    assert str(text) == plain
    assert boxes(text) == boxed


def test_what_is_read_from_a_masked_text_is_masked_where_the_text_is() -> None:
    value: JSON = {"a": ["‹key›", KEY, 1], KEY: None}
    read = read_with_masks(json_text(value), json.loads)
    assert read == value
    assert [type(item) for item in read["a"]] == [str, MaskedText, int]
    assert [type(key) for key in read] == [str, MaskedText]


def test_spans_of_bytes_become_spans_of_their_text() -> None:
    data = "é ‹key› ‹key›".encode()
    end = len(data)
    text = decode_text(MaskedBytes(data, (MaskedSpan(end - 9, end, "key"),)), bytes.decode)
    assert text is not None
    assert spans_of(text) == (MaskedSpan(8, 13, "key"),)


def test_a_mask_is_found_at_any_depth_and_guillemets_are_none() -> None:
    deep: JSON = [KEY]
    for _ in range(5_000):
        deep = [deep]
    assert has_mask(deep)
    assert has_mask(({"a": {KEY: 1}},))
    assert not has_mask(["‹key›", {"‹key›": "‹key›"}])
