"""Finds Chromium on this machine. Run as a script it also installs it, or stops and says the command that would.

Only a browser of the system is used: Playwright's own download is not asked for. The headless shell comes first: it
is the same engine without a browser's windows around it, and a page costs a sixth of the processor's time.
"""

import os
import shutil
import subprocess
import sys

_SHELL = "chromium-headless-shell"
_NAMES = (_SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome: ``CHROMIUM`` where it is set, else the first found on the path."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*_NAMES, _MAC]
    return next((path for name in candidates if (path := shutil.which(name))), None)


def install(package: str) -> bool:
    """Install Debian's ``package`` where that needs no password. True where it was tried and went well."""
    if not shutil.which("apt-get"):
        return False
    prefix = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if prefix and not shutil.which("sudo"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", package])
    print(f"{package} is not here yet: installing the system's package …", flush=True)
    return all(
        subprocess.run([*prefix, *step], env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0
        for step in steps
    )


def _provide() -> bool:
    """Whether there is a browser, if need be after installing one."""
    if find_chromium() is None:
        return (install(_SHELL) or install("chromium")) and find_chromium() is not None
    if os.geteuid() == 0 and not os.environ.get("CHROMIUM") and not shutil.which(_SHELL):
        install(_SHELL)  # in a container; where it fails, the browser that is here will do
    return True


def main() -> int:
    """0 once there is a browser; 1 with the command to run where it could not be installed."""
    if _provide():
        return 0
    print(
        "The browser tests need Chromium and none was found. Install it (on Debian or Ubuntu:\n"
        "    sudo apt-get install chromium\n"
        "), or set CHROMIUM to the path of one, then run `make test` again.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
