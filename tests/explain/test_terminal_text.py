"""Text of others in a terminal and in the log of a build: it steers neither."""

import pytest

from workbench.explain.terminal_text import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x9b0m\x07", "\\x1b[31mred\\x9b0m\\x07"),
        ("safe\u202egpj.exe\u2066", "safe\\u202egpj.exe\\u2066"),
        ("bad\n::error file=a.py::no", "bad\n\\x3a:error file=a.py::no"),
        ("x" * 70 + " ::Add-Mask::x", "x" * 70 + " \\x3a:Add-Mask::x"),
        ("##[group]x", "\\x23#[group]x"),
        ("std::string a::errors ## [x]\tü", "std::string a::errors ## [x]\tü"),
    ],
)
def test_what_steers_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown
