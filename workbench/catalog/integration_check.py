"""The check of a whole integration: of its folder alone, and of what loading its code has shown."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbench.catalog.contract_check import check_contract, check_fields
from workbench.catalog.contracts import Decision
from workbench.catalog.handler_check import check_handlers, check_twice
from workbench.catalog.import_findings import ImportRun
from workbench.catalog.integration_reader import WatchedIntegration, read
from workbench.catalog.module_facts import CodeReads, ModuleFacts
from workbench.catalog.python_source import ModuleCache, UnreadableModule, modules
from workbench.catalog.requirements import read_requirements
from workbench.catalog.requirements_check import check_imports, check_installed
from workbench.domain import JSON, Finding, Integration, Outcome, Severity
from workbench.jsondoc.source_map import SourceMap
from workbench.schema import check_config

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found, what the code reads, and the paths whose change would make it another.

    ``decision`` is the one on the contract; None where there is no integration to look at.
    """

    findings: tuple[Finding, ...]
    watched: tuple[Path, ...] = ()
    reads: CodeReads = field(default_factory=CodeReads)
    decision: Decision | None = None


def check(integration: Integration, outcome: Outcome | None = None, *, timeout: float = 0.0) -> tuple[Finding, ...]:
    """Everything that is wrong with the folder as it stands on disk now, errors first, then by file and line.

    It holds the config and every schema in it against ``workbench.schema.check_config``, and the code's registrations
    and imports against what is declared and required. No code is run here: ``outcome`` is that of a run in a worker
    which was asked to load only, within ``timeout`` seconds; what it saw counts more than what the text says.
    """
    return examine(integration, outcome, timeout=timeout).findings


def examine(
    integration: Integration,
    outcome: Outcome | None = None,
    *,
    timeout: float = 0.0,
    cache: ModuleCache | None = None,
    reading: WatchedIntegration | None = None,
) -> Examination:
    """Like :func:`check`, telling also what was looked at. ``cache`` holds the modules known so far.

    ``reading`` is the integration as it stands on disk now, where it was read already.
    """
    cache = cache or ModuleCache()
    root = integration.root
    if not root.is_dir() or any(one.code == "folder-outside" for one in integration.findings):
        return Examination(integration.findings)
    reading = reading or read(root, cache=cache)
    current = replace(reading.integration, id=integration.id)
    positions = reading.positions
    found = [*current.findings, *_of_config(current.config, positions)]
    code = list(modules(root, current.entry_point, cache)) if _has_entry(current) else []
    reads = cache.reads([module for module in code if isinstance(module, ModuleFacts)])
    found += _of_code(current, code, positions, found, ImportRun(current, outcome, timeout) if outcome else None, reads)
    folders = {root, *((root / module.path).parent for module in code)}
    watched = dict.fromkeys((*reading.watched, *(root / module.path for module in code), *folders))
    return Examination(_in_order(found), tuple(watched), reads, reading.decision)


def read_code(integration: Integration, cache: ModuleCache | None = None) -> CodeReads:
    """The keys that the integration's code reads, of its auth and elsewhere, and the shapes of its auth."""
    return watched_code(integration, cache or ModuleCache())[0]


def watched_code(integration: Integration, cache: ModuleCache) -> tuple[CodeReads, tuple[Path, ...]]:
    """Like :func:`read_code`, with the paths whose change would make it another."""
    root = integration.root
    code = list(modules(root, integration.entry_point, cache)) if _has_entry(integration) else []
    paths = [root / integration.entry_point, *(root / module.path for module in code)]
    watched = dict.fromkeys((*paths, root, *(path.parent for path in paths)))
    return cache.reads([module for module in code if isinstance(module, ModuleFacts)]), tuple(watched)


def can_load(integration: Integration) -> bool:
    """Whether there is anything to import: a config and an entry point in Python."""
    return integration.readable and _has_entry(integration) and integration.entry_point.endswith(".py")


def _has_entry(integration: Integration) -> bool:
    return bool(integration.entry_point) and (integration.root / integration.entry_point).is_file()


def _of_config(config: JSON, positions: SourceMap) -> Iterator[Finding]:
    if not isinstance(config, dict):
        return
    for one in check_config(config):
        line, column = positions.nearest(one.pointer) or (1, 1)
        severity = Severity(one.severity)
        yield Finding(one.code, severity, one.message, one.fix, line=line, column=column, pointer=one.pointer)


def _of_code(
    integration: Integration,
    code: list[ModuleFacts | UnreadableModule],
    positions: SourceMap,
    known: list[Finding],
    loaded: ImportRun | None,
    reads: CodeReads,
) -> Iterator[Finding]:
    requirements = read_requirements(integration.root)
    parsed = [module for module in code if isinstance(module, ModuleFacts)]
    broken = [module.finding for module in code if isinstance(module, UnreadableModule)]
    written = [one for module in parsed for one in module.registrations]
    real = loaded.registrations if loaded else None
    of_code = [*broken, *check_twice(written)]
    if real is not None:
        of_code += check_handlers(integration, real, positions, complete=True)
    elif parsed:
        of_code += check_handlers(integration, written, positions, complete=not broken)
    yield from of_code
    yield from check_imports(integration.root, parsed, integration.requirements)
    yield from check_installed(integration.dependencies)
    yield from check_contract(integration, parsed, reads, requirements)
    yield from check_fields(integration, positions)
    if loaded:
        yield from loaded.findings([*known, *of_code])


def _in_order(found: tuple[Finding, ...] | list[Finding]) -> tuple[Finding, ...]:
    """Each once, and each with a place: what is wrong with a file as a whole stands in its first line."""
    # What a first look at the config found already, check_config says again under the same code.
    distinct = {(one.code, one.path, one.pointer, one.line, one.column): one for one in reversed(found)}
    placed = (one if one.line else replace(one, line=1, column=1) for one in distinct.values())
    return tuple(sorted(placed, key=lambda one: (_RANK[one.severity], one.path, one.line or 0, one.column or 0)))
