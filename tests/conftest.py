"""How the whole suite is spread over processes."""

import os


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: the tests of browsers, servers and workers wait for much of their time."""
    return (os.process_cpu_count() or 1) + 1
