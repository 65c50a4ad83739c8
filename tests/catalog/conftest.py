"""A factory of integration folders: real files under ``tmp_path``."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

type Make = Callable[..., Path]

CONFIG: dict[str, Any] = {
    "name": "weather",
    "version": "1.0.0",
    "description": "Tells the weather.",
    "entry_point": "weather.py",
    "actions": {"today": {"description": "Today.", "input_schema": {"type": "object"}, "output_schema": {}}},
}
CODE = """\
from autohive_integrations_sdk import ActionHandler, Integration

weather = Integration.load()

@weather.action("today")
class Today(ActionHandler):
    pass
"""
REQUIREMENTS = "autohive-integrations-sdk~=2.0.1\n"


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make an integration's folder.

    ``config`` is a value, or text or bytes as they are; ``files`` maps names to text or bytes; None leaves a file out.
    Other keyword arguments replace members of the default config; None takes one out.
    """

    def make(
        folder: str = "weather", /, *, config: Any = CONFIG, files: dict[str, Any] | None = None, **members: Any
    ) -> Path:
        root = tmp_path / folder
        root.mkdir(parents=True)
        if isinstance(config, dict):
            config = {key: value for key, value in {**config, **members}.items() if value is not None}
        if config is not None and not isinstance(config, str | bytes):
            config = json.dumps(config, indent=2)
        for path, content in {
            "config.json": config,
            "weather.py": CODE,
            "requirements.txt": REQUIREMENTS,
            **(files or {}),
        }.items():
            write(root / path, content)
        return root

    return make


def write(path: Path, content: str | bytes | None) -> None:
    """Write text or bytes, folders on the way included; None writes nothing."""
    if content is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
