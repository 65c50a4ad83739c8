"""Rules of workbench.toml changed one by one: all other text stays as it is."""

from dataclasses import replace

import pytest

from workbench.answer_rules import (
    RuleFileError,
    change_rule,
    move_rule,
    parse_rule,
    read_answer_settings,
    remove_rule,
    switch_rule,
)
from workbench.catalog.workbench_toml import parse_workbench_toml
from workbench.domain import Rule

FIRST = """\
# slow down
[[rules]]   # the first
match = { host = "a.example", path = "/v1/*" }   # only v1
action = "respond"
status = 429 # too many
body = '''
{"a": 1}
'''
"""
SECOND = """\
[[rules]]
action = "delay"
# in seconds
seconds = 1
[rules.match]
host = "b.example"

"""
TEXT = f"""# mine
[check]
ignore = [
  "X",
]

{FIRST}
{SECOND}# the rest
[answers]
on_unmatched = "live"
"""


def rules_of(text: str) -> tuple[Rule, ...]:
    settings = read_answer_settings(parse_workbench_toml(text))
    assert not settings.errors
    return settings.rules


def test_an_edit_changes_the_lines_of_its_values_alone() -> None:
    first, second = rules_of(TEXT)
    edited = replace(first, status=503, headers=(("Retry-After", "1"), *first.headers))
    text = change_rule(TEXT, 0, edited)
    assert text == TEXT.replace("status = 429 # too many", "status = 503 # too many").replace(
        "{\"a\": 1}\n'''\n", '{"a": 1}\n\'\'\'\nheaders = { Retry-After = "1" }\n'
    )
    assert rules_of(text) == (edited, second)


def test_another_action_keeps_the_comments_and_what_stands_behind() -> None:
    text = change_rule(TEXT, 1, parse_rule("fail GET b.example/x timeout"))
    assert rules_of(text)[1] == parse_rule("fail GET b.example/x timeout")
    assert "# in seconds\n" in text
    assert text.endswith('\n# the rest\n[answers]\non_unmatched = "live"\n')
    assert text.startswith(TEXT.partition(SECOND)[0])


def test_a_rule_that_is_wrong_can_be_replaced() -> None:
    text = change_rule("# why\n[[rules]]\naction = 'delay'\n", 0, parse_rule("delay * 2"))
    assert text == "# why\n[[rules]]\naction = 'delay'\nseconds = 2\n"


def test_rules_move_and_go_with_their_comments() -> None:
    assert move_rule(TEXT, 1, 0) == TEXT.replace(f"{FIRST}\n{SECOND}", f"{SECOND}{FIRST}\n")
    assert move_rule(move_rule(TEXT, 1, 0), 0, 1) == TEXT
    assert remove_rule(TEXT, 0) == TEXT.replace(f"{FIRST}\n", "")
    assert move_rule("[[rules]]\naction='delay'\nseconds=1\n[[rules]]\naction='delay'\nseconds=2", 1, 0) == (
        "[[rules]]\naction='delay'\nseconds=2\n[[rules]]\naction='delay'\nseconds=1\n"
    )


def test_a_rule_that_is_off_is_not_used_and_comes_back_as_it_was() -> None:
    off = switch_rule(TEXT, 0, is_on=False)
    assert [rule.action for rule in rules_of(off)] == ["delay"]
    assert switch_rule(off, 0, is_on=True) == TEXT
    text = change_rule(off, 0, replace(rules_of(TEXT)[0], status=500))
    assert "enabled = false" in text
    assert 'enabled must be true or false, but is "no"' in str(
        read_answer_settings(parse_workbench_toml("[[rules]]\naction='delay'\nseconds=1\nenabled='no'")).errors[0]
    ).replace("'no'", '"no"')


def test_line_ends_stay_as_they_are() -> None:
    text = TEXT.replace("\n", "\r\n")
    assert "\n" not in switch_rule(text, 1, is_on=False).replace("\r\n", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('rules = [{action="delay",seconds=1},{action="delay",seconds=2}]', "are not tables of their own"),
        (
            "[[rules]]\naction='delay'\nseconds=1\n[check]\n[[rules]]\naction='delay'\nseconds=2\n",
            "one after the other",
        ),
        ("[[rules]]\naction='delay'\nseconds=1\n", "has no rule 2 any more"),
        ("[[rules]\n", "is not TOML"),
    ],
)
def test_a_file_that_cannot_be_changed_says_so(text: str, words: str) -> None:
    with pytest.raises(RuleFileError, match=words):
        move_rule(text, 1, 0)
