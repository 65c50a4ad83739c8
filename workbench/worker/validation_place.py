"""Where a validation stands, read from the frames of jsonschema, in any of its releases and whatever calls it."""

from collections.abc import Iterator
from types import FrameType

from workbench.domain import Side, ValidationPlace
from workbench.worker.source import stack_of

_PACKAGE = "/jsonschema/"
_WALKERS = frozenset({"iter_errors", "descend"})
"""The functions that go into a schema: they have the keyword as ``k`` and the steps as ``path`` and ``schema_path``."""
_MOST = 500


def validation_place(innermost: FrameType | None) -> ValidationPlace | None:
    """The place of the validation under way, None where the stack has none."""
    stack = [*stack_of(innermost)][::-1]
    walkers = [frame for frame in stack if _PACKAGE in frame.f_code.co_filename and frame.f_code.co_name in _WALKERS]
    if not walkers:
        return None
    data: list[str] = []
    schema: list[str] = []
    keyword, upto = "", 0
    for frame in walkers[:_MOST]:
        names = frame.f_locals
        if frame.f_code.co_name == "descend":
            data += _step(names.get("path"))
            schema += _step(names.get("schema_path"))
        if isinstance(names.get("k"), str):
            schema.append(names["k"])
            if names["k"] != "$ref":
                keyword, upto = names["k"], len(schema)
    return ValidationPlace(_side(stack), tuple(data), tuple(schema[:upto]), keyword)


def _step(value: object) -> Iterator[str]:
    if isinstance(value, str | int):
        yield str(value)


def _side(stack: list[FrameType]) -> Side:
    """Which value is validated, where our SDK does it: its function knows."""
    for frame in stack:
        if frame.f_code.co_name == "check" and (source := frame.f_locals.get("source")) in tuple(Side):
            return Side(source)
    return Side.VALUE
