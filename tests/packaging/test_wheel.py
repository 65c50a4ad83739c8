"""A wheel of the checkout, installed into an empty environment, serves the same pages."""

import email
import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

import workbench

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_holds_the_pages_the_sdk_and_nothing_of_the_tests(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    names = set(archive.namelist())
    folders = {"workbench": "workbench", "templates": "workbench/templates", "static": "workbench/static"}
    folders["sdk/autohive_integrations_sdk"] = "autohive_integrations_sdk"
    for folder, inside in folders.items():
        here = ROOT / folder
        files = [path for path in here.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        assert len(files) > 5
        assert {f"{inside}/{path.relative_to(here)}" for path in files} <= names
    assert {"workbench/templates/base.html", "workbench/static/vendor/htmx.min.js"} <= names
    assert not [name for name in names if name.startswith(("tests/", "samples/", "benchmarks/"))]
    (scripts,) = [name for name in names if name.endswith("/entry_points.txt")]
    assert "workbench = workbench." in archive.read(scripts).decode()


@pytest.fixture(scope="session", params=["libraries of this environment", "empty"])
def scripts(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment that holds the wheel, with what it asks for installed too, or found beside.

    The latter costs a fifteenth. What the wheel asks for is here as well; but not the checkout, which is no library.
    """
    home = tmp_path_factory.mktemp("empty") / "env"
    venv.create(home, symlinks=True)
    python = home / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "--quiet", "--disable-pip-version-check"]
    install += ["install", "--constraint", str(ROOT / "constraints.txt"), str(wheel)]
    if request.param != "empty":
        install += ["--no-deps", "--no-compile"]
        (packages,) = home.glob("lib/python*/site-packages")
        (packages / "beside.pth").write_text(sysconfig.get_path("purelib") + "\n")
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    where = "import workbench; print(workbench.__file__)"
    found = subprocess.run([python, "-P", "-c", where], capture_output=True, text=True, check=True, cwd=home)
    assert Path(found.stdout).is_relative_to(home)
    return home / "bin"


@pytest.mark.exhaustive
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
            origin = "/".join(found[1].split("/")[:3])
            sheets = re.findall(r'href="(/w-[^"/]+/static/[^"]+\.css[^"]*)"', page)
            assert sheets
            for sheet in sheets:
                with opener.open(origin + sheet) as answer:
                    assert answer.headers["Content-Type"].startswith("text/css")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


@pytest.mark.exhaustive
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
    vendored = [f"static/vendor/LICENSE-{name}" for name in ("codemirror", "htmx")]
    assert metadata.get_all("License-File") == ["LICENSE", *vendored]
    assert metadata["Author"]
    assert "Programming Language :: Python :: 3.13" in metadata.get_all("Classifier")
    assert archive.read(folder.replace("METADATA", "licenses/LICENSE")) == (ROOT / "LICENSE").read_bytes()
