"""The distributions of a folder by the names of their ``.dist-info`` and ``.egg-info``: nothing in them is opened."""

import os
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from autohive_integrations_sdk.contracts import DEPENDENCIES
from packaging.version import InvalidVersion, Version

from workbench.catalog.files.file_reader import inside, signature
from workbench.domain.module_names import distribution_of

_MAX_NAMES = 20_000


def vendored(root: Path) -> Mapping[str, str]:
    """The releases in the folder's ``dependencies/`` by canonical name."""
    place = inside(root, DEPENDENCIES)
    return {} if place is None else in_folder(place)


def vendored_names(root: Path) -> frozenset[str]:
    """The names of all entries of ``dependencies/``."""
    place = inside(root, DEPENDENCIES)
    return frozenset() if place is None else frozenset(_names(str(place)))


def environment() -> dict[str, str]:
    """The releases beside the workbench, which a worker imports what ``dependencies/`` lacks from."""
    found: dict[str, str] = {}
    for place in reversed(environment_folders()):
        found |= in_folder(place)
    return found


def environment_folders() -> tuple[Path, ...]:
    """The folders that a worker imports from besides the integration's own, first the one that is asked first."""
    here = os.getcwd()  # noqa: PTH109 - compared with texts
    return tuple(Path(path) for path in sys.path if path and path != here and Path(path).is_dir())


def in_folder(place: Path) -> Mapping[str, str]:
    """The releases of a folder by canonical name; of two of one package the newer."""
    return _listed(str(place), signature(place))


def entry_of(place: Path, name: str) -> str:
    """The entry of a folder with the files of the newest release of a distribution; empty where there is none."""
    release = in_folder(place).get(name)
    distribution = (name, release)
    return (
        next((entry for entry in _names(str(place)) if distribution_of(entry) == distribution), "") if release else ""
    )


@lru_cache(maxsize=512)
def _listed(place: str, _: object) -> Mapping[str, str]:
    """The distributions of ``place`` in a state that the second argument stands for."""
    found: dict[str, str] = {}
    for entry in _names(place):
        if (distribution := distribution_of(entry)) is not None:
            name, version = distribution
            if name not in found or _is_newer(version, found[name]):
                found[name] = version
    return found


def _names(place: str) -> list[str]:
    try:
        with os.scandir(place) as entries:
            return [entry.name for entry, _ in zip(entries, range(_MAX_NAMES), strict=False)]
    except OSError:
        return []


def _is_newer(version: str, other: str) -> bool:
    try:
        return Version(version) > Version(other)
    except InvalidVersion:
        return False
