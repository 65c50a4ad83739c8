"""What JSON Schema calls the type of a value."""

from typing import Final

ARTICLES: Final = {
    "string": "a string",
    "array": "an array",
    "object": "an object",
    "boolean": "a boolean",
    "integer": "an integer",
    "number": "a number",
    "null": "null",
}
"""Each type of JSON Schema as it stands in a sentence."""

TYPES: Final = tuple(ARTICLES)
"""The types of JSON Schema."""


def type_name(value: object) -> str:
    """The type: ``array``; ``integer`` for 1, ``number`` for 1.0. A Python value that is not JSON gives its class."""
    if value is None:
        return "null"
    for type_, name in ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array")):
        if isinstance(value, type_):
            return name
    return "object" if isinstance(value, dict) else type(value).__name__


def with_article(name: str) -> str:
    """A type's name as it stands in a sentence: ``an array``; a name that is no type of JSON Schema as it is."""
    return ARTICLES.get(name, name)


def type_phrase(value: object) -> str:
    """The type of a value as it stands in a sentence: ``an array``."""
    return with_article(type_name(value))
