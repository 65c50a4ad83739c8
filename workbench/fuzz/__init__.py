"""What a handler does when a service answers oddly and when its inputs are odd: one change a replay, a verdict each."""

from workbench.fuzz.session import FuzzSession, Progress
from workbench.fuzz.source import variants_of
from workbench.fuzz.variants import ChangeKind, Variant, choose
from workbench.fuzz.verdicts import Finding, Verdict, find_verdict

__all__ = [
    "ChangeKind",
    "Finding",
    "FuzzSession",
    "Progress",
    "Variant",
    "Verdict",
    "choose",
    "find_verdict",
    "variants_of",
]
