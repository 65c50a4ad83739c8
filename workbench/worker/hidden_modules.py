"""Modules of Python and of packages that files of the integration hide, as they do where no worker was warm before.

A worker has imported the SDK and much of the standard library before it knows of the folder. The platform imports the
SDK with the folder in front: a ``calendar.py`` in it is then imported by ``http.cookies``, and the import fails.
"""

import ast
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_TIMEOUT = 20
_OURS = ("__main__", "workbench")
_PROBE = """\
import sys
folders, names = sys.argv[1:3], sys.argv[3:]
sys.path[:0] = folders
failure = None
try:
    import aiohttp, jsonschema, autohive_integrations_sdk
except BaseException as error:
    failure = [type(error).__name__, str(error)]
own = [name for name in names if (getattr(sys.modules.get(name), "__file__", None) or "").startswith(folders[0])]
kept = [name for name in names if name in sys.modules and name not in own]
print(ascii([failure, own, kept]), file=sys.__stdout__)
"""
"""What a new process does: imports the SDK and its packages as the platform does, and says what became of the names.

It imports nothing else before, as ``json`` alone would bring in ``types``, ``enum`` and ten more that a file may hide.
"""


@dataclass(frozen=True, slots=True)
class HiddenImport:
    """The SDK could not be imported: the exception's type and message, and the files that hide what it needs."""

    type: str
    message: str
    files: tuple[str, ...]


def hide_modules(root: Path) -> HiddenImport | None:
    """Make the files in ``root`` hide what they would hide in a new process; or why nothing could be imported there.

    Costs nothing for a folder without such files, else the start of a process.
    """
    names = _hiding(root)
    if not names:
        return None
    probe = _probe(root, [*names])
    if probe is None:
        return None
    failure, own, kept = probe
    if failure:
        kind, message = failure
        return HiddenImport(kind, message, tuple(names[name] for name in own or names))
    for name in names:
        if name not in kept:
            sys.modules.pop(name, None)
    return None


def _hiding(root: Path) -> dict[str, str]:
    """The names of modules directly in the folder that Python has, or that are imported here; with their files."""
    found = {}
    for entry in os.scandir(root):
        name, suffix = os.path.splitext(entry.name)  # noqa: PTH122 - names of a listing
        file = entry.name if suffix == ".py" else f"{entry.name}/__init__.py"
        is_module = suffix == ".py" or (not suffix and (root / file).is_file())
        if is_module and (name in sys.stdlib_module_names or name in sys.modules) and name not in _OURS:
            found[name] = file
    return found


def _probe(root: Path, names: list[str]) -> tuple[list[str] | None, list[str], list[str]] | None:
    """The failure, the names that came from the folder, those that did not; None where no process could tell."""
    command = [sys.executable, "-P", "-c", _PROBE, str(root), str(root / "dependencies"), *names]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, capture_output=True, timeout=_TIMEOUT, check=False, stdin=subprocess.DEVNULL, cwd=root
        )
        failure, own, kept = ast.literal_eval(done.stdout.decode("ascii").splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, SyntaxError, IndexError):
        return None
    return failure, own, kept
