"""The command line as a whole: what it imports, how it is called, and where its options come from."""

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.case_tables import each_case
from workbench import __version__
from workbench.cli import main
from workbench.cli.group import COMMANDS

ROOT = Path(__file__).parents[2]
HEAVY = {"aiohttp", "flask", "jsonschema", "rich", "waitress", "workbench.catalog", "workbench.runner", "workbench.web"}


def modules_after(code: str) -> set[str]:
    """The modules that a new process has imported once it ran ``code``."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_the_version_and_completion_import_no_package_of_the_workbench() -> None:
    assert not modules_after("import workbench.cli") & (HEAVY | {"workbench.domain", *COMMANDS.values()})


def test_the_modules_of_commands_import_no_more_than_their_options_need() -> None:
    assert not modules_after(f"import {', '.join(COMMANDS.values())}") & (HEAVY | {"workbench.domain"})


def test_run_and_check_do_not_import_the_pages_or_the_echo_server() -> None:
    imported = modules_after("import workbench.cli.execution.run, workbench.cli.execution.check")
    assert not imported & {"flask", "waitress", "aiohttp", "wtforms", "workbench.web", "workbench.echo"}


@pytest.mark.parametrize("module", ["workbench", "workbench.cli"])
def test_python_runs_the_package(module: str) -> None:
    done = subprocess.run([sys.executable, "-m", module, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"workbench, version {__version__}\n"


def test_the_version_of_the_distribution_is_the_one_in_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "workbench/__init__.py"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_commands(workbench, shell: str) -> None:
    assert "_WORKBENCH_COMPLETE" in workbench(_WORKBENCH_COMPLETE=f"{shell}_source").stdout
    words = {"COMP_WORDS": "workbench run --fo", "COMP_CWORD": "--fo" if shell == "fish" else "2"}
    assert "--format" in workbench(_WORKBENCH_COMPLETE=f"{shell}_complete", **words).stdout


def options() -> list[tuple[str, click.Option]]:
    """Every option of every command that the help shows, with the command's name."""
    group = main
    assert isinstance(group, click.Group)
    context = click.Context(group)
    return [
        (name, parameter)
        for name in COMMANDS
        if (command := group.get_command(context, name))
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
    ]


@each_case(("command", "option"), options())
def test_every_option_has_a_variable_that_the_help_names(command: str, option: click.Option) -> None:
    variable = f"WORKBENCH_{command}_{option.opts[0].removeprefix('--').replace('-', '_')}".upper()
    assert option.envvar == variable
    help_text = "".join(CliRunner().invoke(main, [command, "--help"], terminal_width=400).stdout.split())
    assert f"envvar:{variable}" in help_text


def test_every_option_has_a_help_text() -> None:
    assert not [f"{command} {option.name}" for command, option in options() if not option.help]


def test_options_come_from_the_environment(workbench, integration: Path) -> None:
    values = {"INPUTS": '{"n": 1}', "AUTH": '{"user_name": "ada"}', "AUTH_SHAPE": "flat", "FORMAT": "json"}
    variables = {f"WORKBENCH_RUN_{name}": value for name, value in values.items()}
    done = workbench("run", integration, "show", **variables)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["result"] == {"inputs": {"n": 1}, "auth": {"user_name": "ada"}}


def test_an_argument_comes_before_the_environment(workbench, integration: Path) -> None:
    variables = {"WORKBENCH_RUN_INPUTS": '{"n": 1}', "WORKBENCH_RUN_FORMAT": "json"}
    done = workbench("run", integration, "show", "--inputs", '{"n": 2}', **variables)
    assert json.loads(done.stdout)["result"]["inputs"] == {"n": 2}


def test_a_wrong_value_in_the_environment_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_CHECK_TIMEOUT", "soon")
    done = CliRunner().invoke(main, ["check"])
    assert done.exit_code == 2
    assert "WORKBENCH_CHECK_TIMEOUT" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run"], "Name the action or trigger to run. one has: call, show"),
        (["run", "nope"], "one declares no action or trigger 'nope'"),
        (["run", "."], "Name the action or trigger to run. one has: call, show"),
        (["run", "./nope"], "not found"),
        (["run", "..", "nope"], "one declares no action or trigger 'nope'"),
        (["run", ".", "nope", "more"], "Expected at most PATH and HANDLER, but got 3 arguments."),
    ],
)
def test_in_an_integrations_folder_a_word_alone_is_the_handler(
    integration: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(integration)
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in " ".join(done.stderr.split())


def test_elsewhere_a_word_alone_is_the_path(integration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["run", "one"])
    assert done.exit_code == 2
    assert "one has: call, show" in done.stderr


def test_run_in_the_current_folder(workbench, integration: Path) -> None:
    done = workbench("run", "show", "--format", "json", cwd=integration)
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "succeeded")


def test_check_in_the_current_folder(integration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (integration, tmp_path):
        monkeypatch.chdir(folder)
        done = CliRunner().invoke(main, ["check", "--no-import"])
        assert "1 integration checked without importing" in done.stdout


def test_check_where_there_is_no_integration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["check"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert str(tmp_path) in "".join(done.stderr.split("\n"))


def test_a_run_in_the_background_of_a_script_can_be_cancelled(integration: Path, tmp_path: Path) -> None:
    """A shell without job control starts such a command with SIGINT ignored."""
    file = tmp_path / "pid"
    inputs = json.dumps({"file": str(file)})
    command = [sys.executable, "-m", "workbench", "run", str(integration), "wait", "--format", "json"]
    script = '"$@" & echo $! >"$PID"; wait $!'
    environment = os.environ | {"PID": str(tmp_path / "command"), "WORKBENCH_RUN_INPUTS": inputs}
    with subprocess.Popen(
        ["/bin/sh", "-c", script, "sh", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as shell:
        while not (file.exists() and file.read_text()):
            assert shell.poll() is None
            time.sleep(0.02)
        os.kill(int((tmp_path / "command").read_text()), signal.SIGINT)
        stdout, stderr = shell.communicate(timeout=60)
    assert json.loads(stdout)["status"] == "cancelled"
    assert (shell.returncode, stderr) == (1, b"")
