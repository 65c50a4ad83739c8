"""The program that installs packages for the workbench's own interpreter: pip, else uv, else the pip of ensurepip."""

import importlib.util
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.version import InvalidVersion, Version

_DEBIAN = Path("/usr/share/python-wheels")


class NoInstallTool(Exception):
    """There is no pip, no uv and no ensurepip; the message says what to do."""


@dataclass(frozen=True, slots=True)
class InstallTool:
    """``name`` is what people call it; ``command`` comes before the requirements."""

    name: str
    command: tuple[str, ...]

    def line(self, arguments: Sequence[str], target: Path) -> list[str]:
        """The whole command that installs ``arguments`` into ``target``."""
        return [*self.command, *arguments, "--target", str(target)]


def find_tool() -> InstallTool:
    """The first tool that there is. Raises :class:`NoInstallTool`."""
    if importlib.util.find_spec("pip") is not None:
        return InstallTool("pip", (sys.executable, "-P", "-m", "pip", *_options(metadata.version("pip"))))
    if (uv := shutil.which("uv")) is not None:
        return InstallTool("uv", (uv, "pip", "install", "--python", sys.executable))
    if (wheel := _bundled()) is not None:
        version = wheel.name.split("-")[1]
        return InstallTool("pip", (sys.executable, "-P", str(wheel / "pip"), *_options(version)))
    raise NoInstallTool(
        f"{sys.executable} has no pip, and there is no uv on the path. Install one of them, or install the "
        "requirements by another program into dependencies/."
    )


def installer_environment(environ: Mapping[str, str], temporary: Path) -> dict[str, str]:
    """The environment of the tool: the person's own, without colours, questions and what contradicts a target."""
    return dict(environ) | {
        "NO_COLOR": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_USER": "0",
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(temporary),
    }


def _options(version: str) -> tuple[str, ...]:
    try:
        machine_readable = Version(version) >= Version("24.1")
    except InvalidVersion:
        machine_readable = False
    return "install", "--progress-bar", "raw" if machine_readable else "off"


def _bundled() -> Path | None:
    """The wheel of pip that comes with this Python, which can be run as it is.

    Debian keeps that of its own Python in a folder of the system; it may be too old for another Python.
    """
    spec = importlib.util.find_spec("ensurepip")
    own = Path(spec.origin).parent / "_bundled" if spec and spec.origin else None
    places = [place for place in (own, _DEBIAN) if place is not None]
    return next((wheel for place in places for wheel in sorted(place.glob("pip-*.whl"), reverse=True)), None)
