"""Reads one integration's folder, without running anything in it."""

import os
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from autohive_integrations_sdk import contracts
from autohive_integrations_sdk.contracts import DEPENDENCIES

from workbench.catalog import folder_files
from workbench.catalog.code.python_source import ModuleCache
from workbench.catalog.config.document import NAME, Document, read_document
from workbench.catalog.config.reader import ConfigReader
from workbench.catalog.contracts import Decision, decide
from workbench.catalog.packages.dependency_state import read_dependencies
from workbench.catalog.packages.distributions import environment_folders
from workbench.catalog.packages.requirements import Requirements, read_requirements
from workbench.domain import ContractVersion, Finding, Integration
from workbench.jsondoc.source_map import SourceMap

_MAX_NAMES = 10_000


@dataclass(frozen=True, slots=True)
class WatchedIntegration:
    """An integration, the paths whose change would make it another, and the places in its ``config.json``.

    ``decision`` is the one on its contract; None where only the code could say it, which was not to be read: then the
    contract is the default.
    """

    integration: Integration
    watched: tuple[Path, ...]
    positions: SourceMap
    decision: Decision | None
    requirement_files: tuple[str, ...] = ()


def read_integration(root: Path, *, contract: ContractVersion | None = None) -> Integration:
    """What a folder declares. Never raises for what is in it: see the ``findings``.

    ``contract`` says outright which contract to take. The id is the folder's slug; a :class:`Catalog` may lengthen it.
    """
    return read(root, contract=contract).integration


def read(
    root: Path,
    *,
    contract: ContractVersion | None = None,
    cache: ModuleCache | None = None,
    code: bool = True,
    decided: Decision | None = None,
) -> WatchedIntegration:
    """Like :func:`read_integration`, telling also what was looked at. ``cache`` holds the modules known so far.

    Without ``code``, or with the contract ``decided``, no module is read.
    """
    document = read_document(root)
    requirements = read_requirements(root)
    config = ConfigReader(document.value if isinstance(document.value, dict) else {}, document.positions)
    entry = folder_files.entry_point(root, config.text("entry_point", needed=isinstance(document.value, dict)))
    decided = decided or decide(root, entry.path, requirements, cache or ModuleCache(), contract, code=code)
    decision = decided or Decision(contracts.DEFAULT)
    integration = _assemble(root, document, requirements, config, entry, decision)
    names = (NAME, *requirements.files, DEPENDENCIES, *decision.read, *([entry.path] if entry.path else []))
    inside = (root / name for name in dict.fromkeys(names))
    return WatchedIntegration(
        integration, (root, *inside, *environment_folders()), document.positions, decided, requirements.files
    )


def _assemble(
    root: Path,
    document: Document,
    requirements: Requirements,
    config: ConfigReader,
    entry: folder_files.Part,
    decision: Decision,
) -> Integration:
    readable = isinstance(document.value, dict)
    picture = folder_files.icon(root, _names(root), config.config.get("icon"))
    name = config.text("name", needed=readable)
    integration = Integration(
        id=slug(root.name),
        root=root,
        name=name or root.name,
        contract=decision.contract,
        display_name=config.text("display_name"),
        version=config.text("version"),
        description=config.text("description"),
        icon=root / picture.path if picture.path else None,
        entry_point=entry.path,
        auth=config.auth(),
        actions=config.actions(),
        triggers=config.triggers(),
        connected_account=config.flag("supports_connected_account"),
        requirements=requirements.entries,
        dependencies=read_dependencies(root, requirements),
        config=document.value,
    )
    of_folder = _placed((*entry.findings, *picture.findings), document.positions)
    return replace(integration, findings=(*document.findings, *config.findings, *of_folder, *requirements.findings))


def _placed(findings: tuple[Finding, ...], positions: SourceMap) -> tuple[Finding, ...]:
    """The findings with the line and column of what their pointer names."""
    places = [positions.nearest(finding.pointer) if finding.pointer else None for finding in findings]
    return tuple(
        replace(finding, line=place[0], column=place[1]) if place else finding
        for finding, place in zip(findings, places, strict=True)
    )


def _names(root: Path) -> tuple[str, ...]:
    try:
        with os.scandir(root) as entries:
            return tuple(entry.name for entry, _ in zip(entries, range(_MAX_NAMES), strict=False))
    except OSError:
        return ()


def slug(name: str) -> str:
    """A folder's name as it can stand in a URL's path, never empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:60] or "integration"
