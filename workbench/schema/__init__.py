"""JSON Schema reasoning without I/O: diagnose, explain, suggest, check a ``config.json``."""

from workbench.schema.codes import CHECKS, Check, ConfigFault
from workbench.schema.config_check import check_config
from workbench.schema.diagnose import diagnose
from workbench.schema.faults import Ask, Branch, Diagnosis, Fault
from workbench.schema.judge import AtFault, Reason, Verdict, judge
from workbench.schema.lights import Light, fits_format, warnings
from workbench.schema.schema_check import check_schema

__all__ = [
    "CHECKS",
    "Ask",
    "AtFault",
    "Branch",
    "Check",
    "ConfigFault",
    "Diagnosis",
    "Fault",
    "Light",
    "Reason",
    "Verdict",
    "check_config",
    "check_schema",
    "diagnose",
    "fits_format",
    "judge",
    "warnings",
]
