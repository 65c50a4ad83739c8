"""The parent's side of a run: a warm spare, one process a run, supervision, time limits, and diagnosis."""

from workbench.runner.limits import RunnerLimits
from workbench.runner.loading import failure_of_ours, load_request
from workbench.runner.runner import Runner, RunnerBusy, RunnerClosed

__all__ = ["Runner", "RunnerBusy", "RunnerClosed", "RunnerLimits", "failure_of_ours", "load_request"]
