"""JSON values and the one sentinel that JSON lacks: "there is no value here"."""

from enum import Enum
from typing import Final, Literal

type JSON = bool | int | float | str | list[JSON] | dict[str, JSON] | None
"""A JSON value as :mod:`json` reads it: integers are exact, objects keep their order."""


class _Absent(Enum):
    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> Literal[False]:
        return False


ABSENT: Final = _Absent.ABSENT
"""No value at all, as opposed to JSON's ``null``."""

type Absent = Literal[_Absent.ABSENT]
