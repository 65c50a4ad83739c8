"""Which line of a stack is the integration's own."""

import asyncio
from pathlib import Path

import pytest

from workbench.domain import Frame, Outcome
from workbench.explain import code_locations

ROOT = Path("/srv/weather")
OWN = Frame(str(ROOT / "weather.py"), 41, "fetch_all")


@pytest.mark.parametrize(
    "foreign",
    [
        Frame(asyncio.__file__, 7, "sleep"),
        Frame(str(ROOT / "dependencies" / "aiohttp" / "client.py"), 5, "get"),
        Frame(str(ROOT / ".venv" / "lib" / "site-packages" / "x.py"), 5, "get"),
        Frame("<string>", 1, "f"),
    ],
)
def test_a_stopped_run_is_located_in_own_code(foreign: Frame) -> None:
    location = code_locations.of_stop(Outcome(stuck_at=(foreign, OWN)), ROOT)
    assert location == code_locations.CodeLocation("weather.py", 41, "fetch_all")
    assert str(location) == "weather.py:41"
    assert not code_locations.locate(foreign, ROOT).own


def test_without_own_code_the_innermost_line_is_named_as_foreign() -> None:
    location = code_locations.of_stop(Outcome(stuck_at=(Frame("/usr/lib/python3/socket.py", 9),)), ROOT)
    assert location == code_locations.CodeLocation("socket.py", 9, "", own=False)
