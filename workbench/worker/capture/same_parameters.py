"""Wrappers that take the very parameters of what they wrap, and hand them on by position.

With ``*args, **options`` Python makes a tuple and a dictionary of them, which the original takes apart again:
2,000 to 6,000 instructions of a request, where the whole capture of it with httplib2 has 30,000. So a wrapper is
compiled of its text, as the methods of dataclasses and named tuples are.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import CO_VARARGS, CO_VARKEYWORDS
from types import FunctionType
from typing import Any


def wrapper_of(original: Callable[..., Any], text: str, names: Mapping[str, Any]) -> Callable[..., Any]:
    """The function ``call`` of that text, which finds ``names``.

    There ``{parameters}`` stands for those of the original, ``{arguments}`` for what hands them on, and ``{given}``
    for a list and a dictionary of them. Names and variables begin with ``_``, as those of no parameter do.
    """
    parameters = arguments = "*args, **options"
    given = "args, options"
    if type(original) is FunctionType and not any(name.startswith("_") for name in _names_of(original)):
        parameters, arguments, given = _parts_of(original)
    found = dict(names)
    written = text.format(parameters=parameters, arguments=arguments, given=given)
    code = compile(written, f"<capture by the workbench of {getattr(original, '__qualname__', original)}>", "exec")
    exec(code, found)  # noqa: S102 - the names of parameters are all that comes from elsewhere
    call: Any = found["call"]
    if parameters != "*args, **options":
        call.__defaults__, call.__kwdefaults__ = original.__defaults__, original.__kwdefaults__
    return wraps(original)(call)


def _names_of(function: FunctionType) -> tuple[str, ...]:
    """The names of its parameters: those by position, by keyword alone, and of what takes the rest of both."""
    code = function.__code__
    many = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + many]


def _parts_of(function: FunctionType) -> tuple[str, str, str]:
    code, names = function.__code__, list(_names_of(function))
    keywords = f"**{names.pop()}" if code.co_flags & CO_VARKEYWORDS else ""
    rest = f"*{names.pop()}" if code.co_flags & CO_VARARGS else ""
    places, alone = names[: code.co_argcount], names[code.co_argcount :]
    declared = [*places, rest or ("*" if alone else ""), *alone, keywords]
    if code.co_posonlyargcount:
        declared.insert(code.co_posonlyargcount, "/")
    passed = [*places, rest, *[f"{name}={name}" for name in alone], keywords]
    options = [*[f"'{name}': {name}" for name in alone], keywords]
    given = f"[{_listed([*places, rest])}], {{{_listed(options)}}}"
    return _listed(declared), _listed(passed), given


def _listed(parts: list[str]) -> str:
    return ", ".join(filter(None, parts))
