"""git, called in a folder that is not trusted: no hook, filter or monitor that a repository has set is run."""

import os
import subprocess
from pathlib import Path
from typing import Final

TIMEOUT: Final = 20
"""Seconds after which a command is ended."""


def run_git(root: Path, *arguments: str, timeout: float = TIMEOUT) -> subprocess.CompletedProcess[bytes]:
    """A command that reads, ended. Raises :class:`OSError` without git, :class:`subprocess.TimeoutExpired` if it hangs.

    No argument may come from outside where git could take it for an option.
    """
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(root), *arguments]
    environment = os.environ | {"GIT_OPTIONAL_LOCKS": "0"}
    return subprocess.run(  # noqa: S603 - no shell reads it
        command, capture_output=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL, env=environment
    )
