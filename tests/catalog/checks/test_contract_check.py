"""What the code's text shows of the release of the SDK that it was written for, and what it does not show."""

from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from autohive_integrations_sdk import ExecutionContext

from workbench.catalog import check, read_integration
from workbench.catalog.code.fetch_uses import FETCH_PARAMETERS
from workbench.domain import Finding

type Make = Callable[..., Path]

HEAD = "from autohive_integrations_sdk import ActionHandler, Integration{more}\nweather = Integration.load()\n"
CLASS = "@weather.action('today')\nclass Today(ActionHandler):\n  async def execute(self, inputs, context):\n"
FIELDS: dict[str, Any] = {"type": "custom", "fields": {"type": "object", "properties": {"api_key": {"type": "string"}}}}

R = "r = await context.fetch('u')\n"


def found(
    make: Make, pin: str, body: str, more: str = ", ActionResult", auth: object = FIELDS, codes: str = "contract-"
) -> list[Finding]:
    """What the check says of the contract where the handler's body is ``body``."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    files = {
        "weather.py": HEAD.format(more=more if not pin.startswith("0") else "") + CLASS + lines,
        "requirements.txt": f"autohive-integrations-sdk=={pin}\n",
    }
    said = [one for one in check(read_integration(make(files=files, auth=auth))) if one.code.startswith(codes)]
    return [one for one in said if one.code != "contract-unsupported"]


@pytest.mark.parametrize(
    ("pin", "body", "place", "words", "fix"),
    [
        (
            "2.0.1",
            "r = await context.fetch('u')\nreturn r.json()",
            (7, 14),
            "r.json: the result",
            "Use r.data: the body",
        ),
        ("2.0.1", "return (await context.fetch('u')).text", (6, 39), "fetch(…).text: ", "Use the result.data"),
        (
            "2.0.1",
            "r = await context.fetch('u')\nif r.status_code == 1:\n  pass",
            (7, 10),
            "r.status_code",
            "Use r.status.",
        ),
        (
            "1.1.1",
            "r = await context.fetch('u')\nif r.status_code == 1:\n  pass",
            (7, 10),
            "the parsed body",
            "Remove it",
        ),
        ("2.0.1", "r = await self.context.fetch('u')\nr.raise_for_status()", (7, 7), "raise_for_status", "Remove it"),
        ("0.1.2", "return await context.fetch('u', verify=False)", (6, 37), "no parameter verify", "Use one of url,"),
        (
            "2.0.1",
            "return await context.fetch('u', body={}, **inputs)",
            (6, 37),
            "no parameter body",
            "Use one of url,",
        ),
    ],
)
def test_what_fetch_has_under_no_release(make: Make, pin: str, body: str, place: object, words: str, fix: str) -> None:
    (one,) = found(make, pin, body, codes="fetch-")
    assert (one.path, (one.line, one.column)) == ("weather.py", place)
    assert words in one.message
    assert one.fix.startswith(fix)


@pytest.mark.parametrize(
    "body",
    [
        "r = await context.fetch('u')\nreturn r.data, r.status, r.headers, r.get('x'), r.append(1), r.strip()",
        "r = await context.fetch('u')\nif hasattr(r, 'json'):\n  return r.json()",
        "r = await context.fetch('u')\ntry:\n  return r.json()\nexcept AttributeError:\n  return r",
        "r = await context.fetch('u')\nr = other(r)\nreturn r.json()",
        "r = await self.session.fetch('u', verify=False)\nreturn r.json()",
        "await context.fetch('u', 'GET', params={}, data=1, json=2, headers={}, content_type='x')",
        "await context.fetch('u', timeout=1, retry_count=0, method='PUT')",
        "await context.fetch('u', **inputs)",
    ],
)
def test_what_fetch_may_have(make: Make, body: str) -> None:
    assert found(make, "2.0.1", body, codes="fetch-") == []


def test_the_parameters_of_fetch_are_those_of_the_sdk() -> None:
    assert (*signature(ExecutionContext.fetch).parameters,)[1:] == FETCH_PARAMETERS


@pytest.mark.parametrize(
    ("pin", "means"),
    [("==0.1.2", "contract 0.1: fetch"), ("~=1.0.2", "contract 1: fetch"), ("<1.1", "contract 1: fetch"), *
     ((each, "") for each in ("~=1.1.1", "==1.1", ">=1.0", "~=2.0", ">=0.1", "==1.1.0", "==3.1.0", "!=2.0.0", ""))],
)  # fmt: skip
def test_a_pin_that_allows_no_supported_release(make: Make, pin: str, means: str) -> None:
    root = make(files={"requirements.txt": f"aiohttp\nautohive-integrations-sdk{pin}\n"})
    said = [one for one in check(read_integration(root)) if one.code == "contract-unsupported"]
    assert [(one.path, one.line) for one in said] == [("requirements.txt", 2)] * bool(means)
    assert all(means in one.message and pin in one.message for one in said)


@pytest.mark.parametrize(
    ("pin", "body", "line", "word"),
    [
        ("1.0.2", "return {}", 6, "a plain dict"),
        ("2.0.1", "if inputs:\n  return ActionResult(data={})\nreturn [1]", 8, "a plain list"),
        ("2.0.1", "try:\n  return {k: 1 for k in inputs}\nexcept KeyError:\n  return 7", 7, "a plain dict"),
        ("2.0.1", "return None", 6, "returns None"),
        ("2.0.1", "return", 6, "returns None"),
        ("2.0.1", "return 'text'", 6, "a plain value"),
        ("1.1.1", "return await context.fetch('http://x')", 6, "the result of fetch"),
    ],
)
def test_returns_that_are_no_result(make: Make, pin: str, body: str, line: int, word: str) -> None:
    (finding,) = found(make, pin, body)
    assert (finding.code, finding.path, finding.line) == ("contract-result", "weather.py", line)
    assert word in finding.message
    assert f"requirements.txt pins =={pin}" in finding.message


@pytest.mark.parametrize(
    ("pin", "body"),
    [
        ("0.1.2", "return {}"),
        ("2.0.1", "return ActionResult(data={})"),
        ("2.0.1", "return self.answer({})"),
        ("2.0.1", "result = {}\nreturn result"),
        ("2.0.1", "def inner():\n  return {}\nreturn ActionResult(data=inner())"),
        ("2.0.1", "raise ValueError"),
    ],
)
def test_returns_that_may_be_results(make: Make, pin: str, body: str) -> None:
    assert found(make, pin, body) == []


FETCH = "r = await context.fetch('http://x')\n"


@pytest.mark.parametrize(
    ("pin", "body", "use"),
    [
        ("2.0.1", FETCH + "return ActionResult(data=r['a'])", "r[…]"),
        ("2.0.1", FETCH + "return ActionResult(data=r.get('a'))", "r.get"),
        ("2.0.1", FETCH + "return ActionResult(data=[v for v in r.values()])", "r.values"),
        ("1.0.2", FETCH + "return ActionResult(data=r.data)", "r.data"),
        ("0.1.2", FETCH + "if r.status == 200:\n  return {}", "r.status"),
        ("0.1.2", "ctx = context\nr = await ctx.fetch('http://x')\nreturn r.data", "r.data"),
    ],
)
def test_answers_of_fetch_used_as_something_else(make: Make, pin: str, body: str, use: str) -> None:
    (finding,) = found(make, pin, body)
    assert finding.code == "contract-fetch"
    assert f"is used as {use}, but" in finding.message
    lines = (HEAD.format(more="") + CLASS + "".join(f"    {line}\n" for line in body.splitlines())).split("\n")
    assert lines[(finding.line or 0) - 1][(finding.column or 0) - 1 :].startswith("r")


@pytest.mark.parametrize(
    ("pin", "body"),
    [
        ("2.0.1", FETCH + "return ActionResult(data=r.data['a'])"),
        ("2.0.1", FETCH + "r = r.data\nreturn ActionResult(data=r['a'])"),
        ("2.0.1", FETCH + "if isinstance(r, dict):\n  return ActionResult(data=r['a'])"),
        ("1.0.2", FETCH + "return ActionResult(data=r['a'])"),
        ("0.1.2", FETCH + "return r['data']"),
        ("0.1.2", FETCH + "return r.data if hasattr(r, 'data') else r"),
        ("0.1.2", "r = await self.session.fetch('http://x')\nreturn r.data"),
    ],
)
def test_answers_of_fetch_used_as_they_are(make: Make, pin: str, body: str) -> None:
    assert found(make, pin, body) == []


FLAT, ENVELOPE, BOTH = (
    "context.auth['api_key']",
    "context.auth['credentials']['api_key']",
    "context.auth.get('credentials', context.auth)['k']",
)
PLATFORM: dict[str, Any] = {"type": "platform", "provider": "Weather"}


@pytest.mark.parametrize(
    ("pin", "auth", "read", "code"),
    [
        *((pin, FIELDS, FLAT, "auth-read-flat") for pin in ("1.0.2", "2.0.0", "2.0.1")),
        *((pin, PLATFORM, FLAT, "auth-read-flat") for pin in ("0.1.2", "1.0.2", "2.0.1")),
        ("0.1.2", FIELDS, ENVELOPE, "auth-read-envelope"),
        ("0.1.2", FIELDS, "context.auth.get('credentials', {}).get('api_key')", "auth-read-envelope"),
        ("2.0.1", FIELDS, "context.auth.get('api_key')", "auth-read-flat"),
        ("2.0.1", FIELDS, "self.context.auth['api_key']", "auth-read-flat"),
        ("2.0.1", FIELDS, "context.auth['undeclared']", "auth-read-flat"),
        *((pin, FIELDS, ENVELOPE, "") for pin in ("1.0.2", "2.0.1")),
        *((pin, PLATFORM, ENVELOPE, "") for pin in ("0.1.2", "1.0.2", "2.0.1")),
        ("0.1.2", FIELDS, FLAT, ""),
        *((pin, auth, BOTH, "") for pin in ("0.1.2", "1.0.2", "2.0.1") for auth in (FIELDS, PLATFORM)),
        ("2.0.1", FIELDS, "context.auth.get('credentials') or context.auth['api_key']", ""),
        ("2.0.1", FIELDS, "other.auth['api_key']", ""),
        ("2.0.1", None, FLAT, ""),
    ],
)
def test_auth_read_in_another_shape_than_the_platform_hands_over(
    make: Make, pin: str, auth: object, read: str, code: str
) -> None:
    body = f"return {read}" if pin.startswith("0") else f"return ActionResult(data={read})"
    told = found(make, pin, body, auth=auth, codes="auth-read")
    assert [one.code for one in told] == ([code] if code else [])
    for one in told:
        assert (one.path, one.line) == ("weather.py", 6)
        assert ("the platform makes" in one.message) is (auth is PLATFORM)
        assert "or support both" in one.fix


@pytest.mark.parametrize(
    ("pin", "names", "told"),
    [
        ("0.1.2", "ActionResult", ["ActionResult"]),
        ("0.1.2", "ActionError, FetchResponse", ["ActionError", "FetchResponse"]),
        ("1.1.1", "ActionResult, FetchResponse", ["FetchResponse"]),
        ("2.0.1", "ActionResult, ActionError, FetchResponse", []),
    ],
)
def test_names_that_the_release_does_not_have(make: Make, pin: str, names: str, told: list[str]) -> None:
    files = {
        "weather.py": f"from autohive_integrations_sdk import ActionHandler, Integration\nfrom helper import {names}\n"
        "weather = Integration.load()\n@weather.action('today')\nclass T(ActionHandler): pass\n",
        "helper.py": f"from autohive_integrations_sdk.integration import {names}\n"
        f"try:\n  from autohive_integrations_sdk import {names}\nexcept ImportError: pass\n",
        "requirements.txt": f"autohive-integrations-sdk=={pin}\n",
    }
    said = [one for one in check(read_integration(make(files=files))) if one.code == "contract-import"]
    assert [(one.code, one.path, one.message.split()[0]) for one in said] == [
        ("contract-import", "helper.py", name) for name in told
    ]


@pytest.mark.parametrize(
    ("installed", "pin", "told"),
    [("2.0.1", "~=2.0.1", False), ("2.0.0", "~=2.0.1", True), ("1.0.2", ">=2", True), ("2.1.0rc1", ">=2", False)],
)
def test_the_installed_release_against_the_pin(make: Make, installed: str, pin: str, told: bool) -> None:
    files = {
        f"dependencies/autohive_integrations_sdk-{installed}.dist-info/METADATA": "",
        "requirements.txt": f"# pins\nautohive-integrations-sdk{pin}\n",
    }
    said = [one for one in check(read_integration(make(files=files))) if one.code == "contract-installed"]
    assert [(one.path, one.line) for one in said] == [("requirements.txt", 2)] * told


@pytest.mark.parametrize(
    ("pin", "auth", "rules", "keyword"),
    [
        ("1.0.2", FIELDS, {"required": ["api_key"]}, "required"),
        ("2.0.0", FIELDS, {"required": ["api_key"]}, "required"),
        ("1.1.1", FIELDS, {"additionalProperties": False}, "additionalProperties"),
        ("1.0.2", FIELDS, {"required": ["credentials"]}, ""),
        ("1.0.2", FIELDS, {"required": True}, ""),
        ("2.0.1", FIELDS, {"required": ["api_key"], "additionalProperties": False}, ""),
        ("0.1.2", FIELDS, {"required": ["api_key"]}, ""),
        ("0.1.2", PLATFORM, {"required": ["api_key"]}, ""),
    ],
)
def test_rules_of_the_fields_that_an_envelope_breaks(
    make: Make, pin: str, auth: dict[str, Any], rules: dict[str, Any], keyword: str
) -> None:
    fields = auth | {"fields": {"type": "object", "properties": {"api_key": {"type": "string"}}} | rules}
    body = "return {}" if pin.startswith("0") else "return ActionResult(data={})"
    told = found(make, pin, body, auth=fields, codes="auth-fields-envelope")
    assert [one.pointer for one in told] == ([f"/auth/fields/{keyword}"] if keyword else [])
