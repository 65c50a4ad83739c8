"""Installs packages: an integration's requirements into ``dependencies/``, a release of the SDK into a cache."""

from workbench.installer.folder import FolderBusy, recover
from workbench.installer.installation import Installation
from workbench.installer.requirements import DEPENDENCIES, LEFTOVER, install_requirements
from workbench.installer.sdk_cache import SdkCache
from workbench.installer.tool import NoInstallTool

__all__ = [
    "DEPENDENCIES",
    "LEFTOVER",
    "FolderBusy",
    "Installation",
    "NoInstallTool",
    "SdkCache",
    "install_requirements",
    "recover",
]
