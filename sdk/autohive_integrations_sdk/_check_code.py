"""The Python code of a schema's check: a function that says whether data is certainly valid.

It compares exact types and uses the operators that jsonschema uses, so that there is nothing on which the two could
differ: a value of any other type (a tuple, an enum member, a subclass of ``dict``) is not certain. Straight code for
one schema takes less time than a walk over all values that knows nothing of the schema.

Code is written in two forms. That of most schemas returns False for what is invalid and for what is not certain. Where
a value that is invalid by one schema can still be valid (below ``not``, ``anyOf``, ``if`` and the like) the form is
exact: it returns False for what is invalid and raises :class:`Unsure` for what is not certain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autohive_integrations_sdk._check_body import Body
from autohive_integrations_sdk._schema_survey import JSON_TYPES, Survey


class Unsure(Exception):
    """Only jsonschema can say whether the data is valid."""


def compile_check(schema: Any, survey: Survey) -> Callable[[Any], bool]:
    """The check of a schema: whether data is certainly valid."""
    code = Code(survey)
    source = code.text(schema)
    exec(compile(source, "<check of a schema>", "exec"), code.names)  # noqa: S102 - made of names and literals alone
    made: Callable[[Any], bool] = code.names["accepts"]
    return made


def _odd(value: Any) -> bool:
    """False for a value that is certainly of none of the types of a rule."""
    if type(value) in JSON_TYPES:
        return False
    raise Unsure


def _are_unique(items: list[Any]) -> bool:
    """Whether all items are strings that differ; of others only jsonschema knows which are equal."""
    if set(map(type, items)) <= {str}:
        return len(set(items)) == len(items)
    raise Unsure


class Code:
    """The functions of a schema, each written once for each form, and the objects that they name."""

    def __init__(self, survey: Survey) -> None:
        self.definition = survey.definition
        self.is_well_formed = survey.is_well_formed
        builtins = (type, dict, list, str, int, float, len, any, map, sum, Exception, KeyError)
        self.names: dict[str, Any] = {"__builtins__": {}, **{each.__name__: each for each in builtins}}
        self.names |= {"odd": _odd, "are_unique": _are_unique, "Unsure": Unsure}
        self._functions: dict[tuple[int, bool, bool], str] = {}
        self._waiting: list[tuple[str, Any, bool, bool]] = []

    def text(self, schema: Any) -> str:
        """The source of all functions; ``accepts`` is the check of that schema."""
        lines = self._function("accepts", schema, False, False)
        while self._waiting:
            lines += self._function(*self._waiting.pop())
        return "\n".join(lines)

    def _function(self, name: str, schema: Any, exact: bool, many: bool) -> list[str]:
        lines = [f"def {name}({'vs' if many else 'v'}):"]
        if many:
            lines.append("    for v in vs:")
        lines += ["    " * (depth + 1 + many) + line for depth, line in Body(self, exact).of(schema)]
        lines.append("    return True")
        if exact:
            return lines
        # Besides KeyError, for a missing property, only the first function catches what is raised: to go on after a
        # RecursionError may have no end
        caught = "Exception" if name == "accepts" else "KeyError"
        tried = ["    " + line for line in lines[1:]]
        return [lines[0], "    try:", *tried, f"    except {caught}:", "        return False"]

    def function(self, schema: Any, exact: bool, *, many: bool = False) -> str:
        """The name of the function that checks one value, or ``many`` with one call."""
        key = id(schema), exact, many
        if key not in self._functions:
            self._functions[key] = f"check_{len(self._functions)}"
            self._waiting.append((self._functions[key], schema, exact, many))
        return self._functions[key]

    def constant(self, value: Any) -> str:
        """The name of an object."""
        name = f"k{len(self.names)}"
        self.names[name] = value
        return name
