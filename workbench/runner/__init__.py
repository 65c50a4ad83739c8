"""The parent's side of a run: a warm spare, one process a run, supervision, time limits, and diagnosis."""

from workbench.runner.limits import RunnerLimits
from workbench.runner.runner import Runner, RunnerBusy, RunnerClosed, load_request

__all__ = ["Runner", "RunnerBusy", "RunnerClosed", "RunnerLimits", "load_request"]
