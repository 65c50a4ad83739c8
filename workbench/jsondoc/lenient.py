"""Reads JSON the way that people paste it: out of logs, escaped, as Python prints it, cut off at the end.

A note names everything that was not strict JSON and was repaired.
"""

import ast
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.domain import ABSENT, JSON, Absent
from workbench.jsondoc import strict

_NAMES: dict[str, JSON] = {"true": True, "false": False, "null": None, "undefined": None}
_ERRORS = (ValueError, SyntaxError, TypeError, RecursionError, MemoryError)
_RESULT = "ActionResult"
_OPENINGS = 40
"""Brackets in a text at which a value within it may begin."""
_ESCAPED = re.compile(r'[{\[]\s*\\+"')
_CLOSERS = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: the value, ABSENT with the ``error`` where there is none; ``note`` says what was repaired."""

    value: JSON | Absent
    note: str = ""
    error: str = ""


def read(text: str, *, exact: bool = True) -> Read:
    """The value of ``text``. NaN and duplicate keys, which Python's reader accepts, are an error if ``exact``."""
    try:
        return _unquoted(strict.loads(text))
    except strict.JsonError as not_json:
        error = f"The payload is not JSON. {not_json}"
    if (value := _python_json(text)) is not ABSENT:
        return Read(ABSENT, error=error) if exact else Read(value)
    for way, note in _WAYS:
        try:
            value = way(text.strip())
        except _ERRORS:
            continue
        if value is not ABSENT:
            return Read(value, note)
    return Read(ABSENT, error=error)


def _unquoted(value: JSON) -> Read:
    """JSON that was put into a JSON string, as logs do."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return Read(strict.loads(value), "It was JSON within a string, which was taken out of it.")
        except strict.JsonError:
            pass
    return Read(value)


def _python_json(text: str) -> JSON | Absent:
    """What Python's own reader makes of it, where only its content is wrong: a duplicate key, a number too large."""
    try:
        value: JSON = json.loads(text)
    except _ERRORS:
        return ABSENT
    return value


def _python(text: str) -> JSON | Absent:
    body = ast.parse(text, mode="eval").body
    other = isinstance(body, ast.Call) and not (isinstance(body.func, ast.Name) and body.func.id == _RESULT)
    return ABSENT if other else _evaluated(body)


def _evaluated(node: ast.expr) -> JSON:
    """The JSON of a Python literal, nothing of it executed; an object of another kind stands as its text."""
    match node:
        case ast.Constant(value=str() | bool() | int() | None as value):
            return value
        case ast.Constant(value=float() as value) if math.isfinite(value):
            return value
        case ast.Constant(value=bytes()):
            return ast.unparse(node)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)) if math.isfinite(value):
            return -value
        case ast.Name(id=name) if name in _NAMES:
            return _NAMES[name]
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return [_evaluated(item) for item in items]
        case ast.Dict(keys=keys, values=values):
            return {_name(key): _evaluated(value) for key, value in zip(keys, values, strict=True)}
        case ast.Call(func=ast.Name(id="ActionResult"), args=[], keywords=keywords):
            return next(_evaluated(each.value) for each in keywords if each.arg == "data")
        case ast.Call():
            return ast.unparse(node)
    raise ValueError("Not a literal.")


def _name(key: ast.expr | None) -> str:
    value = ABSENT if key is None else _evaluated(key)
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    raise ValueError("Not the name of a property.")


def _escaped(text: str) -> JSON | Absent:
    if not _ESCAPED.search(text):
        return ABSENT
    plain = json.loads(f'"{text.strip(chr(34))}"')
    return _either(plain) if isinstance(plain, str) else ABSENT


def _within(text: str) -> JSON | Absent:
    """The longest value in a text around it, of those that no other bracket is open around."""
    longest, found, after = 0, list[JSON](), 0
    for start in _openings(text):
        if start < after or not _is_balanced(text[:start]):
            continue
        after = _end(text, start)
        if not after or not _is_balanced(text[after:]):
            return ABSENT
        try:
            value = _either(text[start:after])
        except _ERRORS:
            continue
        if after - start > longest:
            longest, found = after - start, [value]
    return found[0] if found else ABSENT


def _escaped_within(text: str) -> JSON | Absent:
    first = _ESCAPED.search(text)
    return ABSENT if first is None else _within(re.sub(r'\\(["\\])', r"\1", text))


def _either(text: str) -> JSON:
    try:
        return strict.loads(text)
    except strict.JsonError:
        return _evaluated(ast.parse(text, mode="eval").body)


def _cut_off(text: str) -> JSON | Absent:
    """The value of a text that is cut off, without its last item, which may be incomplete."""
    start = next((at for at in _openings(text) if _is_balanced(text[:at])), None)
    if start is None or _end(text, start):
        return ABSENT
    stack: list[str] = []
    kept = start
    for at, sign in _signs(text, start):
        if sign in _CLOSERS:
            stack.append(_CLOSERS[sign])
        elif sign != "," and (not stack or stack.pop() != sign):
            return ABSENT
        kept = at if sign == "," else at + 1
    return _either(text[start:kept] + "".join(reversed(stack))) or ABSENT


def _openings(text: str) -> Iterator[int]:
    return (found.start() for found, _ in zip(re.finditer(r"[{\[]", text), range(_OPENINGS), strict=False))


def _is_balanced(text: str) -> bool:
    return all(text.count(opening) == text.count(closing) for opening, closing in _CLOSERS.items())


def _end(text: str, start: int) -> int:
    """Where the value that begins with the bracket at ``start`` ends; 0 where it does not."""
    depth = 0
    for at, sign in _signs(text, start):
        depth += (sign in _CLOSERS) - (sign in "]}")
        if depth == 0:
            return at + 1
    return 0


def _signs(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Brackets and commas outside of quotes, with their places."""
    pattern = re.compile(r""""(?:[^"\\]|\\.)*(?:"|\Z)|'(?:[^'\\]|\\.)*(?:'|\Z)|[{}\[\],]""", re.DOTALL)
    return (
        (found.start(), found[0])
        for found in pattern.finditer(text, start)
        if len(found[0]) == 1 and found[0] in "{}[],"
    )


_WAYS: tuple[tuple[Callable[[str], JSON | Absent], str], ...] = (
    (_python, "It was read as Python prints it."),
    (_escaped, "Its quotes were escaped; they were taken back."),
    (_within, "It was taken out of the text around it."),
    (_escaped_within, "It was taken out of the text around it, and its quotes were unescaped."),
    (
        _cut_off,
        "It is cut off. Its last property was dropped and it was closed, so the last errors may come from that.",
    ),
)
