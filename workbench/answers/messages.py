"""What is said of a request that a recording has no answer to: by the error that its handler gets, and on pages."""

from workbench.domain import RequestDifference, Unmatched

_SHOWN = 3


def unmatched_message(unmatched: Unmatched) -> str:
    """One or two sentences: the request, the recorded exchange that comes closest, and what differs."""
    if unmatched.stored is not None:
        return (
            f"The recorded response to {unmatched.request} cannot be replayed: {unmatched.stored:,} of its "
            f"{unmatched.size:,} bytes are stored."
        )
    first = f"The recording has no answer to {unmatched.request}."
    if unmatched.closest is None:
        return f"{first} It has no exchanges."
    if not unmatched.differences:
        return f"{first} Exchange {unmatched.closest} is equal, but has answered an earlier request."
    shown = [difference_text(one) for one in unmatched.differences[:_SHOWN]]
    more = len(unmatched.differences) - len(shown)
    listed = "; ".join(shown) + (f"; and {more} more" if more > 0 else "")
    return f"{first} Exchange {unmatched.closest} comes closest; it differs in {listed}."


def difference_text(difference: RequestDifference) -> str:
    """``query /page: recorded "1", sent "2"``."""
    place = f"{difference.part} {difference.pointer}" if difference.pointer else str(difference.part)
    if difference.recorded is None:
        return f"{place}: not recorded, sent {difference.sent}"
    if difference.sent is None:
        return f"{place}: recorded {difference.recorded}, not sent"
    return f"{place}: recorded {difference.recorded}, sent {difference.sent}"
