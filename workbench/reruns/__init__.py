"""A run made again when a file of its integration is saved: what was saved, whether it matters, what answers it."""

from workbench.reruns.file_watch import FileWatch, saved_since
from workbench.reruns.rerun_answers import rerun_answers
from workbench.reruns.saved_files import concerns

__all__ = ["FileWatch", "concerns", "rerun_answers", "saved_since"]
