"""The lines in which two texts differ: changed words are marked, what a long line repeats is left out."""

from workbench.domain import MaskedText
from workbench.domain.masked_text import spans_of
from workbench.web.ui.text_diff import DiffLine, difference


def changed(line: DiffLine) -> list[str]:
    return [part.text for part in line.stretches if part.is_changed]


def whole(line: DiffLine) -> str:
    return "".join(part.text or f"<{part.hidden}>" for part in line.stretches)


def test_the_changed_words_of_a_long_line_are_marked_and_the_rest_is_left_out() -> None:
    before = '{"first": ' + '{"type": "string"}, ' * 100 + '"type": "number", "last": ' + '"x", ' * 100 + "1}"
    old, new = difference(before, before.replace('"number"', '["number", "null"]'))
    assert (old.mark, new.mark) == ("-", "+")
    assert "".join(changed(new)) == '[, "null"]'
    assert changed(old) == []
    assert '"type": ["number", "null"], "last"' in whole(new)
    assert len(whole(new)) < 250
    hidden = [part.hidden for part in new.stretches if part.hidden]
    assert len(whole(new)) - sum(len(f"<{count}>") for count in hidden) + sum(hidden) == len(new.text)
    assert next(part.size for part in new.stretches if part.hidden).endswith(" characters")


def test_lines_around_a_change_show_their_start_only() -> None:
    context, old, new = difference("x" * 500 + "\na", "x" * 500 + "\nb")
    assert whole(context).startswith("x" * 40)
    assert len(whole(context)) < 200
    assert (whole(old), whole(new)) == ("a", "b")


def test_lines_are_compared_to_the_one_put_in_at_their_place() -> None:
    lines = difference('"a": 1,\n"b": 2,', '"a": 10,\n"b": 20,\n"c": 30,')
    assert [(line.mark, changed(line)) for line in lines] == [
        ("-", ["1"]), ("-", ["2"]), ("+", ["10"]), ("+", ["20"]), ("+", []),
    ]  # fmt: skip


def test_lines_with_little_in_common_have_no_marks() -> None:
    assert [changed(line) for line in difference("one two three", "entirely (different) words")] == [[], []]


def test_a_masked_secret_stays_masked_in_a_stretch() -> None:
    secret = MaskedText.whole("api_key")
    before = '"token": ' + secret + ', "size": 1'
    old, _ = difference(before, before[:-1] + "2")
    assert changed(old) == ["1"]
    assert [span.label for part in old.stretches for span in spans_of(part.text)] == ["api_key"]


def test_texts_that_are_equal_differ_in_nothing() -> None:
    assert difference("a\nb", "a\nb") == ()
