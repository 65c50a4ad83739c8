"""Two versions of an integration, part by part, and where the earlier one comes from."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench.catalog import declarations, parse_document
from workbench.compatibility import (
    Change,
    ChangeKind,
    Comparison,
    Part,
    PreviousConfigError,
    Side,
    Verdict,
    compare,
    previous_config,
)

TEXT = {"type": "string"}
ACTION = {"input_schema": {"type": "object", "properties": {"a": TEXT}}, "output_schema": TEXT}


def config(**parts: Any) -> dict[str, Any]:
    """A configuration with one action."""
    return {"name": "made", "version": "1.2.0", "entry_point": "made.py", "actions": {"read": ACTION}} | parts


def compared(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    """The comparison of two configurations."""
    before, after = (declarations(parse_document(json.dumps(one, indent=1))) for one in (old, new))
    return compare(before, after)


def one_change(old: dict[str, Any], new: dict[str, Any]) -> Change:
    """The only change."""
    (change,) = compared(old, new).changes
    return change


FIELDS = {"type": "object", "properties": {"key": TEXT}, "required": ["key"]}
CUSTOM = {"auth": {"type": "custom", "fields": FIELDS}}


@each_case(
    ("old", "new", "kind", "part", "name", "breaking"),
    [
        (config(), config(actions={}), "removed", "action", "read", "yes"),
        (config(actions={}), config(), "added", "action", "read", "no"),
        (config(polling_triggers={"new": ACTION}), config(), "removed", "trigger", "new", "yes"),
        (config(), config(polling_triggers={"new": ACTION}), "added", "trigger", "new", "no"),
        (config(supports_connected_account=True), config(), "removed", "account", "", "yes"),
        (config(), config(supports_connected_account=True), "added", "account", "", "no"),
        (config(**CUSTOM), config(auth={"type": "platform", "provider": "slack"}), "changed", "auth", "", "yes"),
        (config(), config(**CUSTOM), "narrowed", "auth", "", "yes"),
    ],
)
def test_parts_that_come_and_go(
    old: dict[str, Any], new: dict[str, Any], kind: str, part: str, name: str, breaking: str
) -> None:
    change = one_change(old, new)
    assert (change.kind, change.part, change.name, change.breaking) == (
        ChangeKind(kind),
        Part(part),
        name,
        Verdict(breaking),
    )


def test_a_change_of_a_schema_has_its_line_in_the_new_file() -> None:
    schema = {"type": "object", "properties": {"a": TEXT, "b": TEXT}, "required": ["b"]}
    new = config(actions={"read": ACTION | {"input_schema": schema}})
    change = one_change(config(), new)
    assert (change.side, change.pointer) == (Side.INPUT, "/actions/read/input_schema/properties/b")
    assert '"b": {' in json.dumps(new, indent=1).splitlines()[(change.line or 0) - 1]


def test_a_credential_that_is_newly_required_breaks_and_one_that_is_optional_does_not() -> None:
    more = FIELDS | {"properties": {"key": TEXT, "region": TEXT}}
    assert one_change(config(**CUSTOM), config(auth={"type": "custom", "fields": more})).breaking is Verdict.NO
    required = more | {"required": ["key", "region"]}
    change = one_change(config(**CUSTOM), config(auth={"type": "custom", "fields": required}))
    assert (change.part, change.data_pointer, change.breaking) == (Part.AUTH, "/region", Verdict.YES)


def test_the_breaking_changes_come_first_and_decide_the_version() -> None:
    comparison = compared(config(), config(actions={"write": ACTION}, version="1.3.0"))
    assert [change.kind for change in comparison.changes] == [ChangeKind.REMOVED, ChangeKind.ADDED]
    assert comparison.breaking is Verdict.YES
    assert (comparison.version.needed, comparison.version.is_enough) == ("2.0.0", False)
    assert compared(config(), config(description="other words")).changes == ()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder within a git repository, with a committed ``config.json`` that has no action."""
    root = tmp_path / "repository" / "made"
    root.mkdir(parents=True)
    (root / "config.json").write_text(json.dumps(config(actions={})))
    author = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    for command in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "Start"]):
        subprocess.run(["git", "-C", str(root.parent), *command], check=True)
    (root / "config.json").write_text(json.dumps(config()))
    return root


def test_the_earlier_version_is_that_of_a_revision_or_of_a_folder(repository: Path, tmp_path: Path) -> None:
    assert previous_config(repository, "HEAD").value == config(actions={})
    assert previous_config(tmp_path, str(repository)).value == config()


@pytest.mark.parametrize(
    ("against", "reason"),
    [
        ("v9", "neither a folder nor a revision"),
        ("--output=stolen", "neither a folder nor a revision"),
        ("HEAD:made", "neither a folder nor a revision"),
        ("", "neither a folder nor a revision"),
    ],
)
def test_what_is_no_revision_is_named(repository: Path, against: str, reason: str) -> None:
    with pytest.raises(PreviousConfigError, match=reason):
        previous_config(repository, against)


def test_a_folder_outside_of_git_and_a_revision_without_the_file_are_named(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(PreviousConfigError, match="not a git repository"):
        previous_config(tmp_path, "HEAD")
    other = repository.parent / "other"
    other.mkdir()
    with pytest.raises(PreviousConfigError, match=r"HEAD has no config\.json in this folder"):
        previous_config(other, "HEAD")
    (other / "config.json").write_text("{")
    with pytest.raises(PreviousConfigError, match=r"config\.json:1:2"):
        previous_config(tmp_path, str(other))


OTHER = {"input_schema": {"type": "object", "properties": {"b": TEXT}}, "output_schema": TEXT}


@pytest.mark.parametrize(
    ("new", "name"),
    [
        ({"fetch": ACTION}, "fetch"),
        ({"fetch": ACTION, "other": OTHER}, "fetch"),
        ({"fetch": ACTION, "reads": ACTION}, "reads"),
        ({"reads": OTHER}, "reads"),
        ({"fetch": OTHER}, ""),
        ({}, ""),
    ],
    ids=["its schemas", "its schemas alone", "a similar name of two", "a similar name", "neither", "nothing new"],
)
def test_a_removed_handler_names_the_new_one_that_it_likely_is(new: dict[str, Any], name: str) -> None:
    gone = next(one for one in compared(config(), config(actions=new)).changes if one.kind is ChangeKind.REMOVED)
    assert (gone.breaking, gone.renamed_to) == (Verdict.YES, name)
