"""Suggested fixes: the smallest changes of data or schema that remove an error, each of them tested."""

from workbench.schema.fixes.trials import Fix, Target, find_fixes

__all__ = ["Fix", "Target", "find_fixes"]
