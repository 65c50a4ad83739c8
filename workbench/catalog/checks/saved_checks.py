"""What checks found, on disk, so that the next command need not look again at what has not changed."""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import autohive_integrations_sdk.contracts as sdk_contracts
from autohive_integrations_sdk.contracts import Rule

import workbench
from workbench.catalog.checks.integration import Examination
from workbench.catalog.code.module_facts import CodeReads, NameRead, ReadSource, ShapeRead
from workbench.catalog.contracts import Decision
from workbench.catalog.files.cache_folder import CacheFolder
from workbench.catalog.files.path_state import PathState
from workbench.catalog.findings.ignores import Ignore
from workbench.catalog.packages.distributions import environment_folders
from workbench.domain import AuthShape, Contract, ContractVersion, Finding, Severity

_MOST_INTEGRATIONS = 5_000
_MOST_PROGRAMS = 4
"""Versions of the workbench, each with its Python and its packages, that results are saved of."""

_PACKAGES = ("catalog", "domain", "jsondoc", "schema")
"""The packages that a check is made of."""


class SavedChecks:
    """Results by the folder of the integration, for this very program. Safe to use from several processes.

    They hold what findings say, and names; no code, and no credential: a check without import sees none.
    """

    def __init__(self, folder: Path) -> None:
        """Use ``folder``, of which old programs' results are deleted."""
        self._folder = folder

    def load(self, root: Path) -> Examination | None:
        """The result for an integration, None where there is none or where something has changed since."""
        data = self._files.read(_name(root))
        if data is None:
            return None
        saved = json.loads(data)
        if saved["root"] != str(root):
            return None
        before = [PathState(path, tuple(seen) if seen else None, digest) for path, seen, digest in saved["watched"]]
        now = [state.now() for state in before]
        if None in now:
            return None
        if now != before:
            self._write(root, saved | {"watched": _rows(now)})
        findings = tuple(_finding(row) for row in saved["findings"])
        return Examination(
            findings,
            tuple(Path(state.path) for state in before),
            CodeReads(
                tuple(_name_read(row) for row in saved["names"]),
                tuple(ShapeRead(AuthShape(shape), *place) for shape, *place in saved["shapes"]),
            ),
            Decision(_contract(saved["contract"]), tuple(saved["decided_by"])),
            frozenset(findings[place] for place in saved["of_handlers"]),
            tuple(_ignore(row) for row in saved["ignores"]),
        )

    def save(self, root: Path, check: Examination) -> None:
        """Save a result. What was watched must not have changed while it was made."""
        if check.decision is None:
            return
        document = {
            "root": str(root),
            "watched": _rows([PathState.of(path) for path in check.watched]),
            "findings": [[*asdict(one).values()] for one in check.findings],
            "of_handlers": [at for at, one in enumerate(check.findings) if one in check.of_handlers],
            "ignores": [[*asdict(one).values()] for one in check.ignores],
            "names": [[*asdict(one).values()] for one in check.reads.names],
            "shapes": [[*asdict(one).values()] for one in check.reads.shapes],
            "contract": asdict(check.decision.contract),
            "decided_by": check.decision.read,
        }
        self._write(root, document)

    def close(self) -> None:
        """Keep what was saved within its bounds."""
        self._files.prune()

    def _write(self, root: Path, document: dict[str, Any]) -> None:
        self._files.write(_name(root), json.dumps(document, separators=(",", ":")).encode())

    @cached_property
    def _files(self) -> CacheFolder:
        program = self._folder / _program()
        if not program.exists():
            _forget_programs(self._folder)
        return CacheFolder(program, most=_MOST_INTEGRATIONS)


def _name(root: Path) -> str:
    return hashlib.blake2b(os.fsencode(root), digest_size=16).hexdigest()


def _program() -> str:
    """What stands for the code of all checks, this Python, and the packages beside it."""
    own = Path(workbench.__file__).parent
    sources = sorted(path for package in _PACKAGES for path in (own / package).rglob("*.py"))
    sources += sorted(Path(sdk_contracts.__file__).parent.glob("*.py"))
    facts = [sys.version, sys.platform, *map(str, environment_folders())]
    for path in sources:
        seen = path.stat()
        facts.append(f"{path} {seen.st_size} {seen.st_mtime_ns}")
    return hashlib.blake2b("\n".join(facts).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _forget_programs(folder: Path) -> None:
    """Delete the results of all but the last programs."""
    try:
        programs = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    except OSError:
        return
    for old in programs[_MOST_PROGRAMS - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def _rows(states: Sequence[PathState | None]) -> list[list[object]]:
    return [[state.path, state.signature, state.digest] for state in states if state]


def _finding(row: list[Any]) -> Finding:
    code, severity, *rest = row
    return Finding(code, Severity(severity), *rest)


def _ignore(row: list[Any]) -> Ignore:
    code, reason, file, line, lines, place = row
    return Ignore(code, reason, file, line, tuple(lines), place)


def _name_read(row: list[Any]) -> NameRead:
    source, *rest = row
    return NameRead(ReadSource(source), *rest)


def _contract(saved: dict[str, Any]) -> Contract:
    known = {"version": ContractVersion(saved["version"]), "rule": Rule(saved["rule"]), "older": tuple(saved["older"])}
    return Contract(**(saved | known))
