"""The inputs of an earlier run, run again: a page shows its secrets as ``‹api_key›``, the handler gets what they were.

Only text that the page itself masked is put back, and only from the run that the page was filled from. What was typed
around a mask cannot be understood, so it is refused in words instead of being sent.
"""

import re
from collections.abc import Iterator

from workbench.domain import ABSENT, JSON, Absent, ErrorCode, Side, ValidationError
from workbench.jsondoc import pointer as pointers

_MASK = re.compile("‹[^‹›\r\n]{1,200}›")


def restored(value: JSON, masked: JSON, raw: JSON | Absent) -> tuple[JSON, list[ValidationError]]:
    """``value`` with each text that stands in ``masked`` replaced by what stood in ``raw`` at its place.

    ``raw`` is ABSENT where the run is not kept any more. The problems name what could not be replaced.
    """
    known: dict[str, list[JSON]] = {}
    if raw is not ABSENT:
        for shown, real in _differences(masked, raw):
            if real not in known.setdefault(shown, []):
                known[shown].append(real)
        if not known:
            return value, []
    labels = {label for shown in known for label in _MASK.findall(shown)} if known else None
    problems: list[ValidationError] = []
    return _restore(value, "", known, labels, problems), problems


def _differences(masked: JSON, raw: JSON) -> Iterator[tuple[str, JSON]]:
    todo = [(masked, raw)]
    while todo:
        shown, real = todo.pop()
        if isinstance(shown, dict) and isinstance(real, dict) and len(shown) == len(real):
            todo += zip(shown, real, strict=True)
            todo += zip(shown.values(), real.values(), strict=True)
        elif isinstance(shown, list) and isinstance(real, list) and len(shown) == len(real):
            todo += zip(shown, real, strict=True)
        elif isinstance(shown, str) and shown != real:
            yield shown, real


def _restore(
    value: JSON, pointer: str, known: dict[str, list[JSON]], labels: set[str] | None, problems: list[ValidationError]
) -> JSON:
    if isinstance(value, dict):
        members = {}
        for name, member in value.items():
            at = pointers.join(pointer, name)
            key = _text(name, at, known, labels, problems)
            members[key if isinstance(key, str) else name] = _restore(member, at, known, labels, problems)
        return members
    if isinstance(value, list):
        return [_restore(item, f"{pointer}/{place}", known, labels, problems) for place, item in enumerate(value)]
    return _text(value, pointer, known, labels, problems) if isinstance(value, str) else value


def _text(
    text: str, pointer: str, known: dict[str, list[JSON]], labels: set[str] | None, problems: list[ValidationError]
) -> JSON:
    real = known.get(text, [])
    if len(real) == 1:
        return real[0]
    found = next((label for label in _MASK.findall(text) if labels is None or label in labels), None)
    if found:
        words = f"{found} stands for a secret that this page does not hold. Type the value itself."
        problems.append(ValidationError(Side.INPUT, pointer, "", "masked", words, code=ErrorCode.OTHER))
    return text
