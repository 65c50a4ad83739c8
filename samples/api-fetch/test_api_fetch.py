"""The test bed of the guide: run it with pytest, or as a script beside ``workbench echo``."""

import asyncio
import os
import sys
from pathlib import Path

# Add the dependencies directory, and the integration itself, to the Python path
sys.path.append(str(Path(__file__).parent / "dependencies"))
sys.path.append(str(Path(__file__).parent))

from api_fetch import api_fetch
from autohive_integrations_sdk import ExecutionContext, HTTPError

# Mock auth
auth = {"user_name": "test_user", "password": "test_password", "api_key": "test_api_key"}

# Define test configuration
ECHO = os.environ.get("ECHO_URL", "http://127.0.0.1:8771")


async def call(action, url, auth=auth):
    # Use the ExecutionContext as an async context manager
    async with ExecutionContext(auth=auth) as context:
        return await api_fetch.execute_action(action, {"url": url}, context)


def sent(result, name):
    """The value of a header, as the server received it."""
    return next((value for header, value in result["data"]["headers"] if header == name), None)


async def test_call_api(echo):
    result = await call("call_api", f"{echo}/test?a=1", auth={})
    assert result["data"]["method"] == "GET"
    assert result["data"]["args"] == {"a": "1"}
    assert sent(result, "Authorization") is None


async def test_call_api_un_pw(echo):
    result = await call("call_api_un_pw", f"{echo}/basic-auth/test_user/test_password")
    assert result["authenticated"] is True
    assert sent(result, "Authorization") == "Basic dGVzdF91c2VyOnRlc3RfcGFzc3dvcmQ="


async def test_call_api_header(echo, capsys):
    result = await call("call_api_header", f"{echo}/bearer")
    assert sent(result, "Authorization") == "Bearer test_api_key"
    assert "Response: " in capsys.readouterr().out


async def test_a_wrong_password_is_the_servers_401(echo):
    try:
        await call("call_api_un_pw", f"{echo}/basic-auth/test_user/another")
    except HTTPError as e:
        assert e.status == 401
    else:
        raise AssertionError("the server accepted a wrong password")


async def test_an_empty_auth_form_is_said_in_words(echo):
    for action in ("call_api_un_pw", "call_api_header"):
        try:
            await call(action, f"{echo}/test", auth={})
        except ValueError as e:
            assert "auth page" in str(e)
        else:
            raise AssertionError(f"{action} ran without credentials")


async def test_an_answer_without_data_is_said_in_words(echo):
    try:
        await call("call_api", f"{echo}/stream/1")
    except ValueError as e:
        assert 'an object "data"' in str(e)
    else:
        raise AssertionError("text passed for an object with data")


async def main():
    for action in ("call_api", "call_api_un_pw", "call_api_header"):
        try:
            result = await call(action, f"{ECHO}/test")
            print(f"{action}:", result, "\n")
        except Exception as e:
            print(f"Error testing {action}: {getattr(e, 'message', e)}")


if __name__ == "__main__":
    asyncio.run(main())
