"""Texts of Python and its libraries, which do not help the users of an integration."""

import re
from typing import Final

_PYTHON: Final = re.compile(
    r"""
    '[\w.]+'\ object\ (?:is\ not|has\ no|does\ not|cannot|doesn't)
    | \b(?:list|string|tuple|byte|str|range)\ (?:index|indices)\ (?:out\ of|must)
    | \b(?:list|tuple|string|slice)\ indices\ must
    | object\ of\ type\ '\w+'\ has\ no | is\ not\ in\ (?:list|tuple|deque)$
    | unsupported\ operand\ type | not\ supported\ between\ instances
    | argument\ of\ type\ '\w+'\ is\ not | is\ not\ iterable | can\ only\ concatenate | must\ be\ str,\ not
    | expected\ string\ or\ bytes-like | sequence\ item\ \d+:\ expected
    | Expecting\ (?:value|property\ name|'[,:]'\ delimiter) | Extra\ data:\ line | Unterminated\ string\ starting
    | Attempt\ to\ decode\ JSON\ with\ unexpected | could\ not\ convert\ string\ to\ float
    | invalid\ literal\ for\ int\(\) | (?:not\ enough|too\ many)\ values\ to\ unpack | cannot\ unpack\ non-iterable
    | (?:int|float)\(\)\ argument\ must | Invalid\ isoformat\ string | argument\ must\ be\ str
    | does\ not\ match\ format\ ' | unhashable\ type | \bNoneType\b | takes\ \d+\ positional\ argument
    | missing\ \d+\ required\ positional | codec\ can't\ (?:de|en)code | Incorrect\ padding
    | Traceback\ \(most\ recent | <class\ ' | <\w+(?:\.\w+)*\ object\ at\ 0x
    | \[Errno\ -?\d+\] | ssl:(?:default|True|False)
    | \b(?:Key|Type|Value|Attribute|Index|Name|Runtime|Lookup|Assertion|Recursion|JSONDecode|UnicodeDecode)Error\b
    | \bTimeoutError\b
    """,
    re.VERBOSE,
)
_QUOTED_END: Final = re.compile(r"(?:^|[:(]\s*)'([^']{1,200})'\)?\.?\s*$")
"""How a text ends that was made with a ``KeyError``, whose own text is the key in quotes."""

_NOTHING: Final = re.compile(r"(?:^|:)\s*$")
"""How a text ends that was made with an exception without words, such as ``TimeoutError()``."""


def is_python_text(text: str, keys: frozenset[str]) -> bool:
    """Whether a message is the raw text of an exception, or ends with one.

    ``keys`` are the names in the answers and inputs: one of them in quotes at the end is that of a ``KeyError``.
    """
    quoted = _QUOTED_END.search(text)
    return bool(_PYTHON.search(text) or _NOTHING.search(text) or (quoted and quoted[1] in keys))
