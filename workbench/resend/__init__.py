"""An integration of ours whose one action sends a request as it was edited; a worker runs it as any other."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent
ENTRY_POINT: Final = "sender.py"
NAME: Final = "request"
"""The action's name."""
