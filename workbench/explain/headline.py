"""What happened, in one sentence: the first thing that anybody reads of a run."""

from collections.abc import Callable

from workbench.domain import ErrorInfo, Exchange, Kind, LoadFailure, Run, RunState, SdkSource, Stage, Status
from workbench.explain import code_locations, endings, hints, missing_credentials, return_phrases, validation_errors
from workbench.explain.http import answer_origins, failed_requests, network, retries
from workbench.explain.outcome_cache import once_a_run
from workbench.explain.text import Part, Sentence, bare, code, count, ordinal_times, sentence, shorten, span, value_text
from workbench.explain.warnings import run_warnings


@once_a_run
def tell(run: Run) -> Sentence:
    """The headline of a run, going on or finished."""
    if run.outcome.state is not RunState.FINISHED or run.outcome.status is None:
        return _step(run)
    if run.request.load_only and run.outcome.status is Status.SUCCEEDED:
        return sentence("Loaded ", code(run.request.entry_point), "; no handler was called.")
    if run.request.pasted and not run.outcome.errors:
        return sentence(
            "The payload matches its schema; the rule that rejected it is not in this ", code("config.json"), "."
        )
    if (hint := hints.decisive(run)) is not None:
        return hint.cause_sentence + sentence(" ") + hint.fix
    return as_seen(run)


def as_seen(run: Run) -> Sentence:
    """What came of a finished run, without the hint at what brought it about."""
    if run.outcome.status is None:
        return _step(run)
    return _TOLD[run.outcome.status](run)


def names_status(run: Run) -> bool:
    """Whether the headline of a finished run begins with how it ended, so that a word before it would repeat that."""
    said = (Status.ACTION_ERROR, Status.TIMED_OUT, Status.CANCELLED, Status.LOAD_FAILED)
    return run.outcome.status in said and hints.decisive(run) is None


def open_exchange(run: Run) -> Exchange | None:
    """The newest exchange that is still under way."""
    return next((exchange for exchange in reversed(run.outcome.exchanges) if exchange.ended_at is None), None)


def _step(run: Run) -> Sentence:
    outcome, name = run.outcome, code(run.request.name)
    if outcome.state is RunState.QUEUED:
        if run.request.sdk.source is SdkSource.RELEASE:
            return sentence("Waiting for a worker with version ", code(run.request.sdk.release), " of the SDK…")
        before = f", {count(outcome.ahead, 'other run')} before this one" if outcome.ahead else ""
        return sentence(f"Waiting for a free worker{before}…")
    if outcome.state is RunState.STARTING:
        return sentence("Loading ", code(run.request.entry_point or run.request.integration_id), "…")
    if outcome.state is RunState.STOPPING:
        return sentence("Stopping ", name, "…")
    if outcome.left_at is not None and outcome.has_raised:
        return sentence("Reading the exception of ", name, "…")
    if outcome.left_at is not None:
        return sentence("Converting" if outcome.returned is None else "Validating", " the result of ", name, "…")
    if (exchange := open_exchange(run)) is not None:
        return sentence("Waiting for ", network.request_words(exchange), "…")
    if (failed := retries.pending(outcome.exchanges)) is not None:
        return sentence(*_waiting("Waiting ", failed), "…")
    return sentence("Running ", name, "…")


def _waiting(word: str, failed: Exchange) -> tuple[str | Part, ...]:
    wait = retries.until(failed.retry) if failed.retry else ""
    return (f"{word}{wait} of ", network.request_words(failed), ": ", *network.reason(failed))


def _succeeded(run: Run) -> Sentence:
    if (warning := run_warnings.doubt(run)) is not None:
        return warning.sentence
    if run.request.kind is Kind.REQUEST and run.outcome.exchanges:
        return _answered(run.outcome.exchanges[-1])
    nothing_new = run.request.kind is Kind.TRIGGER and run.outcome.result == []
    return sentence(*return_phrases.phrase(run), ": nothing new" if nothing_new else "", *_retried(run), ".")


def _answered(exchange: Exchange) -> Sentence:
    """What a request that was sent by itself got."""
    response = exchange.response
    status = f"{response.status} {response.reason}".rstrip() if response else "no response"
    return sentence(network.request_words(exchange), " was answered with ", code(status), ".")


def _retried(run: Run) -> tuple[str, ...]:
    """How many calls failed, and how often an attempt failed on the wire before one of the same call went through."""
    calls = failed_requests.of_outcome(run.outcome)
    parts = [f", after {'one retry' if calls.retries == 1 else f'retrying {ordinal_times(calls.retries)}'}"]
    failed = f", although {len(calls.failed)} of {count(calls.count, 'request')} failed"
    return (*(parts if calls.retries else ()), *((failed,) if calls.failed else ()))


def _action_error(run: Run) -> Sentence:
    returned, error = run.outcome.returned, run.outcome.error
    value = returned.value if returned else error.message if error else ""
    message = value if isinstance(value, str) else value_text(value)
    return sentence("The handler returned an ActionError: ", _closed(shorten(message, 200) or "no message"))


def _closed(text: str) -> str:
    """``text`` with the full stop that it may lack."""
    return text if text.endswith((".", "!", "?", "…")) else text + "."


def _invalid(where: str, otherwise: str) -> Callable[[Run], Sentence]:
    def tell_invalid(run: Run) -> Sentence:
        if missing := missing_credentials.labels(run):
            return sentence("Credentials are not filled in: ", shorten(", ".join(missing), 200), ".")
        errors = [error for error in run.outcome.errors if error.where == where]
        if errors:
            return validation_errors.headline(
                errors[0], validation_errors.value_and_schema(run, where), len(errors) - 1
            )
        failure = run.outcome.error
        return sentence(otherwise, _closed(shorten(failure.message if failure else "", 240) or "no reason was given"))

    return tell_invalid


def _failed(run: Run) -> Sentence:
    if unmatched := answer_origins.first_unanswered(run):
        return unmatched
    error = run.outcome.error
    if error is None:
        return sentence("The handler failed without a message.")
    if (words := network.failure(run, error)) is not None:
        return words
    where = code_locations.raised_at(error, run.request.root)
    # after several sentences "in app.py:3" would read as a part of the last one
    at = () if not where else (" (", where, ")") if ". " in error.message else (" in ", where)
    limit = run.request.resources.memory
    if limit is not None and bare(error.type) == "MemoryError":
        return sentence(f"The handler needed more memory than its limit of {limit} MB: ", _raised(error), *at, ".")
    return sentence(_raised(error), *at, *network.meanwhile(run, error), *_because(error), ".")


def _raised(error: ErrorInfo) -> Part:
    name = bare(error.type) or error.type
    return code(f"{name}: " + error.message.rstrip(".") if error.message else name, 200)


def _because(error: ErrorInfo) -> tuple[str | Part, ...]:
    causes = [cause for cause in error.causes if bare(cause.type) != "CancelledError"]
    return (", caused by ", _raised(causes[-1])) if causes else ()


def _stopped_at(run: Run) -> tuple[str | Part, ...]:
    exchange = open_exchange(run)
    if exchange is None:  # the capture ends what was under way when the worker is stopped
        ended = run.outcome.exchanges[-1:] if run.outcome.exchanges else ()
        exchange = next((e for e in ended if e.response is None and (e.error or _stands_at(run, e))), None)
    failed = retries.pending(run.outcome.exchanges)
    waits = exchange is not None or failed is not None
    parts: list[str | Part] = [*endings.stopped_at(run.outcome, run.request, waits=waits)]
    if failed is not None:
        parts += _waiting(", waiting ", failed)
    elif exchange is not None:
        parts += [", waiting for ", network.request_words(exchange)]
    return tuple(parts)


def _stands_at(run: Run, exchange: Exchange) -> bool:
    """Whether the run hung at the line that sent it: a thread has not heard of its end."""
    site = exchange.call_site
    return site is not None and (site.file, site.line) in {(one.file, one.line) for one in run.outcome.stuck_at}


def _timed_out(run: Run) -> Sentence:
    error = run.outcome.error
    if error is not None and error.end is not None and error.end.stage in (Stage.AFTER_HANDLER, Stage.AFTER_EXCEPTION):
        return endings.describe_end(error.end, run.request, endings.stopped_at(run.outcome, run.request))
    return sentence(f"Timed out after {span(run.request.timeout)}", *_stopped_at(run), _taken_from(run), ".")


def _cancelled(run: Run) -> Sentence:
    error = run.outcome.error
    if error is not None and error.end is not None and error.end.stage is Stage.QUEUED:
        return endings.describe_end(error.end, run.request)
    return sentence(f"Cancelled after {span(run.outcome.duration)}", *_stopped_at(run), _taken_from(run), ".")


def _taken_from(run: Run) -> str:
    error = run.outcome.error
    return endings.taken_from(error.end) if error is not None and error.end is not None else ""


def _crashed(run: Run) -> Sentence:
    error = run.outcome.error
    if error is None or error.end is None:
        return sentence("The worker ended before the handler did.")
    return endings.describe_end(error.end, run.request, endings.stopped_at(run.outcome, run.request))


def _load_failed(run: Run) -> Sentence:
    error = run.outcome.error
    if error is None:
        return sentence("The integration failed to load.")
    if error.type in LoadFailure:
        return sentence(f"The integration failed to load. {error.message}")
    where = code_locations.raised_at(error, run.request.root)
    at = (" (", where, ")") if where else ()
    return sentence("The integration failed to load: ", _raised(error), *at, ".")


_TOLD: dict[Status, Callable[[Run], Sentence]] = {
    Status.SUCCEEDED: _succeeded,
    Status.ACTION_ERROR: _action_error,
    Status.INVALID_AUTH: _invalid("auth", "The auth is invalid: "),
    Status.INVALID_INPUT: _invalid("input", "The inputs are invalid: "),
    Status.INVALID_OUTPUT: _invalid("output", "The output is invalid: "),
    Status.FAILED: _failed,
    Status.TIMED_OUT: _timed_out,
    Status.CANCELLED: _cancelled,
    Status.CRASHED: _crashed,
    Status.LOAD_FAILED: _load_failed,
}
