"""Which messages are texts of Python, and which are words for a person."""

import asyncio
import json
from datetime import datetime

import pytest

from tests.case_tables import each_case
from workbench.fuzz.python_text import is_python_text

KEYS = frozenset({"items", "user"})
RAISED = [
    "",
    'None["items"]',
    "None.items",
    '[1]["items"]',
    '{}["items"]',
    "[][3]",
    '"a" + 1',
    '1 + "a"',
    '"x" in None',
    'sorted([1, "a"])',
    '",".join([1])',
    'int("many")',
    "int(None)",
    'float("much")',
    'json.loads("")',
    "json.loads('{\"a\": 1')",
    'json.loads("{} x")',
    'datetime.fromisoformat("soon")',
    "datetime.fromisoformat(None)",
    'datetime.strptime("soon", "%Y")',
    "{[]: 1}",
    "len(5)",
    "next(iter(5))",
    'b"\\xff".decode()',
    "(lambda one: one)()",
    "[].index(1)",
    "asyncio.run(asyncio.wait_for(asyncio.sleep(9), 0))",
    "",
][1:-1]


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@each_case("code", RAISED)
@each_case("form", ["{}", "Failed to load items: {}", "Error: {}"])
def test_what_python_says_is_recognised(code: str, form: str) -> None:
    with pytest.raises(Exception) as caught:  # any of them
        eval(code, {"json": json, "datetime": datetime, "asyncio": asyncio})  # the lines above
    assert is_python_text(form.format(caught.value), KEYS)


@each_case(
    "text",
    [
        "The service is not available. Try again later.",
        "No items were found.",
        "Repository not found: 'octocat'",
        "HTTP 404: Not found",
        "The answer had no list of items.",
        "Rate limit reached, try again in 30 seconds",
        "Unexpected answer from the service: items is missing",
        "API error 500: Internal Server Error",
        "Check the value of 'limit': it must be between 1 and 50.",
        "Tom's value error: none",
    ],
)
def test_words_are_no_text_of_python(text: str) -> None:
    assert not is_python_text(text, KEYS)
