"""JSON as text, strictly: RFC 8259's grammar, no NaN, no duplicate keys, and the place of what is wrong."""

import json
import math
import re
from collections import Counter

from workbench.domain import JSON

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_SPACE = " \t\n\r"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|-?Infinity|NaN|-?[0-9][0-9.eE+-]*|[a-z]+')
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)


_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")


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


def dumps(value: JSON, *, indent: int | None = None) -> str:
    """The JSON text of ``value``. Characters that HTML would change on its way are written as escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return json.dumps(value, indent=indent) if _ODD.search(text) else text


def same(a: JSON, b: JSON) -> bool:
    """Whether two values have one JSON text: ``1``, ``1.0`` and ``true`` are three."""
    return a == b and json.dumps(a) == json.dumps(b)


def is_plain(text: str) -> bool:
    """Whether a text control carries ``text`` unchanged to the server and back (line feeds need a textarea)."""
    return not _ODD.search(text)


def visible(text: str) -> str:
    """``text`` as a page can carry it. What UTF-8 or HTML has no place for is marked: only a schema's words hold it."""
    return _UNSENDABLE.sub("\ufffd", text)


def number(text: str) -> int | float:
    """The number that ``text`` is in JSON's grammar; raises ValueError whose message says what to write instead."""
    stripped = text.strip(_SPACE)
    if not _NUMBER.fullmatch(stripped):
        raise ValueError(f"“{text}” is not a number in JSON.{_advice(stripped)}")
    if not set(".eE") & set(stripped):
        try:
            return int(stripped)
        except ValueError:
            raise ValueError("The number has more digits than can be read (4,300). Write fewer.") from None
    value = float(stripped)
    if math.isinf(value):
        raise ValueError(f"“{text}” is larger than a number can be here (about 1.8e308).")
    return value


def _advice(text: str) -> str:
    """What was probably meant, where that is a number."""
    folded = "".join(str(int(char)) if char.isdecimal() else char for char in text)
    grouped = re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", folded)
    folded = folded.replace(",", "") if grouped else folded.replace(",", ".")
    for guess in (folded.replace("_", "").replace(" ", "").lstrip("+"),):
        guess = f"0{guess}" if guess.startswith(".") else guess.rstrip(".")
        guess = re.sub(r"^(-?)0+(?=[0-9])", r"\1", guess)
        if _NUMBER.fullmatch(guess):
            return f" Write {guess}."
    return " Write digits, with a point for decimals."


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
