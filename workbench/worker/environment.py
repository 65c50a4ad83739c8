"""The environment variables of a run, set in a worker that has started before it knew them."""

import os
import time
from collections.abc import Iterable

from workbench.domain import EnvironmentVariable


def set_environment(variables: Iterable[EnvironmentVariable]) -> list[str]:
    """Set or take out the variables; returns the names of those that the system does not accept.

    Child processes inherit them, and a time zone is in effect at once.
    """
    rejected = []
    for variable in variables:
        if variable.error is not None:
            rejected.append(variable.name)
        elif variable.value is None:
            os.environ.pop(variable.name, None)
        else:
            os.environ[variable.name] = variable.value
    time.tzset()
    return rejected
