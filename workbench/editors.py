"""The editors that open a line of code by a link, and the addresses of such links."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

NONE: Final = "none"
"""What is chosen where lines of code are to be shown on a page of the workbench."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_UNSAFE: Final = frozenset(
    {"about", "blob", "data", "file", "http", "https", "javascript", "mailto", "vbscript", "ws", "wss"}
)
"""Schemes that the browser itself would follow."""
_LONGEST: Final = 300


class EditorError(ValueError):
    """There is no such editor; the message says what to give."""


@dataclass(frozen=True, slots=True)
class Editor:
    """``template`` is the address, in which ``{path}`` (from ``/`` on), ``{line}`` and ``{column}`` are replaced.

    ``commands`` are what starts it in a terminal.
    """

    name: str
    title: str
    template: str
    commands: tuple[str, ...] = ()

    def url(self, path: Path, line: int, column: int = 1) -> str:
        """The address that opens a line of a file."""
        place = "/" + quote(path.as_posix().lstrip("/"), safe="/:")
        values = {"{path}": place, "{line}": str(line), "{column}": str(column)}
        return re.sub(r"\{(?:path|line|column)\}", lambda found: values[found[0]], self.template)


def _of_vscode(name: str, title: str, *commands: str) -> Editor:
    return Editor(name, title, f"{name}://file{{path}}:{{line}}:{{column}}", commands)


EDITORS: Final = (
    _of_vscode("vscode", "Visual Studio Code", "code"),
    _of_vscode("vscode-insiders", "Visual Studio Code Insiders", "code-insiders"),
    _of_vscode("cursor", "Cursor", "cursor"),
    _of_vscode("vscodium", "VSCodium", "codium", "vscodium"),
    _of_vscode("windsurf", "Windsurf", "windsurf"),
    _of_vscode("zed", "Zed", "zed", "zeditor"),
    Editor("pycharm", "PyCharm", "pycharm://open?file={path}&line={line}&column={column}", ("pycharm", "charm")),
    Editor("idea", "IntelliJ IDEA", "idea://open?file={path}&line={line}&column={column}", ("idea",)),
    Editor("sublime", "Sublime Text", "subl://open?url=file://{path}&line={line}&column={column}", ("subl",)),
    Editor("textmate", "TextMate", "txmt://open?url=file://{path}&line={line}&column={column}", ("mate",)),
)


NAMES: Final = ", ".join(editor.name for editor in EDITORS)
"""Their names, as texts list them."""


def find_editor(text: str) -> Editor | None:
    """The editor with this name or address, None for ``none``. Raises :class:`EditorError` for anything else."""
    text = text.strip()
    if text == NONE:
        return None
    if known := next((editor for editor in EDITORS if editor.name == text), None):
        return known
    scheme = _SCHEME.match(text)
    if scheme is None:
        raise EditorError(f"{text[:40]!r} is not a known editor. Use {NAMES}, none, or an address with {{path}}.")
    if scheme[1].casefold() in _UNSAFE:
        raise EditorError(
            f"{scheme[1]}: is an address for browsers, not for editors. Use one such as myeditor://{{path}}."
        )
    if "{path}" not in text or len(text) > _LONGEST or any(letter.isspace() for letter in text):
        raise EditorError("The address needs {path}, and may have {line} and {column}, without blanks.")
    return Editor(text, f"{scheme[1]}://", text)


def editor_of(environ: Mapping[str, str]) -> Editor | None:
    """The editor that ``VISUAL`` or ``EDITOR`` names, where links can open it."""
    for name in ("VISUAL", "EDITOR"):
        words = environ.get(name, "").split()
        command = re.split(r"[/\\]", words[0])[-1].removesuffix(".exe") if words else ""
        if found := next((editor for editor in EDITORS if command in editor.commands), None):
            return found
    return None
