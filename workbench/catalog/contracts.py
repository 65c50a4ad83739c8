"""The contract of an integration's folder: the SDK decides, by what is read here without running anything."""

from dataclasses import dataclass
from pathlib import Path

from autohive_integrations_sdk import contracts

from workbench.catalog.code.module_facts import ModuleFacts
from workbench.catalog.code.python_source import ModuleCache, modules
from workbench.catalog.packages.requirements import Requirements
from workbench.domain import Contract, ContractVersion


@dataclass(frozen=True, slots=True)
class Decision:
    """The contract, and the files besides ``requirements.txt`` and ``dependencies/`` that it was read from."""

    contract: Contract
    read: tuple[str, ...] = ()


def decide(
    root: Path,
    entry_point: str,
    requirements: Requirements,
    cache: ModuleCache,
    chosen: ContractVersion | None = None,
    *,
    code: bool = True,
) -> Decision | None:
    """What the first rule says that answers; None where only the code could, and ``code`` is not to be read."""
    if chosen is not None:
        return Decision(contracts.chosen(chosen))
    contract = contracts.of_releases(_names(root), requirements.pin)
    if contract:
        return Decision(contract)
    return _imported(root, entry_point, cache) if code else None


def installed_release(root: Path) -> str | None:
    """The newest release of the SDK in ``dependencies/``, or None."""
    return next(reversed(contracts.installed_releases(_names(root))), None)


def _names(root: Path) -> list[str]:
    try:
        return [entry.name for entry in (root / contracts.DEPENDENCIES).iterdir()]
    except OSError:
        return []


def _imported(root: Path, entry_point: str, cache: ModuleCache) -> Decision:
    """What the entry point and the modules that it imports say; 2 where none of them registers a handler."""
    if not entry_point or not (root / entry_point).is_file():
        return Decision(contracts.DEFAULT)
    paths: list[str] = []
    registered = False
    for module in modules(root, entry_point, cache):
        paths.append(module.path)
        if isinstance(module, ModuleFacts):
            if module.result_name:
                return Decision(contracts.of_imports(module.path, module.result_name), tuple(paths))
            registered = registered or bool(module.registrations)
    return Decision(contracts.of_imports(entry_point) if registered else contracts.DEFAULT, tuple(paths))
