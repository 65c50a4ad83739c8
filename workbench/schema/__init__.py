"""JSON Schema reasoning without I/O: diagnose, explain, suggest, check a ``config.json``."""

from workbench.jsondoc.diff import between
from workbench.jsondoc.patch import Operation, Patch, PatchError, apply, under
from workbench.jsondoc.rewrite import rewrite
from workbench.schema.bounds import bounded
from workbench.schema.closest import closest_branch
from workbench.schema.config_check import check_config
from workbench.schema.config_codes import CHECKS, Check, ConfigFinding
from workbench.schema.diagnose import Diagnosis, diagnose
from workbench.schema.facts import excerpt
from workbench.schema.fixes.trials import Mend, Target, mends
from workbench.schema.infer import infer
from workbench.schema.messages import headline, sentence, short, worded
from workbench.schema.pasted_error import Pasted, Report, paste, read_report
from workbench.schema.rules import places_of, rules_of
from workbench.schema.schema_check import check_schema
from workbench.schema.similarity import similar
from workbench.schema.verdict import AtFault, Reason, Verdict, judge
from workbench.schema.warnings import fits_format, warnings
from workbench.schema.words import Span, Spans, plain

__all__ = [
    "CHECKS",
    "AtFault",
    "Check",
    "ConfigFinding",
    "Diagnosis",
    "Mend",
    "Operation",
    "Pasted",
    "Patch",
    "PatchError",
    "Reason",
    "Report",
    "Span",
    "Spans",
    "Target",
    "Verdict",
    "apply",
    "between",
    "bounded",
    "check_config",
    "check_schema",
    "closest_branch",
    "diagnose",
    "excerpt",
    "fits_format",
    "headline",
    "infer",
    "judge",
    "mends",
    "paste",
    "places_of",
    "plain",
    "read_report",
    "rewrite",
    "rules_of",
    "sentence",
    "short",
    "similar",
    "under",
    "warnings",
    "worded",
]
