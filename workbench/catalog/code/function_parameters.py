"""The parameters of a function in the code, and what their names and annotations tell of them."""

import ast

from workbench.catalog.code.values import Known, Names

INPUTS = "inputs"
"""The name under which a handler gets its inputs."""


def known_parameter(parameter: ast.arg) -> Known | None:
    """What a parameter is by its name or its annotation: the context, or the inputs of a handler."""
    if parameter.arg in ("context", "ctx"):
        return Known.CONTEXT
    if parameter.arg == INPUTS:
        return Known.INPUTS
    kind = parameter.annotation
    name = kind.attr if isinstance(kind, ast.Attribute) else kind.id if isinstance(kind, ast.Name) else ""
    text = kind.value if isinstance(kind, ast.Constant) else name
    return Known.CONTEXT if text == "ExecutionContext" else None


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """All that are bound in the function's body, those that take the rest last."""
    rest = [each for each in (arguments.vararg, arguments.kwarg) if each]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest]


def inner_parameters(arguments: ast.arguments) -> Names:
    """The parameters of a function within another: only what their names tell is known of them."""
    known = {each.arg: known_parameter(each) for each in parameters(arguments)}
    return {name: () if value is None else (value,) for name, value in known.items()}
