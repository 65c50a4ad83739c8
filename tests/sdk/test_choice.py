"""Which contract is chosen: the four rules in their order, and every way a requirement has been seen written."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from autohive_integrations_sdk import ExecutionContext, FetchResponse, Integration, contracts
from autohive_integrations_sdk.contracts import Contract, ContractVersion, Rule
from packaging.version import Version

Folder = Callable[..., Path]
Run = Callable[[Path], ModuleType]

GUIDE = """
from autohive_integrations_sdk import Integration, ExecutionContext, ActionHandler, PollingTriggerHandler
from typing import Dict, Any

entry = Integration.load()

@entry.action("act")
class Act(ActionHandler):
    async def execute(self, inputs: Dict[str, Any], context: ExecutionContext):
        return {"r": inputs["q"]}
"""
NEWER = GUIDE.replace("import Integration", "import ActionResult, Integration").replace(
    'return {"r": inputs["q"]}', 'return ActionResult(data={"r": inputs["q"]})'
)


def chosen(folder: Path, run_module: Run) -> Contract:
    return run_module(folder / "entry.py").entry.contract


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("autohive-integrations-sdk~=1.0.2", "1"),
        ("autohive-integrations-sdk~=1.1.1", "1"),
        ("autohive-integrations-sdk~=2.0.0", "2"),
        ("autohive-integrations-sdk~=2.0.1", "2"),
        ("autohive-integrations-sdk==0.1.2", "0.1"),
        ("autohive-integrations-sdk==1.0.*", "1"),
        ("autohive-integrations-sdk===2.0.1", "2"),
        ("autohive-integrations-sdk>=1.0", "2"),
        ("autohive-integrations-sdk>=1.0,<2", "1"),
        ("autohive-integrations-sdk <2.0, >=0.1", "1"),
        ("autohive-integrations-sdk<1", "0.1"),
        ("autohive-integrations-sdk!=2.0.1,!=2.0.0,>0", "1"),
        ("autohive-integrations-sdk>2.0.0", "2"),
        ("autohive-integrations-sdk<=1.0.2", "1"),
        ("autohive-integrations-sdk~=1.0", "1"),
        ("autohive-integrations-sdk~=3.2.0", "2"),
        ("autohive-integrations-sdk==1.7.9", "1"),
        ("autohive-integrations-sdk==2.1.0rc1", "2"),
        ("autohive_integrations_sdk ~= 1.0.2", "1"),
        ("Autohive.Integrations-SDK==0.1.2", "0.1"),
        ("autohive-integrations-sdk[dev]~=1.0.2", "1"),
        ("autohive-integrations-sdk[dev, test] ~=1.0.2", "1"),
        ("autohive-integrations-sdk (==1.0.2)", "1"),
        ("autohive-integrations-sdk~=1.0.2  # the first that returns results", "1"),
        ("autohive-integrations-sdk~=1.0.2 --hash=sha256:0123456789abcdef", "1"),
        ('autohive-integrations-sdk~=1.0.2; python_version >= "3.13"', "1"),
        ("requestsautohive-integrations-sdk~=1.0.2", "1"),
        ("requests==2.31.0autohive-integrations-sdk~=1.0.2", "1"),
        ("autohive-integrations-sdk~=2.0.0requests==2.3", "2"),
        ("autohive-integrations-sdk~=1.0.2beautifulsoup4==4.1", "1"),
        ("autohive-integrations-sdk ~= 1.0.2 \\\n  --hash=sha256:01", "1"),
        ("\ufeffautohive-integrations-sdk~=1.0.2", "1"),
        ("requests\r\nautohive-integrations-sdk~=1.0.2\r\n", "1"),
    ],
)
def test_rule_3_a_pin_in_requirements(line: str, version: str, folder: Folder, run_module: Run) -> None:
    contract = chosen(folder(entry=GUIDE, requirements=f"aiohttp\n{line}\n"), run_module)
    assert contract.version == version
    assert contract.reason.startswith("requirements.txt pins ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "requests==2.0",
        "autohive-integrations-sdk",
        "# autohive-integrations-sdk~=1.0.2",
        "requests # autohive-integrations-sdk~=1.0.2",
        "autohive-integrations-sdk-extras==1.0.2",
        "my-autohive-integrations-sdk==1.0.2",
        "autohive-integrations-sdk2==1.0.2",
        'autohive-integrations-sdk~=1.0.2; python_version < "3"',
        "autohive-integrations-sdk @ https://example.org/sdk.whl",
    ],
)
def test_rule_3_what_is_no_pin_leaves_the_choice_to_the_code(text: str, folder: Folder, run_module: Run) -> None:
    assert chosen(folder(entry=GUIDE, requirements=text), run_module).version == "0.1"
    assert chosen(folder(entry=NEWER, requirements=text), run_module).version == "2"


@pytest.mark.parametrize("marker", ["this is no marker", 'python_version ~~ "3"'])
def test_rule_3_a_marker_that_cannot_be_read_counts_as_holding(marker: str, folder: Folder, run_module: Run) -> None:
    text = f"autohive-integrations-sdk~=1.0.2; {marker}"
    assert chosen(folder(entry=NEWER, requirements=text), run_module).version == "1"


@pytest.mark.parametrize(
    ("names", "version"),
    [
        (["autohive_integrations_sdk-1.0.2.dist-info"], "1"),
        (["autohive_integrations_sdk-0.1.2.dist-info"], "0.1"),
        (["Autohive.Integrations_SDK-2.0.0.dist-info"], "2"),
        (["autohive_integrations_sdk-1.0.2.dist-info", "autohive_integrations_sdk-2.0.1.dist-info"], "2"),
        (["autohive_integrations_sdk-9.0.0.dist-info", "autohive_integrations_sdk-10.0.0.dist-info"], "2"),
    ],
)
def test_rule_2_the_version_in_dependencies_beats_the_pin(
    names: list[str], version: str, folder: Folder, run_module: Run
) -> None:
    root = folder(entry=NEWER, requirements="autohive-integrations-sdk~=1.1.1")
    for name in names:
        (root / "dependencies" / name).mkdir(parents=True)
    contract = chosen(root, run_module)
    assert contract.version == version
    *older, newest = sorted(Version(name.removesuffix(".dist-info").split("-")[-1]) for name in names)
    assert (contract.rule, contract.release) == (Rule.INSTALLED, str(newest))
    assert contract.older == tuple(map(str, older))
    assert contract.reason.startswith(f"dependencies/ holds version {newest}")


def test_rule_2_dependencies_without_the_SDK_say_nothing(folder: Folder, run_module: Run) -> None:
    root = folder(entry=NEWER, requirements="autohive-integrations-sdk~=1.1.1")
    (root / "dependencies" / "autohive_integrations_sdk_extras-2.0.1.dist-info").mkdir(parents=True)
    assert chosen(root, run_module).version == "1"


def test_rule_1_said_outright_beats_everything(folder: Folder, run_module: Run) -> None:
    root = folder(entry=NEWER, requirements="autohive-integrations-sdk~=2.0.0")
    (root / "dependencies" / "autohive_integrations_sdk-2.0.1.dist-info").mkdir(parents=True)
    with contracts.use("0.1"):
        integration = run_module(root / "entry.py").entry
    assert integration.contract == Contract(ContractVersion.V0_1, Rule.CHOSEN)
    integration.contract = "1"
    assert integration.contract == Contract(ContractVersion.V1, Rule.CHOSEN)


async def test_rule_1_holds_for_a_run_that_it_surrounds(folder: Folder, run_module: Run) -> None:
    integration = run_module(folder(entry=GUIDE, requirements="autohive-integrations-sdk~=2.0.0") / "entry.py").entry
    with contracts.use("0.1"):
        assert await integration.execute_action("act", {"q": 3}, ExecutionContext()) == {"r": 3}
    result = await integration.execute_action("act", {"q": 3}, ExecutionContext())
    assert "must return ActionResult" in result.result["message"]


async def test_rule_1_holds_for_a_fetch_outside_any_handler(service: Any) -> None:
    async with ExecutionContext() as context:
        with contracts.use("1"):
            assert await context.fetch(service.url) == {"ok": True}
        assert isinstance(await context.fetch(service.url), FetchResponse)


@pytest.mark.parametrize("version", ["", "3", "0.1.2", "2.0.1"])
def test_rule_1_a_contract_that_is_none_is_refused(version: str, folder: Folder) -> None:
    with pytest.raises(ValueError, match=r"0\.1, 1, 2"), contracts.use(version):
        pass
    with pytest.raises(ValueError, match=r"0\.1, 1, 2"):
        Integration.load(folder() / "config.json").contract = version  # type: ignore[assignment]  # a setter takes more


def test_rule_4_the_guides_code_runs_as_printed_under_0_1(folder: Folder, run_module: Run) -> None:
    contract = chosen(folder(entry=GUIDE), run_module)
    assert contract.version == "0.1"
    assert "ActionResult" in contract.reason


@pytest.mark.parametrize(
    "code",
    [
        NEWER,
        GUIDE.replace("import Integration", "import FetchResponse, Integration"),
        GUIDE.replace("import Integration", "import ActionError as Failure, Integration"),
        "import autohive_integrations_sdk as sdk\n" + GUIDE.replace("return {", "return sdk.ActionResult({"),
        GUIDE.replace("return {", "from autohive_integrations_sdk import ActionError; return {"),
    ],
    ids=["ActionResult", "FetchResponse", "ActionError under an alias", "through the package", "inside the handler"],
)
def test_rule_4_a_newer_name_means_2(code: str, folder: Folder, run_module: Run) -> None:
    code = code.replace('sdk.ActionResult({"r": inputs["q"]}', 'sdk.ActionResult({"r": inputs["q"]})')
    assert chosen(folder(entry=code), run_module).version == "2"


async def test_rule_4_goes_by_the_module_of_each_handler(folder: Folder, run_module: Run) -> None:
    entry = run_module(folder(entry=GUIDE) / "entry.py").entry
    other = run_module(
        folder(other=NEWER.replace("entry = Integration.load()", "entry = None").split("@entry")[0]) / "other.py"
    )
    assert entry.contract.version == "0.1"

    handler = type("Wrapped", (entry._action_handlers["act"],), {"__module__": other.__name__})
    entry._action_handlers["act"] = handler
    assert entry.contract.version == "2"
    assert other.__name__ in entry.contract.reason


async def test_rule_4_a_handler_that_is_wrapped_in_a_subclass_keeps_its_contract(
    folder: Folder, run_module: Run
) -> None:
    entry = run_module(folder(entry=NEWER) / "entry.py").entry
    seen: list[Any] = []
    original = entry._action_handlers["act"]

    class Watched(original):  # type: ignore[misc,valid-type]  # the worker's way to see what a handler returns
        async def execute(self, inputs: Any, context: Any) -> Any:
            seen.append(await super().execute(inputs, context))
            return seen[-1]

    Watched.__module__ = "builtins"
    entry._action_handlers["act"] = Watched
    result = await entry.execute_action("act", {"q": 5}, ExecutionContext())
    assert result.result is seen[0]
    assert entry.contract.version == "2"


async def test_without_handlers_or_pins_the_contract_is_2_and_says_so(folder: Folder) -> None:
    integration = Integration.load(folder() / "config.json")
    assert integration.contract == Contract(ContractVersion.V2, Rule.DEFAULT)
    assert "no handler" in integration.contract.reason
    result = await integration.execute_action("act", {"q": 1}, ExecutionContext())
    assert result.type == "validation_error"
