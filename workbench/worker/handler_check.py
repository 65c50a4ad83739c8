"""A registered handler: the place of its class, and whether the SDK can call it."""

import inspect
import sys
from collections.abc import Callable

from workbench.domain import Frame, Kind, Registered
from workbench.worker.text import clean


def describe_handler(kind: Kind, name: str, handler: object) -> Registered:
    """The handler as a value. Never raises, whatever is registered."""
    try:
        return Registered(kind, clean(name), _place(handler, kind.handler.method), _flaw(handler, kind))
    except Exception:  # a metaclass or a descriptor of the user's own that fails when it is looked at
        return Registered(kind, clean(str(name)), Frame("", 0))


def _flaw(handler: object, kind: Kind) -> str:
    if not isinstance(handler, type):
        return "no-class"
    function = getattr(handler, kind.handler.method, None)
    if not callable(function) or getattr(function, "__isabstractmethod__", False):
        return "no-method"
    if not _takes(function, len(kind.handler.parameters)):
        return "parameters"
    # Anything but a plain function may return an awaitable: a wrapper, a partial, a callable object.
    if inspect.isasyncgenfunction(function):
        return "generator"
    plain = inspect.isfunction(function) and function.__code__.co_name == kind.handler.method
    return (
        "not-async" if plain and not inspect.iscoroutinefunction(function) and not _returns_awaitable(function) else ""
    )


def _takes(function: Callable[..., object], arguments: int) -> bool:
    try:
        inspect.signature(function).bind(*range(arguments + 1))
    except TypeError:
        return False
    except ValueError:  # a callable of C code without a signature
        return True
    return True


def _returns_awaitable(function: Callable[..., object]) -> bool:
    """Whether a plain ``def`` is annotated to return an awaitable, which works as well."""
    annotation = getattr(function, "__annotations__", {}).get("return")
    return any(word in str(annotation) for word in ("Awaitable", "Coroutine", "Future", "Task"))


def _place(handler: object, method: str) -> Frame:
    """The first line of the class, decorators included; of its method where the class has none."""
    line = vars(handler).get("__firstlineno__") if isinstance(handler, type) else None
    module = sys.modules.get(str(getattr(handler, "__module__", "")))
    file = getattr(module, "__file__", None)
    name = clean(str(getattr(handler, "__qualname__", "")))
    if isinstance(line, int) and isinstance(file, str):
        return Frame(clean(file), line, name)
    function = getattr(handler, method, handler)
    code = getattr(inspect.unwrap(function), "__code__", None) if callable(function) else None
    return Frame(clean(code.co_filename), code.co_firstlineno, name) if code else Frame("", 0, name)
