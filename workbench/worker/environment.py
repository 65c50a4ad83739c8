"""The environment variables of a run, set in a worker that has started before it knew them."""

import os
import time
from collections.abc import Iterable

from workbench.domain import EnvironmentVariable


def set_environment(variables: Iterable[EnvironmentVariable]) -> list[str]:
    """Set or take out the variables; returns the names of those that the system does not accept.

    Child processes inherit them; ``TZ`` is in effect at once.
    """
    rejected = []
    for variable in variables:
        try:
            if variable.value is None:
                os.environ.pop(variable.name, None)
            else:
                os.environ[variable.name] = variable.value
        except (OSError, ValueError):  # "=" or a NUL in the name, a NUL in the value, half of a surrogate pair
            rejected.append(variable.name)
    time.tzset()
    return rejected
