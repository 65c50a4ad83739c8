"""Every HTTP exchange of a run, seen where its bytes meet the wire. One adapter a library, and a net below them all."""

from workbench.worker.capture.capture import Capture
from workbench.worker.capture.patches import HookMissing
from workbench.worker.capture.recorder import Recorder

__all__ = ["Capture", "HookMissing", "Recorder"]
