"""What only an import shows, and what it costs those who are not to blame."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.catalog import check, read_integration
from workbench.cli.import_runs import ImportRuns
from workbench.domain import Credentials, Finding, Severity, without_ignored

from .conftest import Workbench
from .examples import CODE, POLLER, REQUIREMENTS, TRIGGER

type Weather = Callable[..., Path]


def findings(root: Path, *, timeout: float | None = 20.0) -> tuple[Finding, ...]:
    """What the check finds; without a ``timeout`` nothing is imported."""
    integration = read_integration(root)
    if timeout is None:
        return check(integration)
    with ImportRuns([integration], timeout, Credentials()) as imports:
        return check(integration, imports.outcome(integration), timeout=timeout)


def found(root: Path, *, timeout: float | None = 20.0) -> dict[str, Finding]:
    """The findings by code."""
    return {one.code: one for one in findings(root, timeout=timeout)}


def is_alive(pid: str) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_user_code_runs_in_another_process_and_only_if_asked(weather: Weather) -> None:
    root = weather(files={"weather.py": CODE + "import os\nopen('pid', 'w').write(str(os.getpid()))\n"})
    assert found(root, timeout=None) == {}
    assert not (root / "pid").exists()
    assert found(root) == {}
    pid = (root / "pid").read_text()
    assert int(pid) != os.getpid()
    assert not is_alive(pid)


def test_no_handler_is_called(weather: Weather) -> None:
    code = CODE.replace("        return", "        open('called', 'w')\n        return")
    root = weather(files={"weather.py": code})
    assert found(root) == {}
    assert not (root / "called").exists()


def test_what_is_really_registered_counts_more_than_the_text(weather: Weather) -> None:
    code = CODE.replace('@weather.action("today")\n', "") + "getattr(weather, 'action')('today')(Today)\n"
    root = weather(files={"weather.py": code})
    assert set(found(root, timeout=None)) == {"handler-missing"}
    assert found(root) == {}


def test_a_computed_name_that_is_wrong_is_seen(weather: Weather) -> None:
    code = CODE + "for day in ('today', 'tomorrow'):\n    weather.action(day)(Today)\n"
    finding = found(weather(files={"weather.py": code}))["handler-undeclared"]
    assert (finding.path, finding.line, finding.column) == ("weather.py", 11, 5)
    assert "'tomorrow'" in finding.message


def test_a_branch_that_was_not_taken_lacks_its_handler(weather: Weather) -> None:
    code = CODE.replace("\n\n\n@", "\nif False:\n  @").replace("\nclass", "\n  class").replace("\n    ", "\n      ")
    assert set(found(weather(files={"weather.py": code}))) == {"handler-missing"}


def test_triggers_and_their_flaws(weather: Weather) -> None:
    config = {"/polling_triggers/warnings": TRIGGER}
    good = weather("good", config=config, files={"weather.py": CODE + POLLER})
    assert found(good) == {}
    bad = weather("bad", config=config, files={"weather.py": CODE + POLLER.replace("last_poll_ts, ", "")})
    finding = found(bad)["handler-method"]
    assert finding.message == (
        "The handler of the polling trigger 'warnings' cannot be called: "
        "its poll does not accept (self, inputs, last_poll_ts, context)."
    )
    assert "self, inputs, last_poll_ts, context" in finding.fix


def test_a_handler_that_yields(weather: Weather) -> None:
    finding = found(weather(files={"weather.py": CODE.replace("return ", "yield ")}))["handler-method"]
    assert "its execute is a generator because it contains yield, but the SDK awaits one value" in finding.message


def test_a_connected_account_without_its_method(weather: Weather) -> None:
    code = "from autohive_integrations_sdk import *\n" + CODE + "@weather.connected_account()\nclass A: pass\n"
    root = weather(config={"/supports_connected_account": True}, files={"weather.py": code})
    finding = found(root)["handler-method"]
    assert finding.message == (
        "The handler of the connected account cannot be called: it has no method get_account_info."
    )
    assert (finding.line, finding.column) == (11, 2)


def test_a_request_at_import_tells_no_secret(weather: Weather) -> None:
    code = CODE + (
        "import asyncio, aiohttp\nasync def go():\n  async with aiohttp.ClientSession() as http:\n    for n in '12':\n"
        "      try: await http.get(f'http://me:hush@127.0.0.1:9/hush?hush={n}')\n"
        "      except aiohttp.ClientError: pass\nasyncio.run(go())\n"
    )
    (finding,) = findings(weather(files={"weather.py": code}))
    assert finding.message == "A request is sent while the code is imported: GET to 127.0.0.1."
    assert finding.line == 14


def test_a_fault_in_a_helper_has_the_helpers_line(weather: Weather) -> None:
    files = {"weather.py": CODE + "import tools.units\n", "tools/units.py": "def f():\n  return {}['kelvin']\n\nf()\n"}
    finding = found(weather(files=files))["load-error"]
    assert (finding.path, finding.line, finding.column) == ("tools/units.py", 2, 3)
    assert finding.message == "tools/units.py cannot be imported: KeyError: 'kelvin'."


def test_a_fault_in_a_dependency_has_the_line_that_imports_it(weather: Weather) -> None:
    files = {"weather.py": CODE + "import broken\n", "dependencies/broken.py": "raise OSError('no')\n"}
    finding = found(weather(files=files))["load-error"]
    assert (finding.path, finding.line) == ("weather.py", 10)


@pytest.mark.parametrize(("required", "though"), [("", False), ("nowhere-to-be-found\n", True)])
def test_a_missing_module_says_how_to_install_it(weather: Weather, required: str, though: bool) -> None:
    code = CODE + "def soon():\n    from nowhere_to_be_found.deep import x\nsoon()\n"
    files = {"weather.py": code, "requirements.txt": REQUIREMENTS + required}
    finding = found(weather(files=files))["load-module-missing"]
    assert (finding.path, finding.line) == ("weather.py", 11)
    assert "`workbench install`" in finding.fix
    assert ("although requirements.txt lists it" in finding.message) is though


def test_requirements_are_looked_for_where_imports_look(weather: Weather) -> None:
    asked = "Tiny_Thing>=2\naiohttp>=3\naiohttp<1; python_version < '3'\nrich>=900\nold-thing==1.0\n"
    metadata = "Metadata-Version: 2.1\nName: {}\nVersion: {}\n"
    files = {
        "requirements.txt": REQUIREMENTS + asked,
        "dependencies/tiny_thing-2.1.dist-info/METADATA": metadata.format("tiny-thing", "2.1"),
        "dependencies/old_thing-0.9.dist-info/METADATA": metadata.format("old-thing", "0.9"),
    }
    said = [(one.line, one.message.partition(", but ")[2]) for one in findings(weather(files=files))]
    assert [line for line, _ in said] == [5, 6]
    assert said[1][1] == "dependencies/ contains 0.9."


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("import sys; sys.exit('bye')", "SystemExit"),
        ("import os; os._exit(7)", "exit code 7"),
        ("import os; os.kill(os.getpid(), 11)", "SIGSEGV"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
def test_code_that_ends_its_process(weather: Weather, end: str, words: str) -> None:
    finding = found(weather(files={"weather.py": CODE + end + "\n"}))
    assert set(finding) == {"load-exited"}
    assert words in finding["load-exited"].message


def test_a_hang_leaves_nothing_behind(weather: Weather) -> None:
    code = CODE + (
        "import os, subprocess\nchild = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "open('pids', 'w').write(f'{os.getpid()} {child.pid}')\nwhile True:\n    pass\n"
    )
    root = weather(files={"weather.py": code})
    finding = found(root, timeout=2)["load-timeout"]
    assert finding.path == "weather.py"
    assert finding.line in (13, 14)
    assert not any(is_alive(pid) for pid in (root / "pids").read_text().split())


def test_a_hang_within_a_dependency_stands_where_it_is_imported(weather: Weather) -> None:
    files = {
        "weather.py": CODE + "if True:\n    import slow\n",
        "dependencies/slow.py": "import time\ntime.sleep(99)\n",
    }
    finding = found(weather(files=files), timeout=2)["load-timeout"]
    assert (finding.path, finding.line, finding.column) == ("weather.py", 11, 5)


def test_what_it_prints_stays_out_of_the_report(workbench: Workbench, weather: Weather) -> None:
    code = CODE + "import os, sys\nprint('loud')\nos.write(1, b'louder')\nsys.stderr.write('loudest' * 100_000)\n"
    done = workbench(weather(files={"weather.py": code}))
    assert (done.returncode, "loud" in done.stdout, done.stderr) == (0, False, "")


def test_a_config_that_the_sdk_refuses_is_blamed_once(weather: Weather) -> None:
    assert set(found(weather(config={"/actions/today": 7}))) >= {"config-type"}
    assert "load-error" not in found(weather("other", config={"/name": 7, "/actions": []}))


def test_each_of_many_is_imported_by_itself(workbench: Workbench, weather: Weather, tmp_path: Path) -> None:
    for number in range(6):
        config = {"/name": f"weather-{number}", "/entry_point": "main.py"}
        code = CODE.replace('{"warm": True}', "helper.VALUE") + f"import helper\nassert helper.VALUE == {number}\n"
        weather(f"all-{number}", config=config, files={"main.py": code, "helper.py": f"VALUE = {number}\n"})
    done = workbench(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "6 integrations checked: 0 errors" in done.stdout


def test_the_real_configs_with_handlers_for_all_they_declare(corpus: list[Path], tmp_path: Path) -> None:
    """Looked at one by one: ``required: false`` in aws is invalid under Draft 7; all else is sound."""
    for source in corpus:
        root = tmp_path / source.name
        root.mkdir()
        text = (source / "config.json").read_text(encoding="utf-8")
        (root / "config.json").write_text(text, encoding="utf-8")
        (root / "requirements.txt").write_text(REQUIREMENTS)
        config = json.loads(text)
        entry = root / config["entry_point"]
        entry.parent.mkdir(parents=True, exist_ok=True)
        entry.write_text("".join(_handlers(config)), encoding="utf-8")
    integrations = [read_integration(tmp_path / source.name) for source in corpus]
    some = integrations[::6]
    with ImportRuns(some, 20, Credentials()) as imports:
        outcomes = {one.id: imports.outcome(one) for one in some}
    serious = [
        (one.id, finding.code, finding.pointer)
        for one in integrations
        for finding in check(one, outcomes.get(one.id))
        if finding.severity is not Severity.NOTE
    ]
    assert all(outcome and outcome.registered for outcome in outcomes.values())
    assert serious == [("aws", "schema-required-boolean", "/auth/fields/properties/aws_session_token/required")]


def _handlers(config: dict[str, Any]) -> list[str]:
    method = "  async def {}(self, *given): ...\n"
    return [
        "from autohive_integrations_sdk import *\nit = Integration.load()\n",
        *(f"@it.action({name!r})\nclass A(ActionHandler):\n{method.format('execute')}" for name in config["actions"]),
        *(
            f"@it.polling_trigger({name!r})\nclass P(PollingTriggerHandler):\n{method.format('poll')}"
            for name in config.get("polling_triggers", {})
        ),
        "@it.connected_account()\nclass C(ConnectedAccountHandler):\n" + method.format("get_account_info")
        if config.get("supports_connected_account")
        else "",
    ]


def test_the_samples_are_sound() -> None:
    """The clinic shows a schema that is wrong, and no more than that one."""
    samples = Path(__file__).parents[2] / "samples"
    serious = {
        name: [
            finding.code
            for finding in without_ignored(findings(samples / name))
            if finding.severity is not Severity.NOTE
        ]
        for name in ("api-fetch", "rss-reader", "schema-clinic")
    }
    assert serious == {"api-fetch": [], "rss-reader": [], "schema-clinic": ["schema-required-boolean"]}
