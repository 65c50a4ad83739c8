"""The rules by which a contract is chosen, in their order, and requirements as people write them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from autohive_integrations_sdk import contracts
from hypothesis import given
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.catalog import Catalog, read_integration
from workbench.catalog.code.python_source import ModuleCache
from workbench.catalog.contracts import decide
from workbench.catalog.packages.requirements import Requirements, parse_requirements, read_requirements
from workbench.domain import ContractVersion

type Make = Callable[..., Path]

SDK = "autohive-integrations-sdk"
PACKAGE = "autohive_integrations_sdk"
NEITHER = "weather.py imports neither ActionResult, ActionError nor FetchResponse"
NOTHING = "no file names a release, and no handler is registered"
HANDLER = "\n@weather.action('today')\nclass Today: ..."


def test_said_outright_beats_all(make: Make) -> None:
    root = make(files={"dependencies/autohive_integrations_sdk-2.0.1.dist-info/METADATA": ""})
    for version in ContractVersion:
        contract = read_integration(root, contract=version).contract
        assert (contract.version, contract.reason) == (version, "chosen explicitly")


@pytest.mark.parametrize(
    ("folder", "version"),
    [
        ("autohive_integrations_sdk-0.1.2.dist-info", "0.1"),
        ("autohive_integrations_sdk-1.0.2.dist-info", "1"),
        ("autohive_integrations_sdk-2.0.1.dist-info", "2"),
        ("Autohive.Integrations-SDK-2.1.0rc1.dist-info", "2"),
        ("autohive_integrations_sdk-3.0.dist-info", "2"),
    ],
)
def test_the_installed_release_beats_the_pin(make: Make, folder: str, version: str) -> None:
    root = make(files={f"dependencies/{folder}/METADATA": "", "requirements.txt": f"{SDK}==1.1.1"})
    contract = read_integration(root).contract
    assert contract.version == version
    assert contract.reason.startswith("dependencies/ holds version ")


def test_of_two_installed_releases_the_newer_counts(make: Make) -> None:
    root = make(
        files={f"dependencies/autohive_integrations_sdk-{v}.dist-info/M": "" for v in ("0.1.2", "1.0.2", "nope")}
    )
    contract = read_integration(root).contract
    assert (contract.version, contract.reason) == ("1", "dependencies/ holds version 1.0.2 (and, left over, 0.1.2)")


@pytest.mark.parametrize(
    ("pin", "version"),
    [
        ("==0.1.2", "0.1"), ("~=1.0.2", "1"), ("~=1.1.1", "1"), ("~=2.0.0", "2"), ("~=2.0.1", "2"), ("==1.*", "1"),
        (">=1.0,<2", "1"), ("<2", "1"), ("<1", "0.1"), ("<=1.1.1", "1"), (">=1.0.2", "2"), (">=0.1.2", "2"),
        ("!=2.0.0", "2"), ("==3.1.0", "2"), ("===1.0.2", "1"), ("~=1", "1"), ("==1.0.2rc1", "1"), ("(>=2.0)", "2"),
        ("[extra]==1.0.2", "1"), (" ~= 1.0.2", "1"), ("==1.0.2 --hash=sha256:abc", "1"), ("==1.0.2 # why", "1"),
        ("==1.0.2; python_version > '3'", "1"), ("==\\\n1.0.2", "1"),
    ],
)  # fmt: skip
def test_pins(make: Make, pin: str, version: str) -> None:
    contract = read_integration(make(files={"requirements.txt": f"aiohttp\n{SDK}{pin}\nrequests==2\n"})).contract
    assert contract.version == version
    assert contract.reason.startswith("requirements.txt pins ")


@pytest.mark.parametrize(
    "text",
    [SDK, f"# {SDK}==1.0.2", f"{SDK}==1.0.2; python_version < '3'", f"{SDK}-extras==1.0.2", f"-r {SDK}==1.0.2.txt", ""],
)
def test_what_is_no_pin(make: Make, text: str) -> None:
    assert "imports neither" in read_integration(make(files={"requirements.txt": text})).contract.reason


@pytest.mark.parametrize(
    ("code", "version", "reason"),
    [
        ("from autohive_integrations_sdk import ActionResult", "2", "weather.py imports ActionResult"),
        ("from autohive_integrations_sdk import Integration, ActionError as E", "2", "weather.py imports ActionError"),
        ("from autohive_integrations_sdk.integration import FetchResponse", "2", "weather.py imports FetchResponse"),
        ("import autohive_integrations_sdk as sdk\nx = sdk.ActionResult", "2", "weather.py imports ActionResult"),
        ("import autohive_integrations_sdk.integration as i\nx = i.ActionError", "2", "weather.py imports ActionError"),
        (f"import {PACKAGE}\nx = {PACKAGE}.ActionError", "2", "weather.py imports ActionError"),
        ("from autohive_integrations_sdk import *\nx = ActionResult(1)", "2", "weather.py imports ActionResult"),
        ("from helper import work", "2", "helper.py imports ActionResult"),
        ("from pack.deep import work", "2", "pack/deep.py imports ActionError"),
        ("import pack", "2", "pack/deep.py imports ActionError"),
        ("from autohive_integrations_sdk import Integration" + HANDLER, "0.1", NEITHER),
        ("# from autohive_integrations_sdk import ActionResult" + HANDLER, "0.1", NEITHER),
        ("class ActionResult: pass" + HANDLER, "0.1", NEITHER),
        ("from other import ActionResult" + HANDLER, "0.1", NEITHER),
        ("from autohive_integrations_sdk import Integration", "2", NOTHING),
        ("this is no python", "2", NOTHING),
        ("\0", "2", NOTHING),
        ("from .... import helper" + HANDLER, "0.1", NEITHER),
        ("from .helper import work", "2", "helper.py imports ActionResult"),
    ],
)  # fmt: skip
def test_imports(make: Make, code: str, version: str, reason: str) -> None:
    files = {
        "weather.py": code,
        "helper.py": "from autohive_integrations_sdk import ActionResult",
        "pack/__init__.py": "from . import deep",
        "pack/deep.py": "from autohive_integrations_sdk import ActionError",
        "requirements.txt": "",
    }
    contract = read_integration(make(files=files)).contract
    assert (contract.version, contract.reason) == (version, reason)


def test_without_anything_to_look_at_the_reason_says_so(make: Make) -> None:
    contract = read_integration(make(files={"weather.py": None, "requirements.txt": None})).contract
    assert (contract.version, contract.reason) == (
        "2",
        "no file names a release, and no handler is registered",
    )


def test_modules_that_import_each_other_end(make: Make) -> None:
    files = {"weather.py": "import a", "a.py": "import b, weather", "b.py": "import a", "requirements.txt": ""}
    assert decide(make(files=files), "weather.py", Requirements(), ModuleCache()).read == ("weather.py", "a.py", "b.py")


def parsed(text: str) -> Requirements:
    """The requirements of a folder with this ``requirements.txt`` and an empty ``more.txt``."""
    files = {"requirements.txt": text.encode("utf-8", "replace"), "more.txt": b""}
    return parse_requirements(contracts.read_requirements(lambda name, *place: files.get(name)))


@pytest.mark.parametrize(
    ("line", "entries"),
    [
        (f"aiohttp>=3.8.0{SDK}~=1.0.2", ("aiohttp>=3.8.0", f"{SDK}~=1.0.2")),
        (f"{SDK}~=1.0.2requests>=2.31.0", (f"{SDK}~=1.0.2", "requests>=2.31.0")),
        (f"requests{SDK}==1.0.2", ("requests", f"{SDK}==1.0.2")),
        ("a==1.0b==2.0", ("a==1.0", "b==2.0")),
        (f"requests==2.*{SDK}~=1.0.2", ("requests==2.*", f"{SDK}~=1.0.2")),
    ],
)
def test_glued_requirements_are_taken_apart_and_told(line: str, entries: tuple[str, str]) -> None:
    found = parsed(f"first\n{line}\n")
    assert found.entries == ("first", *entries)
    finding = next(finding for finding in found.findings if finding.code == "requirements-joined")
    assert finding.place == "requirements.txt:2:1"
    assert (found.pin.specifier if found.pin else "") == (
        "~=1.0.2" if "~=1.0.2" in line else "==1.0.2" if SDK in line else ""
    )


@pytest.mark.parametrize("line", ["foo bar", "==1.0", "@", "name ==", "a>>2"])
def test_a_line_that_pip_cannot_read_is_told(line: str) -> None:
    found = parsed(f"{SDK}==2.0.1\n\n{line}\n")
    assert [(finding.code, finding.place) for finding in found.findings] == [
        ("requirements-invalid", "requirements.txt:3:1")
    ]


@each_case(
    "line",
    ["-r more.txt", "--index-url https://example.com", "git+https://example.com/x.git", "./local", "x @ https://a.b/c.whl",
     "uvloop; sys_platform != 'win32'", "requests[socks]>=2,<3", "# comment", "six==1.16.0 # why"],
)  # fmt: skip
def test_what_pip_understands_is_no_finding(line: str) -> None:
    assert parsed(f"{SDK}~=2.0.1\n{line}\n").findings == ()


def test_included_files_are_read_inside_the_folder_only(make: Make, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("canary\n")
    root = make(
        files={
            "requirements.txt": f"{SDK}~=2.0.1\n-r sub/more.txt\n-r ../outside.txt\n-r gone.txt\n-e git+https://a.b/c#egg=dev\n",
            "sub/more.txt": "-r more.txt\n-c limits.txt\nsix==1.16.0 --hash=sha256:00\n",
            "sub/limits.txt": "six<2\n",
        }
    )
    found = read_requirements(root)
    assert [(one.text, one.file, one.line, one.kind.value) for one in found.lines] == [
        (f"{SDK}~=2.0.1", "requirements.txt", 1, "requirement"),
        ("six==1.16.0", "sub/more.txt", 3, "requirement"),
        ("git+https://a.b/c#egg=dev", "requirements.txt", 5, "editable"),
    ]
    assert [(one.code, one.place) for one in found.findings] == [
        ("requirements-include", "requirements.txt:3:1"),
        ("requirements-include", "requirements.txt:4:1"),
        ("requirements-include", "sub/more.txt:1:1"),
    ]
    assert "outside the integration's folder" in found.findings[0].message
    assert "includes itself" in found.findings[2].message


def test_a_chain_of_included_files_is_bounded(make: Make) -> None:
    files = {f"{number}.txt": f"-r {number + 1}.txt\n" for number in range(1, 60)}
    found = read_requirements(make(files={**files, "requirements.txt": f"{SDK}~=2.0.1\n-r 1.txt\n"}))
    assert [one.code for one in found.findings] == ["requirements-include"]
    assert "too many" in found.findings[0].message
    assert len(found.files) == 20


def test_an_edit_of_an_included_file_is_seen(make: Make) -> None:
    root = make(files={"requirements.txt": "-r more.txt\n", "more.txt": f"{SDK}~=1.0.2\n"})
    known = Catalog([root])
    assert known.integrations()[0].contract.version == "1"
    (root / "more.txt").write_text(f"{SDK}~=2.0.1 \n")
    assert known.integrations()[0].contract.version == "2"


def test_a_missing_file_and_a_missing_sdk_are_warnings(make: Make) -> None:
    missing = read_integration(make(files={"requirements.txt": None})).findings
    assert [(finding.code, finding.severity) for finding in missing] == [("requirements-missing", "warning")]
    unnamed = read_integration(make("other", files={"requirements.txt": "requests\n"})).findings
    assert [(finding.code, finding.severity) for finding in unnamed] == [("requirements-no-sdk", "warning")]


@given(st.text(max_size=80) | st.text("ab-=~<>.,; #\\\n[]()@/:0123" + SDK, max_size=80))
def test_any_text_is_read(text: str) -> None:
    parsed(text)
