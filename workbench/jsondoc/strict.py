"""JSON as text, strictly: RFC 8259's grammar, no NaN, no duplicate keys, and the place of what is wrong."""

import json
import math
import re
from collections import Counter

from workbench.domain import JSON

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|-?Infinity|NaN|-?[0-9][0-9.eE+-]*|[a-z]+')


class JsonError(ValueError):
    """Text that is not strict JSON. ``line`` and ``column`` count from 1; the message says what stands there."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"Line {line}, column {column}: {message}")
        self.line = line
        self.column = column


class _Refused(ValueError):
    """Raised inside the decoder's hooks, which do not know where they are; the place is found afterwards."""


def loads(text: str) -> JSON:
    """The value of ``text``; raises :class:`JsonError` where it is not strict JSON or cannot be kept exactly."""
    try:
        value: JSON = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise JsonError(f"{_lower(error.msg)}.", error.lineno, error.colno) from None
    except _Refused as error:
        raise JsonError(str(error), *_position(text, _first_refused(text))) from None
    except RecursionError:
        raise JsonError("the value is nested too deeply to be read.", 1, 1) from None
    except ValueError:
        raise JsonError("a number has more digits than can be read (4,300).", 1, 1) from None
    return value


def _unique(pairs: list[tuple[str, JSON]]) -> JSON:
    members = dict(pairs)
    if len(members) != len(pairs):
        counted = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counted.items() if count > 1)
        raise _Refused(f"the key {json.dumps(twice, ensure_ascii=False)} stands twice in one object.")
    return members


def _no_constant(name: str) -> JSON:
    raise _Refused(f"{name} is not JSON; there is no such number.")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _Refused(f"{text} is larger than a number can be here (about 1.8e308).")
    return value


def _first_refused(text: str) -> int:
    """Where the first constant, oversized number or second key of the same name begins."""
    stack: list[set[str]] = []
    tokens = list(_TOKEN.finditer(text))
    for index, token in enumerate(tokens):
        word = token.group()
        if word in "{[":
            stack.append(set())
        elif word in "}]" and stack:
            stack.pop()
        elif word in {"NaN", "Infinity", "-Infinity"} or (word[-1].isdigit() and math.isinf(float(word))):
            return token.start()
        elif word[0] == '"' and index + 1 < len(tokens) and tokens[index + 1].group() == ":" and stack:
            key = json.loads(word, strict=False)
            if key in stack[-1]:
                return token.start()
            stack[-1].add(key)
    return 0


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
