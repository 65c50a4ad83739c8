"""What lies on disk: integrations found, read, checked, never imported."""

from workbench.catalog.auth_shape import auth_shape, platform_shape
from workbench.catalog.catalog import Catalog, Outline
from workbench.catalog.checks.integration import can_load, check, read_code
from workbench.catalog.checks.saved_checks import SavedChecks
from workbench.catalog.code.module_facts import CodeReads, NameRead, ReadSource, ShapeRead
from workbench.catalog.config.declarations import Declarations, declarations
from workbench.catalog.config.document import Document, parse_document, read_document
from workbench.catalog.config.writer import (
    FileChange,
    WriteError,
    config_digest,
    config_text,
    plan_change,
    restore,
    text_digest,
    write_change,
)
from workbench.catalog.files.file_reader import CatalogError
from workbench.catalog.findings.check_registry import ALL_CHECKS
from workbench.catalog.integration_reader import read_integration
from workbench.catalog.path_completion import complete_folder
from workbench.catalog.run_credentials import unset_variables, with_credentials
from workbench.jsondoc.source_map import SourceMap

__all__ = [
    "ALL_CHECKS",
    "Catalog",
    "CatalogError",
    "CodeReads",
    "Declarations",
    "Document",
    "FileChange",
    "NameRead",
    "Outline",
    "ReadSource",
    "SavedChecks",
    "ShapeRead",
    "SourceMap",
    "WriteError",
    "auth_shape",
    "can_load",
    "check",
    "complete_folder",
    "config_digest",
    "config_text",
    "declarations",
    "parse_document",
    "plan_change",
    "platform_shape",
    "read_code",
    "read_document",
    "read_integration",
    "restore",
    "text_digest",
    "unset_variables",
    "with_credentials",
    "write_change",
]
