"""The published SDK over the one that the workbench brings: commands and tests say so and do nothing else."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from workbench.cli import main
from workbench.own_sdk import SdkReplaced, check_own_sdk
from workbench.testing import load


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "autohive_integrations_sdk"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package.parent / "autohive_integrations_sdk-2.0.1.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.delitem(sys.modules, "autohive_integrations_sdk", raising=False)


@pytest.mark.usefixtures("published")
def test_commands_and_tests_by_hand_name_the_published_sdk(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["check", str(tmp_path)])
    assert done.exit_code == 2
    assert "autohive-integrations-sdk 2.0.1 was installed into the workbench's environment" in done.stderr
    with pytest.raises(SdkReplaced, match="--force-reinstall"):
        load(tmp_path)


@pytest.mark.usefixtures("published")
def test_a_folder_of_dependencies_in_the_path_of_python_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", f"/nowhere:{tmp_path / 'site-packages'}")
    with pytest.raises(SdkReplaced, match="Take the folder out of PYTHONPATH"):
        check_own_sdk()
