"""A warning about a run as a whole."""

from dataclasses import dataclass

from workbench.domain import RunWarningKind
from workbench.explain.text import Sentence


@dataclass(frozen=True, slots=True)
class RunWarning:
    """What is wrong, and its sentence; ``pointer`` is the place in the result, where it is about one."""

    kind: RunWarningKind
    sentence: Sentence
    pointer: str = ""
