"""One table of pins: the page, ``workbench run`` and the SDK name the same contract, that of what pip installs."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from autohive_integrations_sdk import Integration

from workbench.catalog import read_integration
from workbench.cli.requests import make_request, open_integration
from workbench.domain import Credentials, Kind
from workbench.runner import Runner

SDK = "autohive-integrations-sdk"

TABLE = [
    ("<1.2", "1", "1.1.1"),
    ("<1.1.2", "1", "1.1.1"),
    (">=0.1,<1.5", "1", "1.1.1"),
    ("!=1.0.2,<1.9", "1", "1.1.1"),
    ("<2.0.1", "2", "2.0.0"),
    (">=1.0,<2.0.1", "2", "2.0.0"),
    ("<1", "0.1", "0.1.2"),
    ("==0.1.2", "0.1", "0.1.2"),
    ("<1.0.2", "0.1", "0.1.2"),
    ("~=1.0.2", "1", "1.0.2"),
    ("~=1.0", "1", "1.1.1"),
    ("~=1.1.1", "1", "1.1.1"),
    ("~=2.0.0", "2", "2.0.1"),
    ("~=2.0.1", "2", "2.0.1"),
    (">=1.0,<2", "1", "1.1.1"),
    (">=1.0.2", "2", "2.0.1"),
    (">0", "2", "2.0.1"),
    ("!=2.0.1,!=2.0.0", "1", "1.1.1"),
    ("==1.*", "1", "1.1.1"),
    ("===1.0.2", "1", "1.0.2"),
    (" >= 1.0 , < 2.0.1", "2", "2.0.0"),
    ("==1.7.9", "1", "1.7.9"),
    ("==3.1.0", "2", "3.1.0"),
    ("~=3.2.0", "2", "3.2.0"),
    ("==1.0.2rc1", "1", "1.0.2rc1"),
    ("<0.1", "0.1", "0.1"),
    ("~=1.0.2requests==2.31.0", "1", "1.0.2"),
    ("~=1.0.2; python_version > '3'", "1", "1.0.2"),
]


@pytest.mark.parametrize(("pin", "version", "release"), TABLE)
def test_page_command_and_SDK_name_one_contract(
    pin: str,
    version: str,
    release: str,
    make_site: Callable[..., Any],
    write_integration: Callable[..., Path],
    config: dict[str, Any],
    tmp_path: Path,
    runner: Runner,
) -> None:
    root = write_integration(tmp_path / "greeter", config)
    (root / "requirements.txt").write_text(f"# why\n{SDK}{pin}\n", "utf-8")

    of_sdk = Integration.load(root / "config.json").contract
    command = make_request(
        open_integration(root), "greet", Kind.ACTION, inputs={}, credentials=Credentials(), timeout=1, last_poll_ts=None
    )
    page = make_site(root, runner=runner).inside().get("/integrations/greeter").text

    assert (of_sdk.version, of_sdk.release, of_sdk.file, of_sdk.line) == (version, release, "requirements.txt", 2)
    assert command.contract == of_sdk
    assert f"SDK contract <b>{version}</b>" in page
    assert read_integration(root).contract == of_sdk


PINNED = f"aiohttp>=3\r\n{SDK}~=1.0.2\r\n"
FILES: list[tuple[str, dict[str, bytes], str, str, str, int]] = [
    ("UTF-16 with its mark", {"requirements.txt": PINNED.encode("utf-16")}, "1", "1.0.2", "requirements.txt", 2),
    (
        "UTF-16, big endian",
        {"requirements.txt": b"\xfe\xff" + PINNED.encode("utf-16-be")},
        "1",
        "1.0.2",
        "requirements.txt",
        2,
    ),
    ("UTF-32", {"requirements.txt": PINNED.encode("utf-32")}, "1", "1.0.2", "requirements.txt", 2),
    ("UTF-8 with its mark", {"requirements.txt": PINNED.encode("utf-8-sig")}, "1", "1.0.2", "requirements.txt", 2),
    (
        "coding: utf-7",
        {"requirements.txt": b"# coding: utf-7\n+AGEAdQB0AG8-hive-integrations-sdk~+AD0-1.0.2"},
        "1",
        "1.0.2",
        "requirements.txt",
        2,
    ),
    ("not UTF-8", {"requirements.txt": b"# caf\xe9\n" + PINNED.encode()}, "1", "1.0.2", "requirements.txt", 3),
    (
        "included",
        {"requirements.txt": b"-r sub/more.txt", "sub/more.txt": PINNED.encode()},
        "1",
        "1.0.2",
        "sub/more.txt",
        2,
    ),
    (
        "constrained",
        {"requirements.txt": f"-c limits.txt\n{SDK}".encode(), "limits.txt": PINNED.encode()},
        "1",
        "1.0.2",
        "limits.txt",
        2,
    ),
    (
        "both",
        {"requirements.txt": f"{SDK}>=1\n-c limits.txt".encode(), "limits.txt": f"{SDK}<2".encode()},
        "1",
        "1.1.1",
        "requirements.txt",
        1,
    ),
    (
        "a constraint alone",
        {"requirements.txt": b"-c limits.txt\nsix", "limits.txt": PINNED.encode()},
        "0.1",
        "",
        "greeter.py",
        0,
    ),
    (
        "outside",
        {"requirements.txt": b"-r ../limits.txt", "../limits.txt": PINNED.encode()},
        "0.1",
        "",
        "greeter.py",
        0,
    ),
    (
        "continued",
        {"requirements.txt": f"{SDK} \\\n ~=1.0.2 \\\n --hash=sha256:00".encode()},
        "1",
        "1.0.2",
        "requirements.txt",
        1,
    ),
    (
        "a wheel",
        {"requirements.txt": f"{SDK} @ https://a.b/autohive_integrations_sdk-1.0.2-py3-none-any.whl".encode()},
        "1",
        "1.0.2",
        "requirements.txt",
        1,
    ),
]


@pytest.mark.parametrize(("name", "files", "version", "release", "file", "line"), FILES, ids=[row[0] for row in FILES])
def test_files_that_pip_owns_are_read_as_pip_reads_them(
    name: str,
    files: dict[str, bytes],
    version: str,
    release: str,
    file: str,
    line: int,
    write_integration: Callable[..., Path],
    config: dict[str, Any],
    tmp_path: Path,
) -> None:
    root = write_integration(tmp_path / "greeter", config)
    for path, content in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(content)
    known = read_integration(root).contract
    assert (known.version, known.release, known.file, known.line or 0) == (version, release, file, line)
    of_sdk = Integration.load(root / "config.json").contract
    assert of_sdk.version == "2" if known.rule == "not_imported" else of_sdk == known


NO_HANDLER = "from autohive_integrations_sdk import Integration\ngreeter = Integration.load()\n"


def test_without_handler_or_pin_all_three_name_contract_2(
    make_site: Callable[..., Any],
    write_integration: Callable[..., Path],
    config: dict[str, Any],
    tmp_path: Path,
    runner: Runner,
) -> None:
    root = write_integration(tmp_path / "greeter", config, code=NO_HANDLER)
    (root / "requirements.txt").unlink()
    of_sdk = Integration.load(root / "config.json").contract
    assert of_sdk.version == "2"
    assert open_integration(root).contract == of_sdk
    assert "SDK contract <b>2</b>" in make_site(root, runner=runner).inside().get("/integrations/greeter").text


def test_a_result_under_a_pin_below_1_2_is_accepted(
    write_integration: Callable[..., Path], config: dict[str, Any], tmp_path: Path, in_process: Callable[..., Any]
) -> None:
    code = (
        "from autohive_integrations_sdk import ActionHandler, ActionResult, Integration\ngreeter = Integration.load()\n"
        "@greeter.action('greet')\nclass Greet(ActionHandler):\n"
        "    async def execute(self, inputs, context):\n        return ActionResult(data={'hello': inputs['name']})\n"
    )
    del config["auth"]
    root = write_integration(tmp_path / "greeter", config, code=code)
    (root / "requirements.txt").write_text(f"{SDK}<1.2\n", "utf-8")
    done = in_process("run", root, "greet", "--inputs", '{"name": "Ada"}')
    assert done.returncode == 0, done.stdout + done.stderr
    assert "contract 1: requirements.txt pins <1.2, so 1.1.1 at the newest" in done.stdout + done.stderr


def test_the_own_contract_is_named_as_this_integrations(site: Any) -> None:
    page = site.inside().get("/integrations/greeter/actions/greet").text
    assert "contract 0.1 (this integration&#39;s)" in page


def test_the_contracts_module_is_cheap_to_import() -> None:
    heavy = ("aiohttp", "jsonschema", "packaging", "asyncio", "logging")
    code = f"import autohive_integrations_sdk.contracts, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_package_names_are_imported_when_asked_for() -> None:
    code = (
        "import autohive_integrations_sdk as sdk, sys\n"
        "assert 'autohive_integrations_sdk.integration' not in sys.modules\n"
        "assert set(sdk.__all__) <= set(dir(sdk))\n"
        "assert sdk.integration.Integration is sdk.Integration\n"
        "space = {}; exec('from autohive_integrations_sdk import *', space)\n"
        "assert set(sdk.__all__) <= set(space)\n"
        "assert not hasattr(sdk, 'nothing')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
