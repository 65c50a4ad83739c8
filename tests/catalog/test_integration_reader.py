"""One integration's folder, as it should be and in every shape that it should not be."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.catalog import Catalog, check, read_integration
from workbench.domain import ContractVersion, Finding, Severity

type Make = Callable[..., Path]


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_a_whole_folder(make: Make) -> None:
    root = make(
        display_name="Weather",
        supports_connected_account=True,
        polling_triggers={"storms": {"description": "Storms.", "polling_interval": "5m", "output_schema": {}}},
        auth={"type": "Custom", "identifier": "key", "title": "Key", "fields": {"type": "object"}},
        files={"icon.svg": "<svg/>", "requirements.txt": "autohive-integrations-sdk~=1.1.1\naiohttp>=3\n"},
    )
    found = read_integration(root)
    assert (found.id, found.root, found.name, found.title) == ("weather", root, "weather", "Weather")
    assert (found.version, found.description, found.entry_point) == ("1.0.0", "Tells the weather.", "weather.py")
    assert found.icon == root / "icon.svg"
    assert found.connected_account
    assert (found.auth.type, found.auth.identifier, found.auth.title) == ("Custom", "key", "Key")
    assert found.auth.fields == {"type": "object"}
    assert [(action.name, action.description, action.line) for action in found.actions] == [("today", "Today.", 7)]
    assert [(trigger.name, trigger.polling_interval) for trigger in found.triggers] == [("storms", "5m")]
    assert found.requirements == ("autohive-integrations-sdk~=1.1.1", "aiohttp>=3")
    assert (found.contract.version, found.contract.reason) == (ContractVersion.V1, "requirements.txt pins ~=1.1.1")
    assert found.findings == ()
    assert found.readable


def test_a_broken_file_says_where(make: Make) -> None:
    found = read_integration(make(config='{\n  "name": "x"\n  "version": 1\n}'))
    assert (found.name, found.config, found.readable) == ("weather", None, False)
    (finding,) = found.findings
    assert (finding.code, finding.place, finding.severity) == ("config-syntax", "config.json:3:3", Severity.ERROR)
    assert "line 3, column 3" in finding.message


def test_a_comment_is_named(make: Make) -> None:
    text = '{\n  "name": "x", // mine\n  "version": "1.0.0"\n}'
    (finding,) = read_integration(make(config=text)).findings
    assert (finding.code, finding.place) == ("config-syntax", "config.json:2:16")
    assert "JSON does not allow comments" in finding.message
    assert finding.fix


@pytest.mark.parametrize(
    ("config", "code", "place"),
    [
        (b"", "config-empty", "config.json:1:1"),
        (b" \n ", "config-empty", "config.json:1:1"),
        (b'\xef\xbb\xbf{"name": "x"}', "config-bom", "config.json:1:1"),
        (b'{"name": "caf\xe9"}', "file-not-utf-8", "config.json:1:1"),
        ('{"name": "x"}'.encode("utf-16"), "file-not-utf-8", "config.json:1:1"),
        ("[" * 200_000, "config-limit-exceeded", "config.json:1:1"),
        ('{"name": ' + "9" * 5000 + "}", "config-limit-exceeded", "config.json:1:10"),
        ("[]", "config-not-an-object", "config.json:1:1"),
        ("null", "config-not-an-object", "config.json:1:1"),
        ('"text"', "config-not-an-object", "config.json:1:1"),
        ('{"name": "a",\n "name": "b"}', "config-duplicate-key", "config.json:2:2"),
        ('{"actions": {"a": {},\n  "a": {}}}', "config-duplicate-key", "config.json:2:3"),
        ('{"x": [1,\n NaN]}', "config-invalid-number", "config.json:2:2"),
        ('{"x": -Infinity}', "config-invalid-number", "config.json:1:7"),
        ('{"x": 1e999}', "config-invalid-number", "config.json:1:7"),
        (r'{"name": "\ud800"}', "config-lone-surrogate", "config.json:1:11"),
        (None, "config-file-missing", "config.json:1:1"),
    ],
)
def test_what_can_be_wrong_with_the_file_itself(make: Make, config: Any, code: str, place: str) -> None:
    findings = read_integration(make(config=config)).findings
    finding = next(finding for finding in findings if finding.code == code)
    assert finding.place == place
    assert finding.message and finding.fix


def test_what_is_read_can_always_be_written_again(make: Make) -> None:
    """NaN, numbers without end and lone surrogates would break a page or a response later."""
    found = read_integration(make(config=r'{"name": "a\ud800b", "x": [NaN, 1e999], "\udfff": "\ud83d\ude00"}'))
    assert found.name == "a\ufffdb"
    assert json.dumps(found.config, allow_nan=False, ensure_ascii=False).encode()
    assert isinstance(found.config, dict)
    assert found.config["x"] == [None, None]
    assert found.config["\ufffd"] == "😀"


def test_a_file_with_a_byte_order_mark_is_read(make: Make) -> None:
    root = make()
    (root / "config.json").write_bytes(b"\xef\xbb\xbf" + (root / "config.json").read_bytes())
    found = read_integration(root)
    assert found.name == "weather"
    assert codes(found.findings) == ["config-bom"]


def test_a_file_without_end_is_not_read(make: Make) -> None:
    root = make()
    with (root / "config.json").open("wb") as file:
        file.truncate(50 * 1024**2)
    (finding,) = read_integration(root).findings
    assert (finding.code, finding.message) == (
        "file-too-large",
        "config.json is too large: 50.0 MiB. The limit is 8 MiB.",
    )


@pytest.mark.parametrize("kind", ["folder", "fifo"])
def test_what_is_no_file_is_not_read(make: Make, kind: str) -> None:
    root = make(config=None)
    (root / "config.json").mkdir() if kind == "folder" else os.mkfifo(root / "config.json")
    (finding,) = read_integration(root).findings
    assert finding.code == "file-not-a-file"


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"name": 5}, "/name"),
        ({"name": ""}, "/name"),
        ({"name": None}, "/name"),
        ({"entry_point": None}, "/entry_point"),
        ({"entry_point": ["a.py"]}, "/entry_point"),
        ({"version": 1.0}, "/version"),
        ({"description": {}}, "/description"),
        ({"display_name": False}, "/display_name"),
        ({"supports_connected_account": "yes"}, "/supports_connected_account"),
        ({"actions": ["today"]}, "/actions"),
        ({"actions": "today"}, "/actions"),
        ({"actions": {"today": "schema"}}, "/actions/today"),
        ({"actions": {"a/b~": {"input_schema": "string"}}}, "/actions/a~1b~0/input_schema"),
        ({"actions": {"a": {"output_schema": 3}}}, "/actions/a/output_schema"),
        ({"polling_triggers": []}, "/polling_triggers"),
        ({"polling_triggers": {"a": {"polling_interval": 5}}}, "/polling_triggers/a/polling_interval"),
        ({"auth": "custom"}, "/auth"),
        ({"auth": {"type": 1}}, "/auth/type"),
        ({"auth": {"type": "custom", "fields": ["key"]}}, "/auth/fields"),
    ],
)
def test_a_member_of_the_wrong_kind_is_a_finding_at_its_place(make: Make, members: Any, pointer: str) -> None:
    root = make(**members)
    finding = next(finding for finding in read_integration(root).findings if finding.pointer == pointer)
    assert finding.severity is Severity.ERROR
    assert finding.line and finding.column
    line = (root / "config.json").read_text().split("\n")[finding.line - 1][finding.column - 1 :]
    name = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    assert line.startswith((f'"{name}"', "{"))


def test_an_action_that_is_no_object_is_still_listed(make: Make) -> None:
    assert [action.name for action in read_integration(make(actions={"a": 1, "b": {}})).actions] == ["a", "b"]


@pytest.mark.parametrize(
    ("auth", "provider", "scopes"),
    [
        ({"type": "platform", "provider": "zoom", "scopes": ["a", "b"]}, "zoom", ("a", "b")),
        ({"type": "platform", "provider": "zoom", "scopes": []}, "zoom", ()),
        ({"type": "oauth2_pkce", "provider": "x", "scope": "a b"}, "x", ("a", "b")),
        ({"type": "oauth2_pkce", "oauth2": {"provider": "x", "scopes": "a b"}}, "x", ("a", "b")),
        ({"type": "platform", "config": {"scopes": ["a", 3, "b"]}}, "", ("a", "b")),
        ({"type": "custom", "fields": {"provider": "no", "scopes": ["no"]}}, "", ()),
        ({}, "", ()),
    ],
)
def test_provider_and_scopes_wherever_they_stand(make: Make, auth: Any, provider: str, scopes: Any) -> None:
    found = read_integration(make(auth=auth)).auth
    assert (found.provider, found.scopes) == (provider, scopes)


@pytest.mark.parametrize(
    ("auth", "platform", "auth_type"),
    [
        ({"type": "platform", "provider": "x"}, True, "PlatformOauth2"),
        ({"type": "oauth2_pkce"}, True, "PlatformOauth2"),
        ({"type": "PlatformTeams"}, True, "PlatformTeams"),
        ({"type": "custom", "fields": {}}, False, "Custom"),
        ({"type": "Custom", "fields": {}}, False, "Custom"),
        ({"type": "ApiKey", "fields": {}}, False, "ApiKey"),
        (None, False, "Custom"),
    ],
)
def test_the_kinds_of_auth(make: Make, auth: Any, platform: bool, auth_type: str) -> None:
    found = read_integration(make(auth=auth)).auth
    assert (found.is_platform, found.auth_type) == (platform, auth_type)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda value: st.lists(value, max_size=3) | st.dictionaries(st.text(max_size=8), value, max_size=3),
    max_leaves=12,
)
MEMBERS = st.sampled_from(
    ["name", "version", "description", "display_name", "entry_point", "auth", "actions", "polling_triggers", "icon",
     "supports_connected_account", "type", "fields", "scopes", "provider", "input_schema", "output_schema"]
)  # fmt: skip
CONFIGS = JSON | st.dictionaries(MEMBERS, JSON | st.dictionaries(MEMBERS, JSON, max_size=4), max_size=9)


@settings(max_examples=2 * settings().max_examples, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(config=CONFIGS)
def test_any_value_as_a_config_is_read_and_checked_without_an_exception(fuzzed: Path, config: Any) -> None:
    (fuzzed / "config.json").write_text(json.dumps(config), encoding="utf-8")
    found = Catalog([fuzzed]).integrations()[0]
    assert found.readable == isinstance(config, dict)
    findings = check(found)
    assert all(isinstance(finding, Finding) and finding.message for finding in findings)
    if not isinstance(config, dict):
        assert "config-not-an-object" in codes(findings)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=200) | st.text('{}[]",:0\\e\n ', max_size=60).map(str.encode))
def test_any_bytes_as_a_config_are_read_without_an_exception(fuzzed: Path, raw: bytes) -> None:
    (fuzzed / "config.json").write_bytes(raw)
    found = read_integration(fuzzed)
    assert found.readable or any(finding.severity is Severity.ERROR for finding in found.findings)


@pytest.fixture
def fuzzed(tmp_path: Path) -> Path:
    (tmp_path / "main.py").write_text("import asyncio")
    return tmp_path
