"""JSON Schema reasoning without I/O: diagnose, explain, suggest, check a ``config.json``."""

from workbench.schema.diagnose import diagnose
from workbench.schema.faults import Ask, Branch, Diagnosis, Fault
from workbench.schema.schema_check import check_schema

__all__ = ["Ask", "Branch", "Diagnosis", "Fault", "check_schema", "diagnose"]
