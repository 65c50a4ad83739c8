"""Texts and JSON values as Python; a masked stretch is read from the environment."""

import json
import re
from functools import partial
from itertools import accumulate, product
from typing import Any, Final

from workbench.domain.masked_text import read_with_masks
from workbench.web.runs.request_code import curl

_LONGEST: Final = 20_000
"""Characters of JSON that are written as a value."""
_LINE: Final = 70
_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_DEEPEST: Final = 60
"""Levels of JSON that are written as a value."""


def expression(text: str) -> str:
    """A text."""
    return " + ".join(_variable(label) if label else repr(piece) for piece, label in curl.stretches(text)) or "''"


def url_expression(url: str) -> str:
    """A URL; what stands for a secret is written as URLs have it."""
    pieces = (f'quote({_variable(label)}, safe="")' if label else repr(piece) for piece, label in curl.stretches(url))
    return " + ".join(pieces) or "''"


def _variable(label: str) -> str:
    return f'os.environ["{curl.variable(label)[1:]}"]'


def json_argument(text: str, indent: int) -> str:
    """The argument that sends this JSON byte for byte: ``json=…``, else ``data=json.dumps(…)``; empty for none.

    Empty, too, where Python writes the value in another way (white space, ``1.10``, a key twice).
    """
    if len(text) > _LONGEST or text[:1] not in ("{", "[") or _is_deep(text):
        return ""
    known = "".join("x" if label else piece for piece, label in curl.stretches(text))
    try:
        value, plain = read_with_masks(text, partial(json.loads, parse_constant=_reject)), json.loads(known)
    except (ValueError, RecursionError):
        return ""
    for separators, escapes in product((None, (",", ":")), (True, False)):
        if json.dumps(plain, separators=separators, ensure_ascii=escapes) != known:
            continue
        if separators is None and escapes:
            return f"json={literal(value, indent)}"
        options = ', separators=(",", ":")' * (separators is not None) + ", ensure_ascii=False" * (not escapes)
        return f"data=json.dumps({literal(value, indent)}{options}).encode()"
    return ""


def _is_deep(text: str) -> bool:
    """Whether brackets stand in more levels than are written."""
    steps = (1 if char in "{[" else -1 for char in _STRING.sub("", text) if char in "{}[]")
    return max(accumulate(steps), default=0) > _DEEPEST


def literal(value: Any, indent: int) -> str:
    """A JSON value as an expression; what is long has a line for each entry, the first ``indent`` blanks deep."""
    if isinstance(value, str):
        return expression(value)
    if not isinstance(value, dict | list) or not value:
        return repr(value)
    inner = indent + 4
    if isinstance(value, dict):
        entries, ends = [f"{expression(key)}: {literal(item, inner)}" for key, item in value.items()], "{}"
    else:
        entries, ends = [literal(item, inner) for item in value], "[]"
    one = f"{ends[0]}{', '.join(entries)}{ends[1]}"
    if len(one) <= _LINE and "\n" not in one:
        return one
    lines = "".join(f"\n{' ' * inner}{entry}," for entry in entries)
    return f"{ends[0]}{lines}\n{' ' * indent}{ends[1]}"


def _reject(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
