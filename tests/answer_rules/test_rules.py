"""Rules as lines, as tables and in ``workbench.toml``: the same values whichever way they come."""

import re
import shlex
import time
import tomllib
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench.answer_rules import (
    AnswerSettings,
    RuleError,
    RuleFileError,
    add_rule,
    parse_rule,
    parse_rules,
    read_answer_settings,
    read_rule,
    rule_table,
    with_saved_rules,
    write_rule,
)
from workbench.answer_rules.rule_line import split_words
from workbench.catalog.workbench_toml import parse_workbench_toml
from workbench.cli.commands.run import run
from workbench.domain import Answers, FailureKind, Replacement, Rule, RuleAction, RuleMatch

_HOST = RuleMatch(host="api.example.com")
_LINES = {
    "forward api.example.com http://127.0.0.1:8812": Rule(
        "forward api.example.com", RuleAction.FORWARD, _HOST, base_url="http://127.0.0.1:8812"
    ),
    "respond POST api.example.com/v1/* 503 '{\"error\": \"down\"}' header=X-One:1 nth=2 name='Is down'": Rule(
        "Is down",
        RuleAction.RESPOND,
        RuleMatch("POST", "api.example.com", "/v1/*", nth=2),
        status=503,
        headers=(("X-One", "1"), ("Content-Type", "application/json")),
        body=b'{"error": "down"}',
    ),
    "respond GET * 200": Rule("respond GET *", RuleAction.RESPOND, RuleMatch("GET")),
    "fail * timeout after=3": Rule(
        "fail *", RuleAction.FAIL, RuleMatch(after=3), failure=FailureKind.TIMEOUT
    ),
    "fail *.example.com:8443 dns": Rule(
        "fail *.example.com:8443", RuleAction.FAIL, RuleMatch(host="*.example.com:8443"),
        failure=FailureKind.NAME_NOT_FOUND,
    ),
    "delay */feed 1.5": Rule("delay */feed", RuleAction.DELAY, RuleMatch(path="/feed"), seconds=1.5),
    "truncate api.example.com 100": Rule("truncate api.example.com", RuleAction.TRUNCATE, _HOST, length=100),
    "fail GET '*/v1?page=2&q=a*' refused": Rule(
        "fail GET */v1?page=2&q=a*", RuleAction.FAIL, RuleMatch("GET", path="/v1", query="page=2&q=a*")
    ),
    "replace api.example.com /items/0 nothing": Rule(
        "replace api.example.com", RuleAction.REPLACE, _HOST, pointer="/items/0", replacement=Replacement.NOTHING
    ),
    "replace api.example.com /a 'value={\"b\": [1, true]}'": Rule(
        "replace api.example.com", RuleAction.REPLACE, _HOST, pointer="/a", replacement=Replacement.VALUE,
        value='{"b": [1, true]}',
    ),
    "rate-limit api.example.com 30 date": Rule(
        "rate-limit api.example.com", RuleAction.RATE_LIMIT, _HOST, seconds=30.0, as_date=True
    ),
}  # fmt: skip


@each_case("line", _LINES)
def test_a_line_a_table_and_the_file_mean_the_same_rule(line: str) -> None:
    rule = parse_rule(line)
    assert rule == _LINES[line]
    assert parse_rule(write_rule(rule)) == rule
    assert read_rule(rule_table(rule)) == rule
    text = add_rule('# mine\n[check]\nignore = ["X"]   # as it is\n', rule)
    assert text.startswith('# mine\n[check]\nignore = ["X"]   # as it is\n\n[[rules]]\n')
    assert read_answer_settings(parse_workbench_toml(text)).rules == (rule,)


@each_case(
    ("line", "words"),
    [
        ("", "rule is empty"),
        ("forwrd x http://y", "Did you mean forward?"),
        ("forward", "names no request"),
        ("forward api.example.com ftp://x", "base_url must be an address"),
        ("forward api.example.com", "base_url is missing"),
        ("forward api.example.com http://127.0.0.1:99999", "base_url must be an address"),
        ("respond * 99", "from 200 to 599, but is 99"),
        ("respond * 200 two words", 'has one word too many: "words"'),
        ("respond * 200 'no end", "quote without its end"),
        ("fail * reste", "Did you mean reset?"),
        ("delay *", "seconds is missing. Write a number from 0 to 3,600."),
        ("delay * 7200", "from 0 to 3,600, but is 7,200."),
        ("delay * nan", "seconds must be a number from 0"),
        ("truncate * -1", 'whole number, but is "-1"'),
        ("replace * items null", "must be empty or begin with /"),
        ("replace * /a value=x", "value must be JSON"),
        ("replace * /a value=NaN", 'value must be JSON, but is "NaN": NaN is not JSON'),
        ("replace * /a null nth=0", "nth must be a whole number from 1"),
        ("fail api.example.com/a?b", "query must be parameters such as page=2"),
        ("delay * 1 header=X:1", "headers is not a key of the action delay"),
    ],
)
def test_a_line_that_is_wrong_says_why(line: str, words: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(line)
    assert words in str(caught.value)


def test_rules_of_a_run_keep_their_place_before_those_that_the_file_has_now() -> None:
    own, both, gone, new = (parse_rule(f"fail {name}.example dns") for name in ("own", "both", "gone", "new"))
    first = with_saved_rules(Answers(rules=(own, both)), AnswerSettings(rules=(gone, both)))
    assert (first.rules, first.saved_rules) == ((own, both, gone), (gone,))
    again = with_saved_rules(first, AnswerSettings(rules=(new,)))
    assert (again.rules, again.saved_rules) == ((own, both, new), (new,))


def test_an_error_of_the_file_names_its_line_and_the_other_rules_hold() -> None:
    text = """\
[answers]
recording = "tests/recordings/one.json"
on_unmatched = "networ"
skip_waits = false

[[rules]]
action = "delay"
seconds = "2"

[[rules]]
match = { host = "a.example", pathe = "/x" }
action = "fail"

[[rules]]
action = "respond"
body = { error = "down" }
"""
    found = read_answer_settings(parse_workbench_toml(text))
    assert [str(error) for error in found.errors] == [
        'workbench.toml:8: Rule 1: seconds must be a number from 0 to 3,600, but is "2".',
        "workbench.toml:10: Rule 2: pathe is not a key of a match. Did you mean path?",
        'workbench.toml:3: on_unmatched must be "fail", "closest" or "live", but is "networ".',
    ]
    assert [rule.body for rule in found.rules] == [b'{"error": "down"}']
    assert (found.recording, found.skip_waits, found.on_unmatched) == ("tests/recordings/one.json", False, "fail")


def test_an_error_names_a_value_in_the_words_of_toml() -> None:
    for value, words in (
        ("2026-11-27", "is the local date 2026-11-27. Put it in quotes"),
        ("12:30:00", "is the local time 12:30:00"),
        ("2026-11-27 12:30:00", "is the local date-time 2026-11-27T12:30:00"),
        ("2026-11-27T12:30:00Z", "is the offset date-time 2026-11-27T12:30:00+00:00"),
        ("[1.5, { a = 2026-11-27 }]", "contains the local date 2026-11-27"),
        ("{ a = [nan] }", "contains nan, which is not JSON"),
    ):
        table = tomllib.loads(f'action = "replace"\npointer = "/a"\nvalue = {value}')
        with pytest.raises(RuleError, match=re.escape(f"value must be text or JSON, but {words}")):
            read_rule(table)
    with pytest.raises(RuleError, match="seconds must be a number from 0 to 3,600, but is a table with 1 key"):
        read_rule({"action": "delay", "seconds": {"a": 1}})


@pytest.mark.parametrize("body", ["one\ntwo\n", "it's\n'''\n", '\x7f\t\\ "', "é\r\nü", "'", "\n"])
def test_every_text_comes_back_out_of_the_file(body: str) -> None:
    rule = read_rule({"action": "respond", "body": body})
    table = tomllib.loads(add_rule("", rule))["rules"][0]
    assert read_rule(table) == rule


@pytest.mark.parametrize(
    ("text", "words"),
    [("rules = [ { action = 'delay', seconds = 1 } ]\n", "Write it yourself"), ("[x\n", "Correct it first")],
)
def test_a_file_that_cannot_take_a_rule_says_so(text: str, words: str) -> None:
    with pytest.raises(RuleFileError, match=words):
        add_rule(text, parse_rule("delay * 1"))


def test_the_order_of_headers_is_kept() -> None:
    rule = read_rule(
        {"action": "respond", "headers": {"Content-Type": "application/json", "X-A": ["1", "2"]}, "body": "{}"}
    )
    assert parse_rule(write_rule(rule)) == rule
    assert read_answer_settings(parse_workbench_toml(add_rule("", rule))).rules == (rule,)


def test_the_help_of_the_command_has_each_action() -> None:
    shown = " ".join(str(run.help).split())
    assert [action for action in RuleAction if f"{action} TARGET" not in shown] == []


def test_line_ends_of_the_file_are_kept() -> None:
    text = add_rule("[check]\r\nignore = []\r\n", parse_rule("delay * 1"))
    assert "\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize("rules", [3, [1], {"name": "x"}])
def test_rules_that_are_no_tables_are_an_error(rules: Any) -> None:
    written = {3: "rules = 3", 1: "rules = [1]"}.get(rules if isinstance(rules, int) else 1, "")
    text = "[rules]\nname = 'x'\n" if isinstance(rules, dict) else written
    [error] = read_answer_settings(parse_workbench_toml(text)).errors
    assert "[[rules]]" in error.message


def test_words_are_those_of_a_shell_and_a_long_line_takes_no_long_time() -> None:
    for line in ("a  b\t'c d'e", "''", "a '' b", 'x"y \\" \\\\ \\n"z', r"a\ b \'c", "'it'\"'\"'s'", " a \n b ", ""):
        assert split_words(line) == shlex.split(line), line
    for line in ("'a", 'b "c', "d\\"):
        with pytest.raises(RuleError, match="has a quote without its end"):
            split_words(line)
    begun = time.process_time()
    assert len(split_words(f"respond * 200 '{'0123456789' * 100_000}'")) == 4
    assert time.process_time() - begun < 2, "shlex takes 20 s"


def test_a_body_of_several_lines_is_one_rule_among_others() -> None:
    body = '{\n  "it\'s": "a # and a \\"\u2028",\n\n  "b": 1\n}\n'
    long = Rule("respond a.example", RuleAction.RESPOND, RuleMatch(host="a.example"), body=body.encode(),
                headers=(("Content-Type", "application/json"),))  # fmt: skip
    short = parse_rule("fail b.example dns")
    text = f"# it's a comment\n\n{write_rule(long)}\n{write_rule(short)}"
    assert parse_rules(text) == (long, short)
    assert parse_rules(text.replace("\n", "\r\n")) == (long, short)
    with pytest.raises(RuleError, match=r"Line 9: action must be one of .*fial"):
        parse_rules(text.replace("fail b", "fial b"))
    with pytest.raises(RuleError, match="Line 3: The rule has a quote without its end"):
        parse_rules(f"{text[: text.index('}')]}\nfail b.example dns")
