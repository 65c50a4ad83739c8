"""A wheel of the checkout, installed into an empty environment, serves the same pages."""

import email
import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

import workbench

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_holds_the_pages_the_sdk_and_nothing_of_the_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"workbench/templates/base.html", "workbench/static/vendor/htmx.min.js"} <= names
    assert {"autohive_integrations_sdk/integration.py", "autohive_integrations_sdk/py.typed"} <= names
    assert not [name for name in names if name.startswith(("tests/", "samples/", "benchmarks/"))]


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment that holds the wheel and what it needs, and nothing else."""
    home = tmp_path_factory.mktemp("empty") / "env"
    venv.create(home, with_pip=True, symlinks=True)
    scripts = home / "bin"
    install = [str(scripts / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    install += ["--constraint", str(ROOT / "constraints.txt"), str(wheel)]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return scripts


@pytest.mark.timeout(300)
def test_serves_the_same_pages(scripts: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    serve = [str(scripts / "workbench"), "serve", str(ROOT / "samples"), "--port", "0", "--no-open", "--no-echo"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment) as process:
        assert process.stdout is not None
        try:
            found = re.match(r"Workbench ready: (http://\S+)$", process.stdout.readline())
            assert found
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
            with opener.open(found[1]) as answer:
                page = answer.read().decode()
            assert "API fetch" in page
            address = found[1].split("/?")[0]
            sheets = re.findall(r'href="(/static/[^"]+\.css[^"]*)"', page)
            assert sheets
            for sheet in sheets:
                with opener.open(address + sheet) as answer:
                    assert answer.headers["Content-Type"].startswith("text/css")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


@pytest.mark.timeout(300)
def test_runs_an_integration(scripts: Path, tmp_path: Path) -> None:
    run = [str(scripts / "workbench"), "run", str(ROOT / "samples" / "schema-clinic"), "no_such_action"]
    done = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 2
    assert "no_such_action" in done.stderr


def test_names_its_licence_author_and_version(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    folder = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = email.message_from_bytes(archive.read(folder))
    assert (metadata["License-Expression"], metadata["Version"]) == ("MIT", workbench.__version__)
    assert metadata.get_all("License-File") == ["LICENSE", "static/vendor/LICENSE-htmx"]
    assert metadata["Author"]
    assert "Programming Language :: Python :: 3.13" in metadata.get_all("Classifier")
    assert archive.read(folder.replace("METADATA", "licenses/LICENSE")) == (ROOT / "LICENSE").read_bytes()
