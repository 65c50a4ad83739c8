"""Mistakes between an integration and the SDK contract it runs under, recognised from what was seen of a run."""

from workbench.domain import Run, RunState, Status
from workbench.web.presenters.mistakes import awaiting, calling, credentials, fetching, records, returning, values
from workbench.web.presenters.mistakes.seen import Mistake, errors

__all__ = ["Mistake", "decisive", "recognise"]

_TOLD = (Status.FAILED, Status.INVALID_OUTPUT)
"""How runs end for which a mistake is what there is to say."""
_RAISED = (awaiting.of_error, fetching.of_error, calling.of_error, credentials.of_error)
_RETURNED = (awaiting.of_return, records.of_return, returning.of_return, values.of_return, values.of_cost)


def recognise(run: Run) -> Mistake | None:
    """The mistake that explains how the run ended, or None where nothing speaks for one."""
    if run.outcome.state is not RunState.FINISHED or run.request.pasted:
        return None
    raised = (look(run, error) for error in errors(run.outcome.error) for look in _RAISED)
    returned = (look(run) for look in (*_RETURNED, credentials.of_refusal))
    return next(filter(None, raised), None) or next(filter(None, returned), None)


def decisive(run: Run) -> Mistake | None:
    """The mistake that ended the run: the first thing to be told of it. None where something else did."""
    return recognise(run) if run.outcome.status in _TOLD else None
