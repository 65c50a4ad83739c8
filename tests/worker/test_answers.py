"""A run whose requests are answered from the exchanges of an earlier one, in a real worker."""

from dataclasses import replace

from workbench.answers.from_run import answers_of_run
from workbench.domain import AnswerSource, Run, Status
from workbench.events.redactor import Redactor


def _replay(request, seen, **changes):
    run = Run("1", request, 0.0, seen.outcome)
    return replace(request, answers=answers_of_run(Redactor.for_request(request).run(run)), **changes)


def test_fetch_repeats_its_recording_without_a_server(run, integration, http) -> None:
    request = integration(f'return {{"text": await context.fetch("{http}/text", params={{"a": "1"}})}}')
    first = run(request)
    assert first.finished.status is Status.SUCCEEDED, first.finished.error

    closed = replace(request, inputs={})
    second = run(_replay(closed, first))

    assert second.finished.status is Status.SUCCEEDED, second.finished.error
    assert second.outcome.result == first.outcome.result == {"text": "hello"}
    (before,), (after,) = first.outcome.exchanges, second.outcome.exchanges
    assert (after.request, after.response) == (before.request, before.response)
    assert (after.origin.source, after.origin.recorded) == (AnswerSource.RECORDING, before.id)
    assert before.origin.source is AnswerSource.LIVE
