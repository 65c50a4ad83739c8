"""What is required, held against ``dependencies/`` and the environment."""

from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from tests.case_tables import each_case
from workbench.catalog import Catalog, check, read_integration
from workbench.domain import DependencyState, ReplacedPackage
from workbench.domain.module_names import bringing, package_of

type Make = Callable[..., Path]

SDK = "autohive-integrations-sdk"
AIOHTTP = metadata.version("aiohttp")


def info(name: str, version: str) -> dict[str, str]:
    return {f"dependencies/{name}-{version}.dist-info/METADATA": ""}


@pytest.mark.parametrize(
    ("line", "state", "vendored", "environment"),
    [
        ("Tiny_Thing>=2", "installed", "2.1", ""),
        ("tiny.thing==2.0", "differs", "2.1", ""),
        ("nowhere-to-be-found", "missing", "", ""),
        ("aiohttp", "installed", "", AIOHTTP),
        ("aiohttp<1", "differs", "", AIOHTTP),
        ("jsonschema==4.17.3", "installed", "4.17.3", metadata.version("jsonschema")),
        ("nowhere-to-be-found; python_version < '3'", "not_needed", "", ""),
        ("nowhere-to-be-found @ https://a.b/c.whl", "missing", "", ""),
        ("tiny-thing @ https://a.b/c.whl", "unknown", "2.1", ""),
        ("-e git+https://a.b/c#egg=tiny-thing", "unknown", "2.1", ""),
        ("./local", "unknown", "", ""),
        (SDK + "==1.0.2", "sdk", "1.0.2", ""),
    ],
)
def test_the_state_of_a_requirement(make: Make, line: str, state: str, vendored: str, environment: str) -> None:
    files = info("tiny_thing", "2.1") | info("jsonschema", "4.17.3") | info("autohive_integrations_sdk", "1.0.2")
    found = read_integration(make(files={"requirements.txt": line + "\n", **files})).dependencies
    [one] = found.requirements
    assert (one.state, one.vendored, one.environment) == (state, vendored, environment)
    assert one.is_met is (state not in ("missing", "differs"))
    assert found.sdk == "1.0.2"


def test_the_packages_that_dependencies_replaces(make: Make) -> None:
    same = f"dependencies/aiohttp-{AIOHTTP}.dist-info/METADATA"
    files = {same: "", "dependencies/yarl/__init__.py": "", **info("attrs", "22.1.0"), **info("unknown_thing", "1")}
    replaced = read_integration(make(files=files)).dependencies.replaced
    assert set(replaced) == {
        ReplacedPackage("attrs", "22.1.0", metadata.version("attrs")),
        ReplacedPackage("yarl", "", metadata.version("yarl")),
    }


def test_an_installation_is_seen(make: Make) -> None:
    root = make(files={"requirements.txt": f"{SDK}~=2.0.1\nnowhere-to-be-found\n", "dependencies/x.py": ""})
    known = Catalog([root])
    assert known.integrations()[0].dependencies.unmet[0].state is DependencyState.MISSING
    (root / "dependencies" / "nowhere_to_be_found-1.dist-info").mkdir()
    assert known.integrations()[0].dependencies.unmet == ()


def test_dependencies_outside_of_the_folder_are_not_listed(make: Make, tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "canary-1.0.dist-info").mkdir(parents=True)
    root = make(files={"requirements.txt": "canary\n"})
    (root / "dependencies").symlink_to(tmp_path / "elsewhere")
    assert read_integration(root).dependencies.requirements[0].state is DependencyState.MISSING


@each_case(
    ("module", "required", "found"),
    [
        ("yaml", "pyyaml", "pyyaml"),
        ("googleapiclient.discovery", "google-api-python-client", "google-api-python-client"),
        ("google.cloud.storage", "google-cloud-storage", "google-cloud-storage"),
        ("bs4", "beautifulsoup4", "beautifulsoup4"),
        ("dateutil.parser", "python-dateutil", "python-dateutil"),
        ("PIL", "pillow", "pillow"),
        ("grpc", "grpcio", "grpcio"),
        ("google_auth_oauthlib", "google-auth-oauthlib", "google-auth-oauthlib"),
        ("requests", "httpx", ""),
    ],
)
def test_the_requirement_that_brings_a_module(module: str, required: str, found: str) -> None:
    assert bringing(module, ["six", required]) == found


def test_the_package_to_add_is_spelled_as_its_authors_do() -> None:
    assert [package_of(name) for name in ("yaml", "PIL.Image", "grpc", "six")] == ["PyYAML", "Pillow", "grpcio", "six"]


def incomplete(root: Path) -> list[str]:
    return [one.message for one in check(read_integration(root)) if one.code == "requirements-incomplete"]


def test_what_installed_packages_require_in_turn_is_looked_for(make: Make) -> None:
    requires = {
        "parts-1.0": [
            "bolts>=2",
            "nuts",
            "screws; extra == 'more'",
            "glue; extra == 'much'",
            "old; python_version<'3'",
        ],
        "bolts-2.5": ["nuts>3", "washers<2"],
        "washers-3.1": ["steel"],
        "screws-1": ["parts"],
    }
    texts = {
        f"dependencies/{name}.dist-info/METADATA": "".join(f"Requires-Dist: {need}\n" for need in needs) + "\nnuts"
        for name, needs in requires.items()
    }
    root = make(files={"requirements.txt": f"{SDK}~=2.0.1\nparts[more]\nPyYAML\n", **texts})
    assert incomplete(root) == [
        "parts 1.0 requires nuts, but it is not installed; bolts 2.5 requires washers<2, but 3.1 is installed.",
    ]
    (root / "dependencies" / "nuts-4.dist-info").mkdir()
    (root / "dependencies" / "washers-3.1.dist-info").rename(root / "dependencies" / "washers-1.0.dist-info")
    assert incomplete(root) == ["washers 1.0 requires steel, but it is not installed."]


def test_a_module_may_be_called_otherwise_than_its_package(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    code = {"weather.py": "import gadget\nimport gizmo\nimport other\n"}
    root = make(files={"requirements.txt": f"{SDK}~=2.0.1\nour-parts\n", **code})
    info = root.parent / "site" / "our_parts-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "RECORD").write_text("gadget/__init__.py,,\ngizmo.cpython-313-x.so,,\nour_parts-1.0.dist-info/RECORD,,\n")
    monkeypatch.syspath_prepend(str(info.parent))
    found = [one.message for one in check(read_integration(root)) if one.code == "requirements-import"]
    assert len(found) == 1
    assert "other" in found[0]
