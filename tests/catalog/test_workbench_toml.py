"""``workbench.toml``: what is read of it, and where its errors are said to be."""

from pathlib import Path

import pytest

from workbench.catalog.workbench_toml import parse_workbench_toml, read_workbench_toml

_TEXT = """\
# Settings of the workbench.
[check]
ignore = ["C102"]

[[rules]]
name = "first"
body = '''
[[rules]]
action = "not this"
'''

[[rules]]   # the second
name = "second"
action = "delay"
"""


def test_a_missing_file_has_no_tables_and_no_errors(tmp_path: Path) -> None:
    found = read_workbench_toml(tmp_path)
    assert (found.tables, found.errors) == ({}, ())


def test_tables_and_the_lines_that_they_stand_on(tmp_path: Path) -> None:
    (tmp_path / "workbench.toml").write_text(_TEXT)
    found = read_workbench_toml(tmp_path)
    assert found.errors == ()
    assert found.table("check") == {"ignore": ["C102"]}
    assert found.line_of("check", "ignore") == 3
    assert [rule["name"] for rule in found.array("rules")] == ["first", "second"]
    assert found.line_of("rules", "name", 1) == 13
    assert found.line_of("rules", "action", 1) == 14
    assert found.line_of("rules", "missing", 1) == 12
    assert found.line_of("answers", "source") == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[check]\nignore = [\n", 3, "not TOML"),
        ("[check]\nignore = ]\n", 2, "not TOML: Invalid value."),
        ("[check]\n\n[[rule]]\nname = 'x'\n", 3, "Did you mean rules?"),
        ("[zzz]\n", 1, "The tables are answers, check"),
        ("a = " + "[" * 5000, 1, "nested too deeply"),
    ],
)
def test_an_error_has_its_line(text: str, line: int, words: str) -> None:
    [error] = parse_workbench_toml(text).errors
    assert error.line == line
    assert words in error.message


def test_a_table_of_another_type_counts_as_none() -> None:
    found = parse_workbench_toml("check = 3\nrules = [1, {name = 'a'}]\n")
    assert found.table("check") == {}
    assert found.array("rules") == ({"name": "a"},)


def test_a_file_that_leads_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text("[check]\nignore = ['canary']\n")
    root = tmp_path / "integration"
    root.mkdir()
    (root / "workbench.toml").symlink_to(tmp_path / "secret.toml")
    found = read_workbench_toml(root)
    assert found.tables == {}
    assert "outside" in found.errors[0].message
