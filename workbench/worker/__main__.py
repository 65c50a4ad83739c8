"""``python -m workbench.worker EVENTS_FD CONTROL_FD``: started by the runner, never by hand."""

import sys

from workbench.worker.process import main

if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
