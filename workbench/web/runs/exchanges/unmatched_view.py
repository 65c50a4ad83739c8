"""What the details of an exchange show where the recording had no answer to its request."""

from dataclasses import dataclass

from workbench.domain import OnUnmatched, Run, Unmatched


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One thing that differs: its place, and both values; an empty one was not there."""

    place: str
    recorded: str
    sent: str


@dataclass(frozen=True, slots=True)
class UnmatchedView:
    """The exchange that comes closest, the run that it is of where it is one, and what differs.

    ``can_go_live``: another run may send such requests to the network, where this one did not.
    """

    closest: int | None
    run_id: str
    source: str
    rows: tuple[DifferenceRow, ...]
    note: str
    can_go_live: bool


def unmatched_view(run: Run, unmatched: Unmatched) -> UnmatchedView:
    """What differs between a request of the run and its recording."""
    answers = run.request.answers
    rows = tuple(
        DifferenceRow(
            f"{one.part} {one.pointer}".rstrip(),
            "" if one.recorded is None else one.recorded,
            "" if one.sent is None else one.sent,
        )
        for one in unmatched.differences
    )
    return UnmatchedView(
        unmatched.closest,
        answers.of_run,
        answers.label,
        rows,
        _note(unmatched),
        answers.on_unmatched is not OnUnmatched.LIVE,
    )


def _note(unmatched: Unmatched) -> str:
    """What is said where nothing differs."""
    if unmatched.stored is not None:
        return f"{unmatched.stored:,} of the {unmatched.size:,} bytes of its response are stored."
    if unmatched.closest is None:
        return "The recording has no exchanges."
    return "" if unmatched.differences else "It is equal, but has answered an earlier request."
