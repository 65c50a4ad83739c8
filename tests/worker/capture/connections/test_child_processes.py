"""Child processes are named with their program and line."""

import multiprocessing.util
import os

from workbench.events import fold


def test_a_process_of_multiprocessing(captured) -> None:
    # what its contexts "spawn" and "forkserver" start processes with
    child = multiprocessing.util.spawnv_passfds(b"/bin/true", [b"true"], [])
    os.waitpid(child, 0)

    (found,) = fold(captured.events).uncaptured
    assert (found.host, found.is_process) == ("python", True)
    assert found.place.source.strip().startswith("child = ")
