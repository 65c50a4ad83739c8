"""A poll beside those before it: what is new, and ids that change although the record does not."""

from pathlib import Path

from workbench.domain import JSON, Contract, ContractVersion, Kind, Outcome, Run, RunRequest, RunState, Status
from workbench.explain.text import plain
from workbench.explain.warnings import polls

CONTRACT = Contract(ContractVersion.V2)


def poll(number: int, *records: tuple[JSON, JSON], status: Status = Status.SUCCEEDED) -> Run:
    request = RunRequest("x", Path("/x"), "x.py", Kind.TRIGGER, "new", CONTRACT, {})
    result: JSON = [{"id": id, "data": data} for id, data in records]
    return Run(str(number), request, float(number), Outcome(state=RunState.FINISHED, status=status, result=result))


def test_records_that_no_earlier_poll_had_are_new() -> None:
    before = [poll(1, ("a", 1)), poll(2, ("b", 2)), poll(4, ("d", 4))]
    found = polls.compare(poll(3, ("a", 1), ("b", 2), ("c", 3), ("d", 4)), before)
    assert found is not None
    assert (found.new, found.summary, found.changed) == ({2, 3}, "4 records, 2 new", ())
    assert polls.warning(found) == ()
    same = polls.compare(poll(3, ("a", 1)), before)
    assert same is not None
    assert same.summary == "1 record, none new"


def test_a_first_poll_and_what_failed_are_compared_with_nothing() -> None:
    assert polls.compare(poll(1, ("a", 1)), [poll(2, ("a", 1))]) is None
    assert polls.compare(poll(2, ("a", 1)), [poll(1, ("a", 1), status=Status.FAILED)]) is None
    assert polls.compare(poll(2), [poll(1, ("a", 1))]) is None


def test_an_id_that_changes_while_the_data_stays_is_a_warning() -> None:
    found = polls.compare(poll(2, ("t2", {"x": 1}), ("t3", {"x": 2})), [poll(1, ("t0", {"x": 1}), ("t1", {"x": 2}))])
    assert found is not None
    assert plain(polls.warning(found)) == (
        "Record 0 has the id t2, but poll 1 gave the same data the id t0. The platform would treat it as new at every "
        "poll: make the id from the record. The ids of 1 more record changed, too."
    )


def test_two_records_of_the_same_data_are_no_change_of_an_id() -> None:
    found = polls.compare(poll(2, ("a", 1), ("b", 1)), [poll(1, ("a", 1))])
    assert found is not None
    assert (found.new, found.changed) == ({1}, ())
