"""Environment variables in the text of a ``.env`` file, as python-dotenv reads it."""

from dataclasses import dataclass
from io import StringIO

from dotenv import dotenv_values
from dotenv.parser import Original, parse_stream

from workbench.domain import EnvironmentVariable

LARGEST = 1024 * 1024
"""Bytes of a file that is read."""


@dataclass(frozen=True, slots=True)
class EnvFile:
    """The variables of a file, the last where one is given twice, and the lines that are no assignments.

    A name without a value is left out: the variable stays as it is in the surrounding environment.
    """

    variables: tuple[EnvironmentVariable, ...] = ()
    invalid_lines: tuple[int, ...] = ()


def read_env_text(text: str) -> EnvFile:
    """The variables in ``text``. ``${NAME}`` stands for a variable of the text or of the surrounding environment."""
    bindings = list(parse_stream(StringIO(text)))
    invalid = tuple(_line(binding.original) for binding in bindings if binding.error)
    valid = "".join(binding.original.string for binding in bindings if not binding.error)
    values = dotenv_values(stream=StringIO(valid))
    return EnvFile(
        tuple(EnvironmentVariable(name, value) for name, value in values.items() if value is not None), invalid
    )


def _line(original: Original) -> int:
    """The line on which the text of a binding stands; blank lines before it count as its own."""
    blank = len(original.string) - len(original.string.lstrip())
    return original.line + original.string.count("\n", 0, blank)
