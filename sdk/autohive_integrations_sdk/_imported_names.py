"""The last rule for the contract: what a handler's own module uses of the SDK."""

import sys
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType, ModuleType

from autohive_integrations_sdk._types import ActionError, ActionResult, FetchResponse
from autohive_integrations_sdk.contracts import DEFAULT, RESULT_NAMES, Contract, of_imports

_PACKAGE = __name__.partition(".")[0]
_CLASSES = {each.__name__: each for each in (ActionResult, ActionError, FetchResponse)}


def of_handler(handler: type) -> Contract:
    """2 where the module of the handler, or of a base class of its own, uses what only newer releases have."""
    for base in handler.__mro__:
        module = sys.modules.get(base.__module__)
        if module is None or base.__module__.partition(".")[0] in (_PACKAGE, "builtins", "abc"):
            continue
        used = _used_by(module) or _named_in(base)
        if used:
            return of_imports(base.__module__, used)
    return of_imports(handler.__module__)


def of_handlers(handlers: Iterable[type]) -> Contract:
    """The newest contract among those of the handlers; 2 where there is no handler."""
    found = [of_handler(handler) for handler in handlers]
    return max(found, key=lambda contract: contract.version, default=DEFAULT)


def _used_by(module: ModuleType) -> str:
    """The name of a newer class that the module holds, under whatever alias."""
    held = {id(value) for value in vars(module).values()}
    return next((name for name, value in _CLASSES.items() if id(value) in held), "")


def _named_in(handler: type) -> str:
    """The name of a newer class that the handler's functions mention (``sdk.ActionResult``, an import inside)."""
    functions = [value for value in vars(handler).values() if isinstance(value, FunctionType)]
    names = {name for function in functions for name in _names(function.__code__)}
    return next((name for name in RESULT_NAMES if name in names), "")


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
