"""Whatever lies in a folder is checked: nothing is raised, and every finding has its place and its words."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.catalog import ALL_CHECKS, check, read_integration

PIECES = st.sampled_from(
    [
        *("from autohive_integrations_sdk import ActionResult", "import requests, os.path", "from . import x", "x ="),
        *("@w.action('a')", "@w.action(f())", "@w.connected_account()", "class A(ActionHandler):", "  pass", "pass"),
        *(
            "  async def execute(self, i, context):",
            "    r = await context.fetch(u)",
            "    return r['a']",
            "    return",
        ),
        *(
            "    return context.auth['k'] or {}",
            "def (",
            "\x00",
            "\t",
            "if w: w.polling_trigger(name='a')(A)",
            "{" * 300,
        ),
    ]
)
LINES = st.sampled_from(
    [
        *("autohive-integrations-sdk~=2.0.1", "autohive-integrations-sdk==0.1.2; os_name ~= 'x'", "a==1b==2", "-r x"),
        *(
            "aiohttp; extra == 'x'",
            "aiohttp>=",
            "é",
            "a @ http://x/y.whl",
            "\\",
            "# x",
            "a[b,c]>=1,<2",
            "a==*",
            "a===x",
        ),
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = st.sampled_from(
    ["name", "version", "entry_point", "auth", "actions", "polling_triggers", "icon", "supports_connected_account", "x"]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@settings(max_examples=2 * settings().max_examples, suppress_health_check=[HealthCheck.too_slow])
@given(
    config=st.dictionaries(MEMBERS, JSON) | JSON,
    code=st.lists(PIECES, max_size=8),
    requirements=st.lists(LINES, max_size=5),
    sound=st.booleans(),
)
def test_nothing_is_raised(folder: Path, config: Any, code: list[str], requirements: list[str], sound: bool) -> None:
    if isinstance(config, dict) and sound:
        config["entry_point"] = "main.py"
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "main.py").write_text("\n".join(code), encoding="utf-8")
    (folder / "requirements.txt").write_text("\n".join(requirements), encoding="utf-8")
    for finding in check(read_integration(folder)):
        assert finding.severity == ALL_CHECKS[finding.code].severity
        assert finding.message
        assert finding.fix
        assert finding.line
        assert finding.column
