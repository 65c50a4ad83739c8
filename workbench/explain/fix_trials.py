"""What the test of a suggested fix showed, in words."""

from workbench.explain.text import count
from workbench.schema import Fix

_VALUES = {"output": "result", "input": "input", "auth": "auth value"}


def describe_trial(fix: Fix, where: str) -> str:
    """What became of this error, of the others, and of earlier values of the same schema; ``where`` is their side."""
    here = "Fixes this error"
    if fix.remaining:
        here += f"; {count(fix.remaining, 'other')} remain{'s' * (fix.remaining == 1)}"
    if not fix.earlier:
        return f"{here}."
    passed = "all" if fix.passing == fix.earlier > 1 else str(fix.passing)
    earlier = count(fix.earlier, f"earlier {_VALUES[where]}")
    return f"{here}. {passed.capitalize()} of {earlier} pass{'es' * (fix.earlier == 1)} with it."
