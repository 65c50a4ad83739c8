"""Whether the SDK that the workbench brings is in place: the published one has the same package."""

import os
from importlib.util import find_spec
from pathlib import Path

_PACKAGE = "autohive_integrations_sdk"


class SdkReplaced(RuntimeError):
    """The published SDK would be imported in place of the workbench's own; the message says what to do."""


def check_own_sdk() -> None:
    """Raises :class:`SdkReplaced`. The package is looked for and not imported."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parents[1]
    published = next(folder.glob(f"{_PACKAGE}-*.dist-info"), None)
    if published is None and (Path(spec.origin).parent / "contracts.py").is_file():
        return
    what = "Another autohive-integrations-sdk"
    if published:
        what = published.name.removesuffix(".dist-info").replace("_", "-").replace("-sdk-", "-sdk ")
    raise SdkReplaced(f"{what} {_of_path(folder) if _is_in_path(folder) else _installed(folder)}")


def _is_in_path(folder: Path) -> bool:
    entries = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return any(entry and Path(entry).resolve() == folder.resolve() for entry in entries)


def _of_path(folder: Path) -> str:
    return (
        f"in {folder}, to which PYTHONPATH leads, would take the place of the SDK that the workbench brings. Take the "
        "folder out of PYTHONPATH: a run imports its dependencies folder by itself."
    )


def _installed(folder: Path) -> str:
    return (
        f"was installed into the workbench's environment ({folder}), over the SDK that the workbench brings. Install "
        "the workbench into an environment of its own, with pipx or uv tool. To repair this one: pip uninstall "
        "autohive-integrations-sdk, then install the workbench again with --force-reinstall. What integrations require "
        "goes into their dependencies folder: workbench install."
    )
