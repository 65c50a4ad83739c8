"""Old names of :mod:`workbench.jsondoc.pointer`, until all branches import that."""

from workbench.jsondoc.pointer import *  # noqa: F403
from workbench.jsondoc.pointer import build as pointer
from workbench.jsondoc.pointer import resolve as follow

__all__ = ["follow", "pointer"]
