"""The parent's side of a run: spare workers, supervision, time limits, cancellation, diagnosis."""

from workbench.runner.environment import inherited_environment
from workbench.runner.limits import RunnerLimits
from workbench.runner.runner import Runner, RunnerBusy, RunnerClosed, load_request
from workbench.runner.sdk_provider import SdkUnavailable

__all__ = [
    "Runner",
    "RunnerBusy",
    "RunnerClosed",
    "RunnerLimits",
    "SdkUnavailable",
    "inherited_environment",
    "load_request",
]
