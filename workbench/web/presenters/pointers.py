"""Old names of :mod:`workbench.jsondoc.pointer`, until all branches import that."""

from workbench.jsondoc.pointer import ancestors, join, resolve, split

__all__ = ["ancestors", "join", "resolve", "split"]
