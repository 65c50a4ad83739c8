"""JSON Schema reasoning without I/O: diagnose, explain, suggest, check a ``config.json``."""

from workbench.jsondoc.diff import between
from workbench.jsondoc.patch import Operation, Patch, PatchError, apply, under
from workbench.jsondoc.rewrite import rewrite
from workbench.schema.closest import closest_branch
from workbench.schema.codes import CHECKS, Check, ConfigFault
from workbench.schema.config_check import check_config
from workbench.schema.diagnose import diagnose
from workbench.schema.faults import Ask, Branch, Diagnosis, Fault
from workbench.schema.infer import infer
from workbench.schema.judge import AtFault, Reason, Verdict, judge
from workbench.schema.lights import Light, fits_format, warnings
from workbench.schema.mend import Mend, Target, mends
from workbench.schema.pairing import places_of, rules_of
from workbench.schema.paste import Pasted, Report, paste, read_report
from workbench.schema.schema_check import check_schema
from workbench.schema.sentences import similar

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
    "Mend",
    "Operation",
    "Pasted",
    "Patch",
    "PatchError",
    "Reason",
    "Report",
    "Target",
    "Verdict",
    "apply",
    "between",
    "check_config",
    "check_schema",
    "closest_branch",
    "diagnose",
    "fits_format",
    "infer",
    "judge",
    "mends",
    "paste",
    "places_of",
    "read_report",
    "rewrite",
    "rules_of",
    "similar",
    "under",
    "warnings",
]
