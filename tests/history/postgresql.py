"""Finds PostgreSQL on this machine. Run as a script it also installs it, or stops and says the command that would."""

import shutil
import sys
from pathlib import Path

from tests.browser.chromium import install


def find_postgresql() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``, which Debian keeps off the path; None where there is none."""
    found = shutil.which("pg_ctl")
    folders = (
        [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    )
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def main() -> int:
    """0 once there is a server; 1 with the command to run where it could not be installed."""
    if find_postgresql() or (install("postgresql") and find_postgresql()):
        return 0
    print(
        "The tests of the history need PostgreSQL and none was found. Install it (on Debian or Ubuntu:\n"
        "    sudo apt-get install postgresql\n"
        "), then run `make test` again.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
