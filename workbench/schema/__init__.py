"""JSON Schema reasoning without I/O: diagnose, explain, suggest fixes, check a ``config.json``."""

from workbench.schema.bounds import limit_branches
from workbench.schema.closest import closest_branch
from workbench.schema.config_check import check_config
from workbench.schema.config_codes import CHECKS, Check, ConfigFinding
from workbench.schema.config_schema import config_schema
from workbench.schema.diagnose import Diagnosis, diagnose, risky_pattern
from workbench.schema.facts import excerpt
from workbench.schema.fixes import Fix, Target, find_fixes
from workbench.schema.formats import matches_format
from workbench.schema.infer import infer
from workbench.schema.library_messages import says
from workbench.schema.messages import headline, sentence, short, with_message
from workbench.schema.pasted_error import diagnose_report, read_report
from workbench.schema.refs import followed_pointer
from workbench.schema.rules import find_places, find_rules
from workbench.schema.schema_check import check_schema, is_valid, is_valid_within
from workbench.schema.similarity import shared_names, similar
from workbench.schema.verdict import ErrorSource, find_verdict
from workbench.schema.warnings import warnings
from workbench.schema.words import Spans, plain

__all__ = [
    "CHECKS",
    "Check",
    "ConfigFinding",
    "Diagnosis",
    "ErrorSource",
    "Fix",
    "Spans",
    "Target",
    "check_config",
    "check_schema",
    "closest_branch",
    "config_schema",
    "diagnose",
    "diagnose_report",
    "excerpt",
    "find_fixes",
    "find_places",
    "find_rules",
    "find_verdict",
    "followed_pointer",
    "headline",
    "infer",
    "is_valid",
    "is_valid_within",
    "limit_branches",
    "matches_format",
    "plain",
    "read_report",
    "risky_pattern",
    "says",
    "sentence",
    "shared_names",
    "short",
    "similar",
    "warnings",
    "with_message",
]
