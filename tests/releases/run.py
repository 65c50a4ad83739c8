"""``make test-releases``: the tests of what is sent, received and answered, with other releases of the libraries.

Each set of releases has an environment of its own: ``.venv-oldest``, ``.venv-middle``, ``.venv-newest``. All else, the
workbench and what its tests need, comes from the environment that runs this.
"""

import os
import subprocess
import sys
import sysconfig
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import distributions
from pathlib import Path
from xml.etree import ElementTree

from tests.releases.releases import ROOT, libraries

SETS = ("oldest", "middle", "newest")
TESTS = ("tests/worker/capture", "tests/worker/peer")
FROM_DEPENDENCIES = ("tests/releases/dependency_runs.py",)
"""What the workbench's own environment runs, with these releases in the folder of an integration."""
PARSED_IN_PYTHON = ("tests/worker/capture/aiohttp", "tests/worker/capture/websockets/test_aiohttp.py")
"""What is tried once more with the parser of aiohttp that is used where its C extensions were not built."""

OF_NAMES = {
    "http.client": "Python",
    "urllib": "Python",
    "urllib.request": "Python",
    "http_client": "Python",
    "httpx async": "httpx",
    "httpx_async": "httpx",
    "httpx2 async": "httpx2",
    "google": "google-api-python-client",
    "grpc": "grpcio",
}
"""The libraries that tests name otherwise."""


def requirements(which: str) -> tuple[list[str], list[str]]:
    """What pip installs for that set, and what without its own needs; of the newest it finds the release."""
    if which == "newest":
        return [each.name for each in libraries()], []
    together = [f"{each.name}=={getattr(each, which)}" for each in libraries() if not each.alone]
    return together, [f"{name}=={getattr(each, which)}" for each in libraries() for name in each.alone]


def make_environment(which: str) -> Path:
    """A new environment with these releases before all else; its interpreter."""
    folder = ROOT / f".venv-{which}"
    subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq", "--python", python]
    together, alone = requirements(which)
    subprocess.run([*pip, "install", "protobuf", "PySocks", *together], check=True)
    if alone:
        subprocess.run([*pip, "install", "--no-deps", *alone], check=True)
    site = sysconfig.get_paths()["purelib"]
    Path(packages_of(which), "workbench_tests.pth").write_text(f"import site; site.addsitedir({site!r})\n")
    return python


def packages_of(which: str) -> Path:
    """The folder of the packages of that set."""
    (found,) = (ROOT / f".venv-{which}" / "lib").glob("python*/site-packages")
    return found


def run_tests(which: str, python: Path, tests: Sequence[str], report: Path, **environment: str) -> None:
    """Run the tests and write their results to ``report``. Early releases may use what Python warns of."""
    command = [python, "-m", "pytest", "--quiet", "-n0", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
    if which != "newest":
        command += ["-o", "filterwarnings=default", "-p", "no:unraisableexception", "--disable-warnings"]
    more = {"RELEASES_PACKAGES": str(packages_of(which)), "TESTS": "all", **environment}
    subprocess.run(command, check=False, cwd=ROOT, env={**os.environ, **more})


def results(report: Path) -> Iterator[tuple[str, bool]]:
    """For each test that was run the library that it names, and whether it passed."""
    if not report.exists():
        return
    names = {each.name for each in libraries()} | set(OF_NAMES)
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        if case.find("skipped") is not None:
            continue
        values = case.get("name", "").partition("[")[2].rstrip("]").split("-")
        *_, folder, module = case.get("classname", "").split(".")
        places = (module.removeprefix("test_").replace("_", "-"), folder)
        named = next((name for name in (*values, *places) if name in names), "several")
        yield OF_NAMES.get(named, named), case.find("failure") is None and case.find("error") is None


def print_table(counts: dict[str, Counter[tuple[str, bool]]]) -> None:
    """Libraries down, sets across: the release that was installed, and how many tests passed and failed."""
    print(f"\n{'':26}" + "".join(f"{which:36}" for which in counts))
    for name in (*(each.name for each in libraries()), "Python", "several"):
        cells = []
        for which, found in counts.items():
            installed = {one.name.lower(): one.version for one in distributions(path=[str(packages_of(which))])}
            failed = f", {found[name, False]} failed" if found[name, False] else ""
            cells.append(f"{installed.get(name, ''):12}{found[name, True]} passed{failed}")
        print(f"{name:26}" + "".join(f"{cell:36}" for cell in cells))


def main(sets: Sequence[str]) -> int:
    """Run the tests with these sets of releases; 1 where one of them fails."""
    counts = {}
    for which in sets or SETS:
        python = make_environment(which)
        reports = [ROOT / f".venv-{which}" / f"results-{number}.xml" for number in range(3)]
        run_tests(which, python, TESTS, reports[0])
        run_tests(which, python, PARSED_IN_PYTHON, reports[1], AIOHTTP_NO_EXTENSIONS="1")
        run_tests(which, Path(sys.executable), FROM_DEPENDENCIES, reports[2])
        counts[which] = Counter(found for report in reports for found in results(report))
    print_table(counts)
    return any(not passed or not found for found in counts.values() for _, passed in found or [("", False)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
