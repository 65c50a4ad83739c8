"""Runs with a published SDK: from ``dependencies/``, or a release that is installed into the cache on demand."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from workbench.catalog import read_integration
from workbench.catalog.sdk_choices import SdkChoiceError, choose_sdk, other_sdk
from workbench.cli import main
from workbench.cli.output.agreement_text import show_both
from workbench.cli.requests import make_request
from workbench.domain import AuthShape, Credentials, ErrorKind, Kind, Run, SdkChoice, SdkSource, Status
from workbench.explain import agreement, headline, hints
from workbench.explain.documents.report import report
from workbench.explain.text import plain
from workbench.installer import SdkCache
from workbench.runner import Runner
from workbench.store import Store

type MakeWheel = Callable[..., Path]
type Do = Callable[..., Run]

SDK = (Path(__file__).parent / "published_sdk.py").read_text()
CONFIG: dict[str, Any] = {
    "name": "both",
    "version": "1.0.0",
    "description": "",
    "entry_point": "both.py",
    "auth": {"type": "custom", "fields": {"type": "object", "required": ["api_key"]}},
    "actions": {
        "go": {
            "description": "",
            "input_schema": {"type": "object", "required": ["data"]},
            "output_schema": {"type": "object", "required": ["r"]},
        }
    },
}
CODE = """
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration

both = Integration.load()


@both.action("go")
class Go(ActionHandler):
    async def execute(self, inputs, context):
        if "url" in inputs:
            await context.fetch(inputs["url"])
        return ActionResult(data=inputs["data"])
"""
GOOD, KEY = {"data": {"r": 1}}, {"api_key": "k-e-y"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "both"
    root.mkdir()
    (root / "config.json").write_text(json.dumps(CONFIG))
    (root / "both.py").write_text(CODE)
    (root / "requirements.txt").write_text("autohive-integrations-sdk~=1.1.1\n")
    return root


@pytest.fixture
def runner(tmp_path: Path, index: Path) -> Iterator[Runner]:
    with Runner(Store(), spare=False, sdks=SdkCache(tmp_path / "cache")) as runner:
        yield runner


@pytest.fixture
def do(root: Path, runner: Runner) -> Do:
    def do(sdk: str = "1.1.1", inputs: Any = GOOD, auth: Any = KEY, shape: AuthShape = AuthShape.FLAT) -> Run:
        integration = read_integration(root)
        asked = make_request(
            integration, "go", Kind.ACTION, inputs=inputs, credentials=Credentials(auth, shape=shape),
            timeout=60, last_poll_ts=None, max_retries=1, sdk=choose_sdk(integration, sdk),
        )  # fmt: skip
        return runner.wait(runner.submit(asked).id, 120)

    return do


def place(folder: Path) -> None:
    """Put the SDK where pip would."""
    (folder / "autohive_integrations_sdk-1.1.1.dist-info").mkdir(parents=True)
    (folder / "autohive_integrations_sdk.py").write_text(SDK.replace("VERSION", "1.1.1"))


def test_a_release_is_installed_once_and_judged_like_ours(do: Do, make_wheel: MakeWheel) -> None:
    make_wheel("autohive_integrations_sdk", "1.1.1", SDK.replace("VERSION", "1.1.1"))
    run = do()
    assert run.outcome.status is Status.SUCCEEDED, run.outcome
    assert (run.outcome.result, run.outcome.sdk_version) == ({"r": 1}, "1.1.1")
    assert [one.text.partition(" ")[0] for one in run.outcome.output] == ["Release", "Release"]
    assert report(run)["sdk"] == {"source": "release", "version": "1.1.1"}
    assert run.request.contract.reason == "version 1.1.1 of the SDK was chosen"

    invalid = do(inputs={})
    assert invalid.outcome.output == ()  # it was in the cache
    assert (invalid.outcome.status, invalid.outcome.error and invalid.outcome.error.kind) == (
        Status.INVALID_INPUT, ErrorKind.INPUT,
    )  # fmt: skip
    assert do(inputs={"data": {}}).outcome.status is Status.INVALID_OUTPUT
    auth = do(auth={})
    assert (auth.outcome.status, auth.outcome.error and auth.outcome.error.kind) == (
        Status.INVALID_AUTH, ErrorKind.AUTH,
    )  # fmt: skip
    envelope = do(shape=AuthShape.ENVELOPE)
    assert envelope.outcome.status is Status.INVALID_AUTH
    hint = hints.recognise(envelope)
    assert hint is not None
    assert "against context.auth itself, which is the envelope" in plain(hint.cause)


def test_requests_are_recorded_and_two_sdks_compared(
    do: Do, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place(tmp_path / "cache" / f"1.1.1-py{sys.version_info.major}.{sys.version_info.minor}")
    inputs = {"data": {"r": 1}, "url": "http://127.0.0.1:1/"}
    ours, published = do("ours", inputs), do("1.1.1", inputs)
    assert [len(run.outcome.exchanges) for run in (ours, published)] == [2, 1]  # the small SDK does not retry
    assert published.outcome.exchanges[0].call_site is not None
    found = agreement.differences(ours, published)
    assert [(one.aspect, one.place, one.first, one.second) for one in found] == [("exchanges", "number", "2", "1")]
    assert "disagree on exchanges: number is 2 with the first, 1 with the second." in plain(
        agreement.tell(ours, published)
    )
    show_both(ours, published, "text")
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1].split() == ["exchanges", "number", "2", "1"]
    assert max(map(len, printed)) < 400
    assert agreement.differences(do("ours"), do("1.1.1")) == ()


def test_a_release_that_does_not_exist(do: Do) -> None:
    run = do("7.7.7")
    assert run.outcome.status is Status.CRASHED
    words = plain(headline.tell(run))
    assert words.startswith("Version 7.7.7 of the SDK could not be installed: Could not find a version")


def test_the_sdk_in_dependencies(do: Do, root: Path) -> None:
    with pytest.raises(SdkChoiceError, match="contains no SDK"):
        do("vendored")
    place(root / "dependencies")
    run = do("vendored")
    assert (run.outcome.status, run.outcome.sdk_version) == (Status.SUCCEEDED, "1.1.1")
    assert do("ours").outcome.sdk_version != "1.1.1"
    assert other_sdk(read_integration(root)) == SdkChoice(SdkSource.VENDORED, "1.1.1")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--sdk", "newest"], "'newest' is no SDK. Use ours, vendored or a release such as 2.0.1"),
        (["--sdk", "vendored"], "dependencies/ contains no SDK"),
        (["--sdk", "both", "--contract", "1"], "--contract is for the workbench's own SDK"),
    ],
)
def test_the_command_names_what_is_wrong_with_the_choice(root: Path, options: list[str], words: str) -> None:
    done = CliRunner().invoke(main, ["run", str(root), "go", *options])
    assert (done.exit_code, words in done.output) == (2, True), done.output


def test_the_sdk_to_compare_with_is_the_pinned_one(root: Path) -> None:
    assert other_sdk(read_integration(root)) == SdkChoice(SdkSource.RELEASE, "1.1.1")
    with pytest.raises(SdkChoiceError, match=r"'\.\./x' is no SDK"):
        choose_sdk(read_integration(root), "../x")
