"""What lies on disk: integrations found, read, checked, never imported."""

from workbench.catalog.catalog import Catalog
from workbench.catalog.checking import can_load, check
from workbench.catalog.complete import complete_folder
from workbench.catalog.errors import CatalogError
from workbench.catalog.findings import ALL_CHECKS
from workbench.catalog.positions import Positions
from workbench.catalog.reading import read_integration

__all__ = [
    "ALL_CHECKS",
    "Catalog",
    "CatalogError",
    "Positions",
    "can_load",
    "check",
    "complete_folder",
    "read_integration",
]
