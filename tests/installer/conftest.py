"""An integration with a requirement that is not installed."""

from pathlib import Path

import pytest

CONFIG = """{"name": "tiny", "version": "1.0.0", "description": "", "entry_point": "tiny.py", "actions": {"go": {
"description": "", "input_schema": {"type": "object"}, "output_schema": {"type": "object"}}}}"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An integration that requires ``tiny_thing``."""
    root = tmp_path / "tiny"
    root.mkdir()
    (root / "config.json").write_text(CONFIG)
    (root / "tiny.py").write_text("import tiny_thing\n")
    (root / "requirements.txt").write_bytes("tiny_thing==1.0\r\n".encode("utf-16"))
    return root
