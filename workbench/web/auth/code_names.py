"""The names that the code reads, each with its first place, as buttons that add a row for one."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.catalog.code.module_facts import NameRead, ReadSource
from workbench.domain import Integration
from workbench.web.auth.sections import SectionName
from workbench.web.services.app_context import app_context
from workbench.web.ui.code_places import code_url

_SOURCES = {
    SectionName.CREDENTIALS: (ReadSource.AUTH, ReadSource.CREDENTIALS),
    SectionName.METADATA: (ReadSource.METADATA,),
    SectionName.ENVIRONMENT: (ReadSource.ENVIRONMENT,),
}
_ENVELOPE = frozenset({"credentials", "auth_type"})


@dataclass(frozen=True, slots=True)
class CodeName:
    """A name that the code reads, first at ``place`` (``file:line``), which has a page at ``url``.

    ``is_inherited``: a variable that the workbench was started with.
    """

    name: str
    place: str
    url: str
    required: bool = False
    is_inherited: bool = False


def names_in_code(integration: Integration) -> dict[SectionName, tuple[CodeName, ...]]:
    """The names by section, each once, those that the code cannot do without first."""
    reads = app_context().catalog.reads(integration)
    return {section: _names(integration, reads.of(*_SOURCES[section])) for section in SectionName}


def _names(integration: Integration, reads: Iterable[NameRead]) -> tuple[CodeName, ...]:
    found: dict[str, CodeName] = {}
    for read in sorted(reads, key=lambda read: not read.required):
        if read.name in _ENVELOPE and read.source is ReadSource.AUTH:
            continue
        url = code_url(integration.id, integration.root, read.path, read.line)
        inherited = read.source is ReadSource.ENVIRONMENT and read.name in app_context().store.environ
        found.setdefault(read.name, CodeName(read.name, f"{read.path}:{read.line}", url, read.required, inherited))
    return tuple(found.values())


def missing(names: Iterable[CodeName], present: Iterable[str]) -> tuple[CodeName, ...]:
    """Those that are neither ``present`` nor inherited."""
    known = set(present)
    return tuple(one for one in names if one.name not in known and not one.is_inherited)
