"""Published releases of the SDK, each in a folder of the user's cache with the packages that it needs."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from workbench.catalog.packages.distributions import in_folder
from workbench.domain import InstallState
from workbench.installer.folder import FolderBusy
from workbench.installer.installation import Installation
from workbench.installer.tool import NoInstallTool
from workbench.runner import SdkUnavailable

_NAME = "autohive-integrations-sdk"
_LOOK = 0.2
"""Seconds between two looks at an installation."""


class SdkCache:
    """The releases on this machine; those that are missing are installed when they are asked for."""

    def __init__(self, folder: Path | None = None) -> None:
        """Uses ``folder``, by default one in the user's cache folder."""
        self._folder = folder

    def folder(self, release: str, tell: Callable[[str], None], stopped: Callable[[], bool]) -> Path:
        """The folder of a release, for this version of Python. Raises :class:`SdkUnavailable`."""
        try:
            cache = self._folder or _cache_folder()
            target = cache / f"{release}-py{sys.version_info.major}.{sys.version_info.minor}"
            if _NAME in in_folder(target):
                return target
            cache.mkdir(parents=True, exist_ok=True)
            tell(f"Release {release} of the SDK is being installed into {target}.")
            self._install(release, target, stopped)
        except (NoInstallTool, OSError) as error:
            raise SdkUnavailable(str(error)) from error
        tell(f"Release {release} of the SDK is installed.")
        return target

    def _install(self, release: str, target: Path, stopped: Callable[[], bool]) -> None:
        while True:
            try:
                running = Installation((f"{_NAME}=={release}",), target.parent, target)
                break
            except FolderBusy:  # another run installs one
                if stopped():
                    raise SdkUnavailable("The installation was cancelled.") from None
                time.sleep(_LOOK)
                if _NAME in in_folder(target):
                    return
        while running.is_running:
            if stopped():
                running.cancel()
            running.wait(_LOOK)
        progress = running.progress
        if progress.state is not InstallState.SUCCEEDED:
            raise SdkUnavailable(progress.reason or "The installation was cancelled.")


def _cache_folder() -> Path:
    import platformdirs  # only a run with a published SDK needs it

    return platformdirs.user_cache_path("autohive-workbench") / "sdk"
