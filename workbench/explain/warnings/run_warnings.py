"""What is wrong with a run that its status does not say, as values with their sentences."""

from collections.abc import Iterator

from workbench.domain import ErrorCode, Kind, Run, RunState, RunWarningKind, Status
from workbench.explain import hints, reported_error, return_phrases, validation_errors
from workbench.explain.hints import Hint, python_values
from workbench.explain.http import failed_requests, network
from workbench.explain.outcome_cache import once_a_run
from workbench.explain.text import Part, Sentence, code, count, sentence, shorten
from workbench.explain.warnings import background_work, cut_values, printed_secrets
from workbench.explain.warnings.run_warning import RunWarning


@once_a_run
def of_run(run: Run) -> tuple[RunWarning, ...]:
    """The warnings of a finished run, the weightiest first."""
    if run.outcome.state is not RunState.FINISHED or run.request.load_only or run.request.pasted:
        return ()
    of_success = _of_success(run) if run.outcome.status is Status.SUCCEEDED else ()
    return (*of_success, *_cut(run), *background_work.warnings(run), *printed_secrets.warnings(run))


def doubt(run: Run) -> RunWarning | None:
    """The warning because of which a run that succeeded is not shown as a success; None where there is none."""
    return _doubt_in(run, of_run(run)) if run.outcome.status is Status.SUCCEEDED else None


def _doubt_in(run: Run, warnings: tuple[RunWarning, ...]) -> RunWarning | None:
    if run.outcome.status is not Status.SUCCEEDED:
        return None
    return next((warning for warning in warnings if warning.kind.is_doubt), None)


def further(run: Run) -> tuple[RunWarning, ...]:
    """The warnings that the headline does not give."""
    found = of_run(run)
    told = _doubt_in(run, found)
    return tuple(warning for warning in found if warning != told)


def hint_beside(run: Run) -> Hint | None:
    """The hint that the headline does not give: neither as what ended the run nor within a warning."""
    told = doubt(run)
    if hints.decisive(run) is not None or (told is not None and told.kind is RunWarningKind.NOT_JSON):
        return None
    return hints.recognise(run)


def _of_success(run: Run) -> Iterator[RunWarning]:
    error = reported_error.find(run.outcome.result) if run.request.kind is Kind.ACTION else None
    if error is not None:
        yield RunWarning(RunWarningKind.RETURNED_ERROR, _returned_error(error), error.pointer)
    calls = failed_requests.of_outcome(run.outcome)
    if calls.all_failed:
        yield RunWarning(RunWarningKind.REQUESTS_FAILED, _requests_failed(run, calls))
    yield from _not_json(run)
    yield from _broken_rules(run)


def _cut(run: Run) -> Iterator[RunWarning]:
    if (cut := cut_values.cut_of(run)) is not None:
        yield RunWarning(RunWarningKind.CUT, sentence(cut_values.reason(cut)))


def _not_json(run: Run) -> Iterator[RunWarning]:
    """One warning for all parts that the platform cannot write as JSON."""
    returned = run.outcome.returned
    parts = [part for part in returned.lossy if python_values.is_foreign(part)] if returned else []
    if parts:
        first = hints.recognise(run) if returned and returned.coroutines else None
        first = first or python_values.foreign(run, parts[0])
        others = len(parts) - 1
        more = sentence(f" {count(others, 'more value')} {'is' if others == 1 else 'are'} not JSON.") if others else ()
        words = first.cause_sentence + sentence(" ") + first.fix + more
        yield RunWarning(RunWarningKind.NOT_JSON, words, parts[0].pointer)


def _broken_rules(run: Run) -> Iterator[RunWarning]:
    """One warning for the ids of all records, or for all fields of the account."""
    broken = [warning for warning in run.outcome.warnings if warning.code.is_of_platform]
    if not broken:
        return
    kind = RunWarningKind.INVALID_ACCOUNT if run.request.kind is Kind.ACCOUNT else RunWarningKind.INVALID_IDS
    more = f" {count(len(broken) - 1, 'more warning')}." if len(broken) > 1 else ""
    phrase = (*return_phrases.phrase(run), ". ") if broken[0].code is not ErrorCode.ACCOUNT_EMPTY else ()
    yield RunWarning(kind, sentence(*phrase, *validation_errors.sentence(broken[0]), more), broken[0].pointer)


def _returned_error(error: reported_error.ReportedError) -> Sentence:
    if not error.message:
        return sentence("The handler reports a failure at ", code(error.pointer), " and gives no reason.")
    text = shorten(error.message, 200)
    return sentence("The handler returned an error: ", text, "" if text.endswith((".", "!", "?", "…")) else ".")


def _requests_failed(run: Run, calls: failed_requests.Calls) -> Sentence:
    last = calls.failed[-1]
    return sentence(
        *_which(calls, network.request_words(last)), ": ", *network.reason(last),
        ". The handler returned ", *return_phrases.what(run), " all the same.",
    )  # fmt: skip


def _which(calls: failed_requests.Calls, asked: Part) -> tuple[str | Part, ...]:
    if calls.count > 1:
        return (f"All {calls.count} requests failed, ", asked, " as the last")
    attempts = calls.attempts[calls.failed[-1].group]
    return (f"All {count(attempts, 'attempt')} of ", asked, " failed") if attempts > 1 else (asked, " failed")
