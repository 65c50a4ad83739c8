"""Which of the SDK's three contracts an integration is written for, and the rule that decides.

The first rule that applies decides: chosen by the caller, the release installed in ``dependencies/``, the pin in
``requirements.txt``, what the code imports. Where none applies the contract is 2. This module decides for the SDK and
for every page and command, and imports nothing that takes time.

>>> with use("1"):
...     chosen_by_caller().reason
'chosen explicitly'
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from autohive_integrations_sdk._pins import RELEASES, Pin, installed_releases, pin_of
from autohive_integrations_sdk._requirements import (
    MAX_BYTES,
    REQUIREMENTS,
    LineKind,
    RequirementError,
    RequirementErrorKind,
    RequirementLine,
    RequirementsText,
    folder_reader,
    read_requirements,
)

__all__ = [
    "DEFAULT",
    "DEPENDENCIES",
    "MAX_BYTES",
    "RELEASES",
    "REQUIREMENTS",
    "RESULT_NAMES",
    "AuthShape",
    "Contract",
    "ContractVersion",
    "LineKind",
    "Pin",
    "RequirementError",
    "RequirementErrorKind",
    "RequirementLine",
    "RequirementsText",
    "Rule",
    "chosen",
    "chosen_by_caller",
    "chosen_release",
    "current",
    "installed_releases",
    "of_folder",
    "of_imports",
    "of_releases",
    "pin_of",
    "read_requirements",
    "use",
]

DEPENDENCIES = "dependencies"
RESULT_NAMES = ("ActionResult", "ActionError", "FetchResponse")
"""The names that only newer releases have."""


class ContractVersion(StrEnum):
    """The release line of the SDK that an integration was written for."""

    V0_1 = "0.1"
    V1 = "1"
    V2 = "2"


class AuthShape(StrEnum):
    """How the fields reach ``context.auth``: as they are, or as ``{"auth_type", "credentials": {fields}}``."""

    FLAT = "flat"
    ENVELOPE = "envelope"


class Rule(StrEnum):
    """What decided: the caller, a folder's files, or the code."""

    CHOSEN = "chosen"
    INSTALLED = "installed"
    PINNED = "pinned"
    IMPORTED = "imported"
    NOT_IMPORTED = "not_imported"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract, the rule that decided, and the fact that it went by.

    ``file`` (relative to the integration's folder, or a module's name) and ``line`` are where the fact stands.
    ``release`` is the one installed, or the newest that the pin ``specifier`` allows; ``older`` are releases left over
    beside it, and ``exact`` means that the pin allows one release line only. ``name`` is the newer class that the code
    imports.
    """

    version: ContractVersion
    rule: Rule = Rule.CHOSEN
    file: str = ""
    line: int | None = None
    specifier: str = ""
    release: str = ""
    name: str = ""
    older: tuple[str, ...] = ()
    exact: bool = True

    @property
    def is_chosen(self) -> bool:
        """Whether the caller chose it, rather than the integration's own files."""
        return self.rule is Rule.CHOSEN

    @property
    def returns_values(self) -> bool:
        """Whether handlers return plain values and errors are raised (0.1), not results and error results."""
        return self.version is ContractVersion.V0_1

    @property
    def returns_fetch_response(self) -> bool:
        """Whether ``context.fetch`` returns a ``FetchResponse`` (2) rather than the body."""
        return self.version is ContractVersion.V2

    @property
    def auth_shape(self) -> AuthShape:
        """The shape of ``context.auth`` for custom auth; what the platform makes is always in an envelope."""
        return AuthShape.FLAT if self.version is ContractVersion.V0_1 else AuthShape.ENVELOPE

    @property
    def reason(self) -> str:
        """The rule and its fact in words, as they stand after "because": ``requirements.txt pins ~=1.0.2``."""
        match self.rule:
            case Rule.CHOSEN:
                return f"version {self.release} of the SDK was chosen" if self.release else "chosen explicitly"
            case Rule.INSTALLED:
                older = f" (and, left over, {', '.join(self.older)})" if self.older else ""
                return f"{self.file}/ holds version {self.release}{older}"
            case Rule.PINNED:
                newest = "" if self.exact else f", so {self.release} at the newest"
                return f"{self.file} pins {self.specifier}{newest}"
            case Rule.IMPORTED:
                return f"{self.file} imports {self.name}"
            case Rule.NOT_IMPORTED:
                return f"{self.file} imports neither ActionResult, ActionError nor FetchResponse"
            case Rule.DEFAULT:
                return "no file names a release, and no handler is registered"


DEFAULT = Contract(ContractVersion.V2, Rule.DEFAULT)
"""The contract where no rule applies: that of the newest release."""

_chosen: ContextVar[Contract | None] = ContextVar("autohive_contract_chosen", default=None)
_running: ContextVar["RunningHandler | None"] = ContextVar("autohive_handler_running", default=None)


class RunningHandler(Protocol):
    """A call of a handler that has begun and not ended."""

    contract: Contract


@contextmanager
def use(contract: str | Contract) -> Iterator[Contract]:
    """Choose the contract: for what is run inside, and for good for every integration loaded inside.

    Raises ValueError for a version that is not one of the three.
    """
    contract = contract if isinstance(contract, Contract) else chosen(contract)
    token = _chosen.set(contract)
    try:
        yield contract
    finally:
        _chosen.reset(token)


def chosen(version: str) -> Contract:
    """The contract of that version, as the caller's choice; ValueError where there is none."""
    if version not in tuple(ContractVersion):
        raise ValueError(f"There is no contract {version!r}; use one of {', '.join(ContractVersion)}.")
    return Contract(ContractVersion(version))


def chosen_release(release: str) -> Contract:
    """The contract of a published release, as the caller's choice."""
    return Contract(_of_release(release), release=release)


chosen_by_caller = _chosen.get
"""The contract of the :func:`use` around the caller, or None."""

begin = _running.set
"""Start the call of a handler; :func:`end` takes what this returns."""

end = _running.reset
"""End the call that :func:`begin` started."""


def running() -> RunningHandler | None:
    """The call of a handler around the caller, or None."""
    return _running.get()


def current() -> Contract:
    """The contract that ``context.fetch`` follows: the running handler's, else the caller's choice, else 2."""
    call = _running.get()
    return _chosen.get() or DEFAULT if call is None else call.contract


def of_folder(root: Path) -> Contract | None:
    """The contract by an integration's folder, or None. Files that cannot be read are ignored."""
    try:
        names = [path.name for path in (root / DEPENDENCIES).iterdir()]
    except OSError:
        names = []
    return of_releases(names, pin_of(read_requirements(folder_reader(root)).lines))


def of_releases(dependencies: Iterable[str], pin: Pin | None) -> Contract | None:
    """The contract by the names in ``dependencies/``, else by the pin in ``requirements.txt``; else None."""
    installed = installed_releases(dependencies)
    if installed:
        *older, newest = installed
        return Contract(_of_release(newest), Rule.INSTALLED, DEPENDENCIES, release=newest, older=tuple(older))
    if pin is None:
        return None
    version = _of_release(pin.release)
    return Contract(version, Rule.PINNED, pin.file, pin.line, pin.specifier, pin.release, exact=pin.exact)


def of_imports(file: str, name: str = "") -> Contract:
    """The contract by the code of a handler: 2 where it imports ``name``, one of :data:`RESULT_NAMES`, else 0.1."""
    if name:
        return Contract(ContractVersion.V2, Rule.IMPORTED, file, name=name)
    return Contract(ContractVersion.V0_1, Rule.NOT_IMPORTED, file)


def _of_release(release: str) -> ContractVersion:
    """The line that a release belongs to; one newer than all that are known counts as the newest."""
    major = int(release.partition(".")[0])
    return {0: ContractVersion.V0_1, 1: ContractVersion.V1}.get(major, ContractVersion.V2)
