"""Tasks and threads that a handler left behind, in words."""

from collections.abc import Iterator, Sequence

from workbench.domain import BackgroundWork, ErrorInfo, Run, RunWarningKind, Status, WorkKind
from workbench.explain import code_locations, return_phrases
from workbench.explain.text import Part, Sentence, bare, code, count, sentence
from workbench.explain.warnings.run_warning import RunWarning

_UNSEEN = {WorkKind.TASK: ", and nothing awaited it", WorkKind.CALL: ", and nothing asked for its result"}
_ADVICE = {
    WorkKind.TASK: "Await tasks",
    WorkKind.THREAD: "Join threads",
    WorkKind.CALL: "Ask for the results of calls",
}
_NAMED = 3
"""Tasks and threads that a sentence names."""


def warnings(run: Run) -> Iterator[RunWarning]:
    """One for each that failed, then one for all that were still running."""
    for work in run.outcome.background:
        if work.error is not None:
            yield RunWarning(RunWarningKind.BACKGROUND_FAILED, _failed(run, work, work.error))
    running = [work for work in run.outcome.background if work.error is None]
    if running:
        yield RunWarning(RunWarningKind.WORK_LEFT, _running(run, running))


def _failed(run: Run, work: BackgroundWork, error: ErrorInfo) -> Sentence:
    """``Returned 3 records, but the task `refresh` (one.py:12) failed: `ValueError: bad` in one.py:20.``"""
    success = run.outcome.status is Status.SUCCEEDED
    before = (*return_phrases.phrase(run), ", but the ") if success else ("The ",)
    where = code_locations.raised_at(error, run.request.root)
    at = (" in ", where) if where else ()
    name = bare(error.type) or error.type
    text = code(f"{name}: " + error.message.rstrip(".") if error.message else name, 200)
    unseen = _UNSEEN.get(work.kind, "")
    return sentence(*before, *_one(run, work), " failed: ", text, *at, unseen, ".")


def _running(run: Run, running: Sequence[BackgroundWork]) -> Sentence:
    """``1 task and 1 thread were still running when the handler returned: …``"""
    numbers = [(kind, sum(work.kind is kind for work in running)) for kind in WorkKind]
    what = " and ".join(count(number, str(kind)) for kind, number in numbers if number)
    verb = "was" if len(running) == 1 else "were"
    named: list[str | Part] = []
    for position, work in enumerate(running[:_NAMED]):
        named += [", " if position else "", *_named(run, work)]
    more = f" and {len(running) - _NAMED} more" if len(running) > _NAMED else ""
    advice = [_ADVICE[kind] for kind, number in numbers if number]
    done = " and ".join([advice[0], *(each.lower() for each in advice[1:])])
    return sentence(
        f"{what} {verb} still running when the handler was over: ",
        *named,
        f"{more}. {done} before the handler returns.",
    )


def _one(run: Run, work: BackgroundWork) -> tuple[str | Part, ...]:
    return (f"{work.kind} ", *_named(run, work)) if work.name or work.place else (f"{work.kind}",)


def _named(run: Run, work: BackgroundWork) -> tuple[str | Part, ...]:
    place = code_locations.locate(work.place, run.request.root).part if work.place else None
    name = (code(work.name, 60),) if work.name else ()
    if place is None:
        return name
    word = "at" if work.is_at else "started in"
    return (*name, f" ({word} ", place, ")") if name else (f"{word} ", place)
