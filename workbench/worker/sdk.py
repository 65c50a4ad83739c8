"""The SDK that runs: ours, or a published release in its place. Types are known by name: each release has its own."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGE = "autohive_integrations_sdk"


def sdk() -> Any:
    """The package that an integration gets when it imports the SDK. Raises whatever a published one raises."""
    return import_module(PACKAGE)


def is_of_sdk(value: object, name: str) -> bool:
    """Whether ``value`` is an instance of the SDK's class ``name``, or of one derived from it."""
    return (PACKAGE, name) in class_names(type(value))


def class_names(cls: type) -> list[tuple[str, str]]:
    """The top package and the name of a class and of all that it derives from."""
    return [(_top_package(each), each.__name__) for each in cls.__mro__]


def _top_package(cls: type) -> str:
    """The package that ``cls`` says it is of, empty for none: a class made by hand may have any value there."""
    module: object = getattr(cls, "__module__", "")
    return module.partition(".")[0] if isinstance(module, str) else ""


def find_config_in(root: Path) -> None:
    """Let ``Integration.load()`` without a path read the ``config.json`` of ``root``.

    A published release looks for it beside the ``dependencies/`` that the release stands in; here it stands in a cache.
    """
    integration = sdk().Integration
    original = integration.load.__func__

    def load(cls: type, config_path: str | Path | None = None) -> Any:
        return original(cls, root / "config.json" if config_path is None else config_path)

    integration.load = classmethod(load)


class SdkFinder:
    """Finds the SDK in one folder, whatever else holds one; first on ``sys.meta_path``."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The SDK's package; None for every other module, those inside the package included."""
        return PathFinder.find_spec(name, [self._folder], target) if name == PACKAGE else None


def replace_sdk(folder: str) -> None:
    """Import the SDK from ``folder`` from here on. What has imported ours keeps it."""
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
    sys.meta_path.insert(0, SdkFinder(folder))
