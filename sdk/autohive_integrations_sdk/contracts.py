"""Which of the SDK's three contracts an integration is written for, and how whoever loads it can say so outright.

The first rule that answers wins: said outright, the version installed in ``dependencies/``, the pin in
``requirements.txt``, what the handler's module uses. :attr:`Integration.contract` tells the answer and the rule.

>>> with use("1"):
...     said_outright()
Contract(version='1', reason='said outright by the caller')
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from autohive_integrations_sdk._pins import Pin, installed_version, pin_of

type ContractVersion = Literal["0.1", "1", "2"]
VERSIONS: tuple[ContractVersion, ...] = get_args(ContractVersion.__value__)


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract and, in words, the rule that chose it."""

    version: ContractVersion
    reason: str

    @property
    def returns_values(self) -> bool:
        """Whether handlers return plain values and faults are raised (0.1), not results and error results."""
        return self.version == "0.1"

    @property
    def answers_fetch_response(self) -> bool:
        """Whether ``context.fetch`` answers a ``FetchResponse`` (2) rather than the body."""
        return self.version == "2"


OUTSIDE = Contract("2", "no handler is running")
"""What ``context.fetch`` goes by outside any running handler."""

_said: ContextVar[Contract | None] = ContextVar("autohive_contract_said", default=None)
_running: ContextVar[Contract | None] = ContextVar("autohive_contract_running", default=None)


@contextmanager
def use(version: ContractVersion | Contract, reason: str = "said outright by the caller") -> Iterator[Contract]:
    """Say outright which contract holds: for what is run inside, and for good for every integration loaded inside.

    Raises ValueError for a version that is not one of the three.
    """
    contract = version if isinstance(version, Contract) else said(version, reason)
    token = _said.set(contract)
    try:
        yield contract
    finally:
        _said.reset(token)


def said(version: str, reason: str = "said outright by the caller") -> Contract:
    """The contract of that version; ValueError where there is none."""
    for known in VERSIONS:
        if version == known:
            return Contract(known, reason)
    raise ValueError(f"There is no contract {version!r}; say one of {', '.join(VERSIONS)}.")


def said_outright() -> Contract | None:
    """The contract of the :func:`use` around the caller, or None."""
    return _said.get()


def begin(contract: Contract) -> Token[Contract | None]:
    """A handler of that contract runs from here on, until :func:`end` is given what this returns."""
    return _running.set(contract)


def end(token: Token[Contract | None]) -> None:
    """The handler has ended."""
    _running.reset(token)


def current() -> Contract:
    """The contract that ``context.fetch`` answers by: the running handler's, else what was said, else 2."""
    return _running.get() or _said.get() or OUTSIDE


def of_folder(root: Path) -> Contract | None:
    """What the integration's folder says: the SDK in ``dependencies/``, else the pin in ``requirements.txt``."""
    installed = installed_version(root / "dependencies")
    if installed is not None:
        return Contract(_of_release(installed), f"dependencies/ holds version {installed}")
    pin = pin_of(root / "requirements.txt")
    return None if pin is None else Contract(_of_release(pin.release), _reason(pin))


def _reason(pin: Pin) -> str:
    return f"requirements.txt pins {pin.specifier}" + ("" if pin.exact else f", so {pin.release} at the newest")


def _of_release(release: str) -> ContractVersion:
    major = int(release.partition(".")[0])
    return "0.1" if major == 0 else "1" if major == 1 else "2"
