"""Mistakes between an integration and the SDK contract it runs under, recognised from what a run recorded."""

from collections.abc import Callable

from workbench.domain import Run, RunState, Status
from workbench.explain.hints import (
    auth_access,
    empty_bodies,
    environment,
    expired_token,
    fetch_results,
    handler_calls,
    missing_await,
    missing_keys,
    missing_module,
    published_sdk,
    python_values,
    records,
    return_types,
)
from workbench.explain.hints.evidence import Hint, HintAction, errors
from workbench.explain.outcome_cache import once_a_run

__all__ = ["Hint", "HintAction", "decisive", "of_run", "recognise"]

_EXPLAINED = (Status.FAILED, Status.INVALID_OUTPUT)
"""How runs end that a mistake explains."""
_RAISED = (
    missing_module.of_error,
    missing_await.of_error,
    expired_token.of_error,
    fetch_results.of_error,
    handler_calls.of_error,
    missing_keys.of_error,
    auth_access.of_error,
    environment.of_error,
    empty_bodies.of_error,
)
_IMPORTED = (missing_module.of_error, environment.of_error)
_RETURNED = (
    published_sdk.of_invalid_auth,
    missing_await.of_return,
    records.of_return,
    return_types.of_return,
    python_values.of_return,
    python_values.of_cost,
)


@once_a_run
def recognise(run: Run) -> Hint | None:
    """The mistake that explains how the run ended, or None where nothing points to one."""
    if run.outcome.state is not RunState.FINISHED or run.request.pasted:
        return None
    raised = (_ask(look, run, error) for error in errors(run.outcome.error) for look in _RAISED)
    returned = (_ask(look, run) for look in (*_RETURNED, auth_access.of_report, environment.of_report))
    return next(filter(None, raised), None) or next(filter(None, returned), None)


def _ask[*About](look: Callable[[*About], Hint | None], *about: *About) -> Hint | None:
    """What a hint says; None where it fails on false events of a worker: no page of other runs may break."""
    try:
        return look(*about)
    except Exception:
        return None


def of_run(run: Run) -> tuple[Hint, ...]:
    """The hints on a run: at most one today."""
    found = recognise(run)
    return (found,) if found else ()


def decisive(run: Run) -> Hint | None:
    """The mistake that ended the run: the first thing to say of it. None where something else did."""
    if run.outcome.status is Status.LOAD_FAILED:
        looked = (_ask(look, run, error) for error in errors(run.outcome.error) for look in _IMPORTED)
        return next(filter(None, looked), None)
    found = recognise(run) if run.outcome.status in _EXPLAINED else None
    return None if found is None or found.beside else found
