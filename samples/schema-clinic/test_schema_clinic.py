"""Each action of the clinic ends as its name says. ``hanging`` and ``crash`` are tried where a process may die."""

import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent / "dependencies"))
sys.path.append(str(Path(__file__).parent))

from autohive_integrations_sdk import (
    ActionError,
    ExecutionContext,
    HTTPError,
    RateLimitError,
    ResultType,
    ValidationError,
)
from schema_clinic import schema_clinic

FOLDER = Path(__file__).parent
CONFIG = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))


def defaults(name):
    """The inputs that the action's form begins with."""
    properties = CONFIG["actions"][name]["input_schema"]["properties"]
    return {key: schema["default"] for key, schema in properties.items() if "default" in schema}


async def run(name, inputs=None, token=None):
    auth = {"auth_type": "Custom", "credentials": {"api_token": token} if token else {}}
    async with ExecutionContext(auth=auth) as context:
        return await schema_clinic.execute_action(name, {**defaults(name), **(inputs or {})}, context)


async def rejected(name, inputs=None, token=None, source="output"):
    """The message of the SDK for an invalid input, auth or output."""
    result = await run(name, inputs, token)
    assert result.type is ResultType.VALIDATION_ERROR
    assert result.result["source"] == source
    return result.result["message"]


async def test_healthy():
    result = await run("healthy")
    assert (result.type, result.result.data, result.result.cost_usd) == (
        ResultType.ACTION, {"count": 3, "sum": 6}, 0.002,
    )  # fmt: skip


async def test_strict_input():
    assert "patient" in await rejected("strict_input", source="input")
    result = await run("strict_input", {"patient": "AB-1234", "age": 36, "ward": "north"})
    assert result.result.data == {"admitted": "AB-1234"}


async def test_intake_form():
    inputs = {"contact": {"by": "phone", "number": "1"}, "medication": [{"name": "A", "per_day": 2}], "nickname": ""}
    result = await run("intake_form", inputs)
    assert result.result.data["received"] == {**defaults("intake_form"), **inputs}
    assert "contact" in await rejected("intake_form", {"contact": {"by": "pigeon"}}, source="input")


async def test_big_result():
    result = await run("big_result", {"records": 2000})
    assert len(result.result.data["records"]) == 2000
    assert "/records/1000/temperature" in await rejected("big_result", {"records": 2000, "one_is_wrong": True})


async def test_outputs_that_break_the_schema():
    assert "/beds" in await rejected("output_type")
    assert "beds" in await rejected("output_missing")
    assert "/entries/3/published" in await rejected("output_deep")
    for case in ("none", "several"):
        assert "/contact" in await rejected("output_one_of", {"case": case})


async def test_an_invalid_schema_is_reported_as_the_schemas():
    assert "schema" in (await rejected("invalid_schema")).lower()


@pytest.mark.parametrize("kind", CONFIG["actions"]["wrong_return_type"]["input_schema"]["properties"]["kind"]["enum"])
async def test_wrong_return_type(kind):
    await rejected("wrong_return_type", {"kind": kind})


@pytest.mark.parametrize("status", CONFIG["actions"]["http_status"]["input_schema"]["properties"]["status"]["enum"])
async def test_http_status(echo, status):
    with pytest.raises(HTTPError) as caught:
        await run("http_status", {"server": echo, "status": status})
    assert caught.value.status == status


async def test_rate_limited(echo):
    for retry_after in ("seconds", "a date"):
        with pytest.raises(RateLimitError) as caught:
            await run("rate_limited", {"server": echo, "retry_after": retry_after})
        assert 0 < caught.value.retry_after <= 5
    result = await run("rate_limited", {"server": echo, "give_up_politely": True})
    assert result.type is ResultType.ACTION_ERROR


async def test_timeout(echo):
    with pytest.raises(TimeoutError):
        await run("timeout", {"server": echo, "seconds": 2})


async def test_malformed_json(echo):
    assert "/answer" in await rejected("malformed_json", {"server": echo})


async def test_unauthorized_until_there_is_a_token(echo):
    with pytest.raises(HTTPError) as caught:
        await run("unauthorized", {"server": echo})
    assert caught.value.status == 401
    assert (await run("unauthorized", {"server": echo}, "clinic-1")).result.data == {"authenticated": True}


async def test_redirects(echo):
    assert (await run("redirects", {"server": echo})).result.data == {"arrived_at": f"{echo}/test"}


async def test_retries(echo):
    assert (await run("retries", {"server": echo})).result.data == {"answered": {"keep": "me"}}


async def test_big_response(echo):
    result = await run("big_response", {"server": echo, "kilobytes": 512})
    assert result.result.data == {"characters": 512 * 1024}


async def test_action_error():
    result = await run("action_error")
    assert result.type is ResultType.ACTION_ERROR
    assert result.result == ActionError("There is no patient called Zoë.", 0.001)


async def test_invalid_auth():
    assert "empty" in await rejected("invalid_auth", source="auth")
    assert "api_token" in await rejected("healthy", token="wrong", source="auth")
    assert (await run("invalid_auth", token="clinic-1")).result.data == {"token_length": 8}


async def test_exception_with_a_cause():
    with pytest.raises(Exception, match="could not be diagnosed") as caught:
        await run("exception")
    assert isinstance(caught.value.__cause__, KeyError)
    assert (await run("exception", {"ward": "south"})).result.data == {"beds": 8}


async def test_prints_and_logs(echo, capfd, caplog):
    with caplog.at_level(logging.DEBUG):
        await run("prints_and_logs", {"server": echo})
    out, err = capfd.readouterr()
    assert "café" in out and "written to file descriptor 1" in out
    assert "between the two" in err
    assert {record.levelname for record in caplog.records if record.name == "clinic.talking"} == {
        "DEBUG", "INFO", "WARNING", "ERROR",
    }  # fmt: skip


async def test_slow(capsys):
    result = await run("slow", {"steps": 3, "seconds_a_step": 0.01})
    assert result.result.data == {"steps": 3}
    assert "Step 3 of 3" in capsys.readouterr().out


async def test_hanging_in_an_await():
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(run("hanging"), 0.2)


@pytest.mark.parametrize(
    ("how", "code"), [("sys.exit", 3), ("os._exit", 3), ("os.abort", -6), ("a segmentation fault", -11)]
)
def test_crash(how, code):
    program = f"import asyncio, test_schema_clinic as t; asyncio.run(t.run('crash', {{'how': {how!r}}}))"
    ended = subprocess.run(
        [sys.executable, "-X", "faulthandler=0", "-c", program], cwd=FOLDER, capture_output=True, text=True
    )
    assert ended.returncode == code
    assert "About to crash" in ended.stdout


async def test_connected_account():
    async with ExecutionContext(auth={"credentials": {"api_token": "clinic-ada"}}) as context:
        result = await schema_clinic.get_connected_account(context)
    assert (result.type, result.result.email) == (ResultType.CONNECTED_ACCOUNT, "ada@example.com")


async def test_admissions():
    async with ExecutionContext(auth={}) as context:
        records = await schema_clinic.execute_polling_trigger("admissions", {}, None, context)
        assert [record["id"] for record in records] == ["admission-0", "admission-1", "admission-2"]
        errors = CONFIG["polling_triggers"]["admissions"]["input_schema"]["properties"]["error"]["enum"]
        for error in errors[1:]:
            with pytest.raises(ValidationError):
                await schema_clinic.execute_polling_trigger("admissions", {"error": error}, None, context)


def test_every_declared_action_has_a_handler():
    assert set(schema_clinic._action_handlers) == set(CONFIG["actions"])
