"""JSON text in the controls of a form: what HTML can carry unchanged, and numbers as they are typed."""

import json
import math
import re

from workbench.domain import JSON
from workbench.domain.masked_text import json_text

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_SPACE = " \t\n\r"
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)


_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")


def dumps(value: JSON, *, indent: int | None = None) -> str:
    """The JSON text of ``value``. Characters that HTML would change on its way are written as escapes."""
    text = json_text(value, indent)
    return json.dumps(value, indent=indent) if _ODD.search(text) else text


def is_plain(text: str) -> bool:
    """Whether a text control carries ``text`` unchanged to the server and back (line feeds need a textarea)."""
    return not _ODD.search(text)


def visible(text: str) -> str:
    """``text`` without the characters that UTF-8 or HTML cannot carry; only the text of a schema has them."""
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
    """A suggestion of the number that was meant, where there is one."""
    folded = "".join(str(int(char)) if char.isdecimal() else char for char in text)
    grouped = re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", folded)
    folded = folded.replace(",", "") if grouped else folded.replace(",", ".")
    for guess in (folded.replace("_", "").replace(" ", "").lstrip("+"),):
        guess = f"0{guess}" if guess.startswith(".") else guess.rstrip(".")
        guess = re.sub(r"^(-?)0+(?=[0-9])", r"\1", guess)
        if _NUMBER.fullmatch(guess):
            return f" Write {guess}."
    return " Write digits, with a point for decimals."
