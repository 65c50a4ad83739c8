"""The results of checks in the user's cache folder."""

from workbench.catalog import SavedChecks


def saved_checks() -> SavedChecks:
    """Those of this machine, for all commands."""
    import platformdirs

    return SavedChecks(platformdirs.user_cache_path("autohive-workbench") / "checks")
