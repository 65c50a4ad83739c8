"""Which saved files matter to a run, and where its answers come from."""

from dataclasses import replace

import pytest

from tests.comparison.conftest import exchange, run_of
from workbench.answer_rules import parse_rule
from workbench.answers.rules import RuleBook
from workbench.domain import Answers, AnswerSource, RuleAction, Run, Status
from workbench.reruns import FileWatch, concerns, rerun_answers, saved_since

FILES = ("one.py", "lib/two.py", "other.py", "config.json", "data/rows.csv")


@pytest.mark.parametrize(
    "file", ["README.md", "tests/test_one.py", ".git/HEAD", "dependencies/x/y.py", "lib/__pycache__/two.pyc"]
)
def test_what_no_run_reads_does_not_matter(file: str) -> None:
    assert concerns(run_of(1, files=("one.py", file)), [file]) == ()


def test_python_files_matter_where_they_were_imported() -> None:
    run = run_of(1, files=("one.py", "lib/two.py"))
    assert concerns(run, FILES) == ("config.json", "data/rows.csv", "lib/two.py", "one.py")
    failed = run_of(1, status=Status.LOAD_FAILED, started_at=None, files=("one.py",))
    assert "other.py" in concerns(failed, FILES)


def test_a_burst_of_saves_is_one_and_installed_files_are_not_looked_at(tmp_path) -> None:
    for folder in ("lib/deep", "dependencies", ".git"):
        (tmp_path / folder).mkdir(parents=True)
    began = tmp_path.stat().st_mtime - 1
    for file in ("one.py", "lib/deep/two.py", "dependencies/x.py", ".git/HEAD"):
        (tmp_path / file).write_text("x")
    assert saved_since(tmp_path, began) == {"one.py", "lib/deep/two.py"}
    assert saved_since(tmp_path, began + 1000) == frozenset()
    with FileWatch(tmp_path) as watch:
        assert watch.wait(0.05) == frozenset()


NOW = Answers()


def test_the_answers_of_a_rerun() -> None:
    run = run_of(2, {}, exchange(1, "https://a/x"), inputs={"n": 1})
    assert rerun_answers(run, NOW) == Answers(AnswerSource.RECORDING, "run 2", run.outcome.exchanges, of_run="2")
    again = replace(run_of(3, inputs={"n": 1}), request=replace(run.request, answers=rerun_answers(run, NOW)))
    assert rerun_answers(again, NOW) is again.request.answers
    broken: Run = run_of(3, started_at=None, inputs={"n": 1})
    assert rerun_answers(broken, NOW, [run_of(9, inputs={"n": 2}), run]).label == "run 2"
    live = rerun_answers(run, NOW, live=True)
    assert (live.source, {rule.match.method for rule in live.rules}) == (
        AnswerSource.LIVE,
        {"POST", "PUT", "PATCH", "DELETE"},
    )
    assert {rule.action for rule in live.rules} == {RuleAction.RESPOND}
    second = replace(run, request=replace(run.request, answers=live))
    assert rerun_answers(second, live, live=True) == live
    saved = parse_rule("fail api.example.com dns")
    now = Answers(rules=(*live.rules, saved), saved_rules=(saved,))
    assert rerun_answers(second, now, live=True, with_effects=True) == Answers(rules=(saved,), saved_rules=(saved,))


def test_a_rule_that_changes_a_live_answer_lets_no_write_through() -> None:
    lines = ("respond POST a.example 200", "forward b.example http://127.0.0.1:1", "delay * 1", "fail c.example dns")
    given = tuple(map(parse_rule, lines))
    rules = RuleBook(rerun_answers(run_of(1), Answers(rules=given), live=True).rules)
    for method, host, expected in (
        ("GET", "a.example", given[2]),
        ("POST", "a.example", given[0]),
        ("POST", "b.example", given[1]),
        ("GET", "c.example", given[2]),
    ):
        assert rules.next(method, f"https://{host}/") is expected
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        found = rules.next(method, "https://c.example/")
        assert found is not None
        assert (found.action, found.status) == (RuleAction.RESPOND, 403)
