"""``python -m workbench.worker EVENTS_FD CONTROL_FD [IMPORT_PATH]``: started by the runner, never by hand.

``python -m workbench.worker --fork SOCKET_FD`` is the process that forks workers; each goes on from here, too.
"""

import os
import sys

from workbench.worker.import_path import ImportPath

_YIELDS = 5
"""By how much a worker, and what it starts, yields to the pages where processors are short: pages stay quick."""

if __name__ == "__main__":
    os.nice(_YIELDS)
    if forked := sys.argv[1] == "--fork":
        from workbench.worker.fork_loop import serve_forks

        sys.argv[1:] = map(str, serve_forks(int(sys.argv[2])))
    path = ImportPath.parse(sys.argv[3]) if len(sys.argv) > 3 else ImportPath()
    path.install()
    from workbench.worker.process import main  # imports libraries that the path may replace

    main(int(sys.argv[1]), int(sys.argv[2]), path, warm=forked)
