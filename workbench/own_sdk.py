"""Whether the SDK that the workbench brings is in place: pip puts the published one, of the same name, over it."""

from importlib.util import find_spec
from pathlib import Path

_PACKAGE = "autohive_integrations_sdk"


class SdkReplaced(RuntimeError):
    """The published SDK was installed into the workbench's environment; the message says what to do."""


def check_own_sdk() -> None:
    """Raises :class:`SdkReplaced`. The package is looked for and not imported."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parents[1]
    for published in folder.glob(f"{_PACKAGE}-*.dist-info"):
        release = published.name.removesuffix(".dist-info").removeprefix(f"{_PACKAGE}-")
        raise SdkReplaced(
            f"autohive-integrations-sdk {release} was installed into the workbench's environment ({folder}), over the "
            "SDK that the workbench brings. Install the workbench into an environment of its own, with pipx or uv "
            "tool. To repair this one: pip uninstall autohive-integrations-sdk, then install the workbench again with "
            "--force-reinstall. What integrations require goes into their dependencies folder: workbench install."
        )
