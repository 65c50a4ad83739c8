"""A return value that is not there as a whole, in words."""

from workbench.domain import Cut, CutReason, Run
from workbench.explain.text import size


def cut_of(run: Run) -> Cut | None:
    """What is missing of a run's return value, None where nothing is."""
    return run.outcome.returned.cut if run.outcome.returned is not None else None


def amount(cut: Cut) -> str:
    """``50.3 MB of 120 MB kept``."""
    if cut.size is None:
        return f"the first {size(cut.stored)} kept"
    return f"{size(cut.stored)} of {size(cut.size)} kept"


def reason(cut: Cut) -> str:
    """What happened to the value, and what to do, as sentences."""
    if cut.reason is CutReason.MADE_ROOM:
        return f"The value ({size(cut.size or 0)}) was dropped to make room for newer runs. Run this again to see it."
    return (
        f"The value is larger than the workbench stores: {amount(cut)}. "
        "The SDK validated the whole value; the workbench did not look for further errors and warnings in it."
    )
