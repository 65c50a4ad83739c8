"""Our ES modules as one script: forty requests a page cost the browser more than what is in them.

The files are modules that a browser loads as they are, and another application may load some of them (``forms``). Of
all that modules can say of each other they use two forms, one line each: ``import { a, b } from "./lib/NAME.js";`` and,
in ``lib``, ``export const NAME = …``.
"""

import re
from collections.abc import Mapping

_IMPORT = re.compile(r'^import (\{[^}\n]+\}) from "\./lib/([\w-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const (\w+) = )", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def join_modules(modules: Mapping[str, str], library: Mapping[str, str]) -> str:
    """The text of one module that does what all do, in their order; one that fails does not keep the next from running.

    Both map names, without ``.js``, to texts. Raises :class:`ValueError` for an import or export of another form.
    """
    shared = [f"const {_variable(name)} = (() => {{\n{_exports(text)}\n}})();" for name, text in library.items()]
    own = [f"try {{\n{_imports(text)}\n}} catch (error) {{ reportError(error); }}" for text in modules.values()]
    return "\n".join((*shared, *own))


def _variable(name: str) -> str:
    return f"lib_{name.replace('-', '_')}"


def _imports(text: str) -> str:
    return _checked(_IMPORT.sub(lambda found: f"const {found[1]} = {_variable(found[2])};", text))


def _exports(text: str) -> str:
    return f"{_checked(_EXPORT.sub('', text))}\nreturn {{ {', '.join(_EXPORT.findall(text))} }};"


def _checked(text: str) -> str:
    """The text. Raises :class:`ValueError` if it is not a script yet."""
    if other := _OTHER.search(text):
        raise ValueError(f"This cannot be joined with other modules: {other[0]}")
    return text
