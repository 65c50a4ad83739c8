"""How a JSON text is laid out, so that what is added to it looks like the rest."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from workbench.domain import JSON

INDENT = "    "
"""The margin of a level, for a text that shows none."""
LONGEST_INLINE = 100
"""Characters of an array or an object that is put on one line among others that are."""

_INLINE_ARRAY, _SPREAD_ARRAY = re.compile(r"\[[^\[\]{}\n]+\]"), re.compile(r"\[[ \t\r]*\n[^\[\]{}]*\]")
_INLINE_OBJECT, _SPREAD_OBJECT = re.compile(r"\{[^\[\]{}\n]+\}"), re.compile(r"\{[ \t\r]*\n[^\[\]{}]*\}")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """``step`` is the margin that a level adds, ``newline`` ends a line; ``ascii`` escapes all other characters.

    ``comma`` and ``colon`` separate what stands on one line, ``padding`` stands within its braces. ``inline_arrays``
    and ``inline_objects`` tell whether arrays and objects that hold no further ones stand on one line.
    """

    step: str = INDENT
    newline: str = "\n"
    ascii: bool = True
    comma: str = ", "
    colon: str = ": "
    padding: str = ""
    inline_arrays: bool = False
    inline_objects: bool = False

    def inline(self, value: JSON) -> str:
        """The value on one line."""
        if isinstance(value, dict) and value:
            members = (self.key(name) + self.inline(item) for name, item in value.items())
            return f"{{{self.padding}{self.comma.join(members)}{self.padding}}}"
        if isinstance(value, list):
            return f"[{self.comma.join(map(self.inline, value))}]"
        return json.dumps(value, ensure_ascii=self.ascii)

    def spread(self, value: JSON, margin: str) -> str:
        """The value over lines, each behind ``margin``; what the text has on one line stays on one."""
        if not isinstance(value, dict | list) or not value or self._stays_inline(value, margin):
            return self.inline(value)
        inner = margin + self.step
        items = (
            [f"{json.dumps(name, ensure_ascii=self.ascii)}: {self.spread(item, inner)}" for name, item in value.items()]
            if isinstance(value, dict)
            else [self.spread(item, inner) for item in value]
        )
        body = f",{self.newline}{inner}".join(items)
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        return f"{opening}{self.newline}{inner}{body}{self.newline}{margin}{closing}"

    def key(self, name: Any) -> str:
        """A key with its colon, as it stands on one line."""
        return json.dumps(name, ensure_ascii=self.ascii) + self.colon

    def _stays_inline(self, value: dict[str, Any] | list[Any], margin: str) -> bool:
        allowed = self.inline_objects if isinstance(value, dict) else self.inline_arrays
        if not allowed or any(
            isinstance(item, dict) or (isinstance(item, list) and not self.inline_arrays) for item in _items(value)
        ):
            return False
        return len(margin) + len(self.inline(value)) <= LONGEST_INLINE


def style_of(text: str) -> TextStyle:
    """The style that most of the text has."""
    return TextStyle(
        step=_step(text),
        newline="\r\n" if "\r\n" in text else "\n",
        ascii=text.isascii(),
        comma="," if _mostly(r'[,\w"\]}],(?=["\w\[{])', r'[\w"\]}], ', text) else ", ",
        colon=":" if _mostly(r'":(?=\S)', r'": ', text) else ": ",
        padding=" " if _mostly(r'\{ "[^{}\n]*\}', r'\{"[^{}\n]*\}', text) else "",
        inline_arrays=_is_inline(_INLINE_ARRAY, _SPREAD_ARRAY, text),
        inline_objects=_is_inline(_INLINE_OBJECT, _SPREAD_OBJECT, text),
    )


def margin_at(text: str, at: int) -> str:
    """The blanks that begin the line on which something stands."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _items(value: dict[str, Any] | list[Any]) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value


def _mostly(one: str, other: str, text: str) -> bool:
    return len(re.findall(one, text)) > len(re.findall(other, text))


def _is_inline(inline: re.Pattern[str], spread: re.Pattern[str], text: str) -> bool:
    return len(inline.findall(text)) > len(spread.findall(text))


def _step(text: str) -> str:
    steps: Counter[str] = Counter()
    before = ""
    for line in text.splitlines():
        margin = line[: len(line) - len(line.lstrip(" \t"))]
        if len(margin) > len(before) and margin.startswith(before):
            steps[margin[len(before) :]] += 1
        before = margin
    return steps.most_common(1)[0][0] if steps else INDENT
