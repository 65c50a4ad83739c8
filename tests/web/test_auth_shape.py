"""One table of shapes: page, ``workbench run``, its JSON and the handler itself agree on ``context.auth``."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from workbench.cli.requests import make_request, open_integration
from workbench.domain import AuthShape, Credentials, Kind, ShapeRule
from workbench.explain.documents.report import report
from workbench.runner import Runner

FLAT, ENVELOPE = AuthShape.FLAT, AuthShape.ENVELOPE
CUSTOM = {"type": "Custom", "fields": {"type": "object", "properties": {"api_key": {"type": "string"}}}}
PLATFORM = {"type": "platform", "provider": "Greetings"}
READS = {
    "flat": 'context.auth["api_key"]',
    "envelope": 'context.auth.get("credentials", {}).get("api_key")',
    "both": 'context.auth.get("credentials", context.auth)["api_key"]',
    "nothing": "None",
}
CODE = """\
from autohive_integrations_sdk import ActionHandler, Integration{more}

greeter = Integration.load()


@greeter.action("greet")
class Greet(ActionHandler):
    async def execute(self, inputs, context):
        if inputs.get("never"):
            {read}
        return {result}
"""
VALUES = {"api_key": "k-12345678", "access_token": "t-12345678"}


def expected(contract: str, auth: dict[str, Any], read: str) -> tuple[AuthShape, ShapeRule]:
    """The rule of the platform, then that of the code, then that of the contract."""
    if auth is PLATFORM:
        return ENVELOPE, ShapeRule.PLATFORM
    if read in ("flat", "envelope"):
        return AuthShape(read), ShapeRule.CODE
    return (FLAT if contract == "0.1" else ENVELOPE), ShapeRule.CONTRACT


@pytest.mark.parametrize(
    ("auth", "read"),
    [*((CUSTOM, read) for read in READS), (PLATFORM, "flat")]
    + [pytest.param(PLATFORM, read, marks=pytest.mark.exhaustive) for read in READS if read != "flat"],
    ids=lambda one: one if isinstance(one, str) else "platform" if one is PLATFORM else "custom",
)
@pytest.mark.parametrize(("contract", "pin"), [("0.1", "0.1.2"), ("1", "1.0.2"), ("2", "2.0.1")])
def test_page_command_and_handler_agree_on_the_shape(
    contract: str,
    pin: str,
    auth: dict[str, Any],
    read: str,
    make_site: Callable[..., Any],
    write_integration: Callable[..., Path],
    config: dict[str, Any],
    tmp_path: Path,
    runner: Runner,
) -> None:
    config["auth"] = auth
    config["actions"]["greet"]["input_schema"] = {"type": "object"}
    plain = contract == "0.1"
    result = "dict(context.auth)" if plain else "ActionResult(data=dict(context.auth))"
    code = CODE.format(more="" if plain else ", ActionResult", read=READS[read], result=result)
    root = write_integration(tmp_path / "greeter", config, code=code)
    (root / "requirements.txt").write_text(f"autohive-integrations-sdk=={pin}\n", "utf-8")
    shape, rule = expected(contract, auth, read)

    request = make_request(
        open_integration(root),
        "greet",
        Kind.ACTION,
        inputs={},
        credentials=Credentials(VALUES),
        timeout=60,
        last_poll_ts=None,
    )
    done = runner.wait(runner.submit(request).id, 60)
    seen = done.outcome.result
    assert isinstance(seen, dict), done.outcome.error
    assert seen.keys() == ({"auth_type", "credentials"} if shape is ENVELOPE else VALUES.keys())
    said: Any = report(done)["auth_shape"]
    assert (said["shape"], said["rule"]) == (shape, rule)
    assert (said["file"], said["line"]) == (("greeter.py", 10) if rule is ShapeRule.CODE else ("", None))

    site = make_site(root, runner=runner)
    chip = BeautifulSoup(site.inside().get("/integrations/greeter").text, "html.parser").select_one("a.chip .why")
    assert chip is not None
    assert chip.text == f"· {shape}"
    assert said["reason"] in str(chip["title"])


def test_the_choice_and_an_envelope_go_before_all_rules(
    write_integration: Callable[..., Path], config: dict[str, Any], tmp_path: Path
) -> None:
    integration = open_integration(write_integration(tmp_path / "greeter", config))

    def decided(credentials: Credentials) -> tuple[AuthShape, ShapeRule]:
        given = {"inputs": {}, "timeout": 1, "last_poll_ts": None, "credentials": credentials}
        request = make_request(integration, "greet", Kind.ACTION, **given)
        return request.auth_shape, request.shape_reason.rule

    assert decided(Credentials(VALUES)) == (FLAT, ShapeRule.CONTRACT)
    assert decided(Credentials(VALUES, ENVELOPE)) == (ENVELOPE, ShapeRule.CHOSEN)
    assert decided(Credentials({"auth_type": "X", "credentials": VALUES}, FLAT)) == (ENVELOPE, ShapeRule.GIVEN)
