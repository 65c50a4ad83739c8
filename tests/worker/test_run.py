"""What a worker says of a run, from its first event to its last."""

from collections.abc import Callable

from workbench.domain import RunRequest, Status
from workbench.trace import HandlerReturned, IntegrationLoaded

Make = Callable[..., RunRequest]


def test_a_run_that_succeeds(integration: Make, run) -> None:
    seen = run(integration('x = inputs["n"] + 1\nreturn {"n": x}', inputs={"n": 1}))

    assert [type(event).__name__ for event in seen.events] == [
        "WorkerReady",
        "IntegrationLoaded",
        "HandlerStarted",
        "HandlerReturned",
        "HandlerFinished",
    ]
    assert seen.one(IntegrationLoaded).actions == ("go",)
    assert seen.one(HandlerReturned).returned.value == {"n": 2}
    assert seen.finished.status is Status.SUCCEEDED
    assert seen.code == 0
