"""Source as pages show it: every character of it, coloured, with secrets masked."""

import pytest

from workbench.domain import MaskedText
from workbench.domain.masked_text import join, spans_of
from workbench.web.ui.highlight import LARGEST, highlight
from workbench.web.ui.source_lines import source_lines

PYTHON = [
    '"""Two',
    'lines."""',
    "",
    '@action("a")',
    "class A:",
    "    async def execute(self):  # go",
    "        return 1.5",
]


@pytest.mark.parametrize("path", ["a.py", "a.json", "notes.txt"])
def test_every_character_stays_on_its_line(path: str) -> None:
    for lines in (PYTHON, ['{"a": [1, null],', "", ' "b": "x"}'], [""], [], ["broken ' \" {", "\t\u2028é"]):
        assert ["".join(token.text for token in line) for line in highlight(lines, path)] == lines


def test_kinds_are_told_apart_over_lines() -> None:
    found = [{token.kind: token.text.strip() for token in line if token.kind} for line in highlight(PYTHON, "a.py")]
    assert found[0] == {"string": '"""Two'}
    assert found[1] == {"string": 'lines."""'}
    assert found[3]["decorator"] == "@action"
    assert found[4] == {"keyword": "class", "function": "A"}
    assert found[5]["comment"] == "# go"
    assert found[6] == {"keyword": "return", "number": "1.5"}
    (line,) = highlight(['{"a": "x"}'], "config.json")
    assert [(token.kind, token.text) for token in line if token.kind] == [("property", '"a"'), ("string", '"x"')]


def test_a_huge_text_stays_plain() -> None:
    assert highlight(["x = 1" * LARGEST], "a.py")[0][0].kind == ""


def test_marks_and_masks_stay() -> None:
    text = join(('key = "', MaskedText.whole("api_key"), '"'))
    (first, second) = source_lines([text, "pass"], 7, "a.py", {8: ("raised", "raised here")})
    assert [span.label for token in first.tokens for span in spans_of(token.text)] == ["api_key"]
    assert (second.number, second.mark, second.note) == (8, "raised", "raised here")
