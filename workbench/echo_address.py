"""Where the echo server is: the port that it takes if it is free, and schemas whose texts name its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the options of commands import this module, and no package of the workbench
    from workbench.domain import JSON

ECHO_PORT = 8771
"""The port that is tried first."""
USUAL_URL = f"http://127.0.0.1:{ECHO_PORT}"
MARK = "x-workbench-echo"
"""The keyword of a schema, set to true, whose default and texts follow the echo server to another port."""


def follow_echo(schema: JSON, url: str) -> JSON:
    """``schema`` with the echo server's real ``url`` wherever a part with :data:`MARK` has the usual one."""
    return schema if url in ("", USUAL_URL) else _follow(schema, url, marked=False)


def _follow(value: JSON, url: str, *, marked: bool) -> JSON:
    if isinstance(value, dict):
        marked = marked or value.get(MARK) is True
        return {key: _follow(part, url, marked=marked) for key, part in value.items()}
    if isinstance(value, list):
        return [_follow(part, url, marked=marked) for part in value]
    return value.replace(USUAL_URL, url) if marked and isinstance(value, str) else value
