"""What the workbench asks of the operating system, where systems differ: a Linux way, and a portable way beside it.

Nothing else imports calls that only Linux has. ``WORKBENCH_PORTABLE=1`` forces the portable way.
"""

import os
import sys
from functools import cache

from workbench.system.portable import PortableSystem
from workbench.system.processes import ProcessEntry

PORTABLE = "WORKBENCH_PORTABLE"
"""The environment variable that forces the portable way; workers inherit it."""

MARK = "AUTOHIVE_RUN_MARK"
"""Its value differs in every worker and is inherited, so that processes which outlive a run can be found."""

__all__ = ["MARK", "PORTABLE", "PortableSystem", "ProcessEntry", "system"]


@cache
def system() -> PortableSystem:
    """The way of this system, chosen once."""
    if sys.platform != "linux" or os.environ.get(PORTABLE) == "1":
        return PortableSystem()
    from workbench.system.linux import LinuxSystem

    return LinuxSystem()
