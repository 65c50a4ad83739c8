"""What lies on disk: integrations found, read, checked, never imported."""

from workbench.catalog.catalog import Catalog
from workbench.catalog.checking import can_load, check, watched
from workbench.catalog.complete import complete_folder
from workbench.catalog.disk import CatalogError
from workbench.catalog.findings import ALL_CHECKS
from workbench.catalog.reading import read_integration
from workbench.catalog.writing import Change, WriteRefused, config_digest, config_text, plan_change, write_change
from workbench.jsondoc.source_map import SourceMap

__all__ = [
    "ALL_CHECKS",
    "Catalog",
    "CatalogError",
    "Change",
    "SourceMap",
    "WriteRefused",
    "can_load",
    "check",
    "complete_folder",
    "config_digest",
    "config_text",
    "plan_change",
    "read_integration",
    "watched",
    "write_change",
]
