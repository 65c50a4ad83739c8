"""The check of a whole integration: of its folder alone, and of what loading its code has shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbench.catalog.checks.contract import check_contract, check_fields
from workbench.catalog.checks.handlers import check_handlers, check_twice
from workbench.catalog.checks.hidden_modules import check_hidden
from workbench.catalog.checks.import_findings import ImportRun
from workbench.catalog.checks.publication import check_publication, publication_paths
from workbench.catalog.checks.requirements import check_imports, check_installed, check_needs
from workbench.catalog.checks.schema_use import check_schema_use
from workbench.catalog.code.module_facts import CodeReads, ModuleFacts
from workbench.catalog.code.python_source import ModuleCache, UnreadableModule, modules
from workbench.catalog.contracts import Decision
from workbench.catalog.findings.ignores import Ignore, apply_ignores, check_ignores, read_ignores
from workbench.catalog.integration_reader import WatchedIntegration, read
from workbench.catalog.packages.requirements import read_requirements
from workbench.domain import JSON, Finding, Integration, Outcome, Severity
from workbench.jsondoc.source_map import SourceMap
from workbench.schema import check_config

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found without an import, what the code reads, and the paths whose change would make it another.

    ``of_handlers`` are the findings that go by the registrations in the text, which an import knows better.
    ``decision`` is the one on the contract; None where there is no integration to look at. ``ignores`` are what says
    which findings do not count.
    """

    findings: tuple[Finding, ...]
    watched: tuple[Path, ...] = ()
    reads: CodeReads = field(default_factory=CodeReads)
    decision: Decision | None = None
    of_handlers: frozenset[Finding] = frozenset()
    ignores: tuple[Ignore, ...] = ()


def check(integration: Integration, outcome: Outcome | None = None, *, timeout: float = 0.0) -> tuple[Finding, ...]:
    """Everything that is wrong with the folder as it stands on disk now, errors first, then by file and line.

    It holds the config and every schema in it against ``workbench.schema.check_config``, and the code's registrations
    and imports against what is declared and required. No code is run here: ``outcome`` is that of a run in a worker
    which was asked to load only, within ``timeout`` seconds; what it saw counts more than what the text says.
    """
    cache = ModuleCache()
    examination = examine(integration, cache)
    return examination.findings if outcome is None else with_import(examination, integration, outcome, timeout)


def examine(integration: Integration, cache: ModuleCache, reading: WatchedIntegration | None = None) -> Examination:
    """The check without an import, with what was looked at. ``cache`` holds the modules known so far.

    ``reading`` is the integration as it stands on disk now, where it was read already.
    """
    root = integration.root
    if not root.is_dir() or any(one.code == "folder-outside" for one in integration.findings):
        return Examination(integration.findings)
    reading = reading or read(root, cache=cache)
    current, positions = reading.integration, reading.positions
    code = list(modules(root, current.entry_point, cache)) if _has_entry(current) else []
    parsed = [module for module in code if isinstance(module, ModuleFacts)]
    reads = cache.reads(parsed)
    ignores = (*(one for module in parsed for one in module.ignores), *read_ignores(root, reading.requirement_files))
    handlers = apply_ignores(_in_order(_of_handlers(current, code, positions)), ignores)
    found = [
        *current.findings,
        *_of_config(current.config, positions),
        *handlers,
        *_of_code(current, code, positions, reads),
        *check_publication(current),
    ]
    found += check_ignores(root, found, ignores)
    folders = {root, *((root / module.path).parent for module in code)}
    files = (root / module.path for module in code)
    watched = dict.fromkeys((*reading.watched, *files, *folders, *publication_paths(current)))
    in_order = _in_order(apply_ignores(found, ignores))
    return Examination(in_order, tuple(watched), reads, reading.decision, frozenset(handlers), ignores)


def with_import(
    examination: Examination,
    integration: Integration,
    outcome: Outcome,
    timeout: float,
    reading: WatchedIntegration | None = None,
) -> tuple[Finding, ...]:
    """The findings once an import of the code has ended so; for the other arguments see :func:`check`."""
    if examination.decision is None:
        return examination.findings
    reading = reading or read(integration.root, decided=examination.decision)
    loaded, known = ImportRun(reading.integration, outcome, timeout), list(examination.findings)
    if (real := loaded.registrations) is not None:
        known = [one for one in known if one not in examination.of_handlers]
        known += check_handlers(reading.integration, real, reading.positions, complete=True)
    return _in_order(apply_ignores([*known, *loaded.findings(known)], examination.ignores))


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


def _of_handlers(
    integration: Integration, code: Sequence[ModuleFacts | UnreadableModule], positions: SourceMap
) -> tuple[Finding, ...]:
    """Registrations in the text, held against what is declared."""
    parsed = [module for module in code if isinstance(module, ModuleFacts)]
    written = [one for module in parsed for one in module.registrations]
    complete = len(parsed) == len(code)
    return tuple(check_handlers(integration, written, positions, complete=complete)) if parsed else ()


def _of_code(
    integration: Integration,
    code: Sequence[ModuleFacts | UnreadableModule],
    positions: SourceMap,
    reads: CodeReads,
) -> Iterator[Finding]:
    parsed = [module for module in code if isinstance(module, ModuleFacts)]
    yield from (module.finding for module in code if isinstance(module, UnreadableModule))
    yield from check_twice([one for module in parsed for one in module.registrations])
    yield from check_imports(integration.root, parsed, integration.requirements)
    yield from check_hidden(integration.root, integration.requirements)
    yield from check_installed(integration.dependencies)
    yield from check_needs(integration.root, integration.dependencies)
    yield from check_contract(integration, parsed, reads, read_requirements(integration.root))
    yield from check_fields(integration, positions)
    yield from check_schema_use(integration, parsed, reads, positions)


def _in_order(found: tuple[Finding, ...] | list[Finding]) -> tuple[Finding, ...]:
    """Each once, and each with a place: what is wrong with a file as a whole stands in its first line.

    Those that are ignored come last.
    """
    # What a first look at the config found already, check_config says again under the same code.
    distinct = {(one.code, one.path, one.pointer, one.line, one.column): one for one in reversed(found)}
    placed = (one if one.line else replace(one, line=1, column=1) for one in distinct.values())
    return tuple(sorted(placed, key=_rank))


def _rank(one: Finding) -> tuple[bool, int, str, int, int, str]:
    return bool(one.ignored), _RANK[one.severity], one.path, one.line or 0, one.column or 0, one.code
