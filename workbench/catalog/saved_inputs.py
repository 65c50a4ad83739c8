"""Inputs that were saved under a name: ``tests/inputs/<handler>/<name>.json`` in the integration's folder.

The folder is not trusted: what a symlink leads out of it is neither read nor written.
"""

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.catalog.files.file_reader import CatalogError, UnreadableError, inside, read_text
from workbench.domain import JSON
from workbench.jsondoc import strict
from workbench.whole_file import write_whole

FOLDER: Final = "tests/inputs"
_MOST: Final = 4 * 1024 * 1024
_SHOWN: Final = 200
"""Names that are listed."""
_NAME = re.compile(r"[^\W\d_][\w .-]{0,79}")
_HANDLER = re.compile(r"\w[\w .-]{0,199}")
_JSON_WORDS: Final = frozenset({"true", "false", "null"})


class SavedInputsError(CatalogError):
    """Inputs that cannot be read or saved under a name; the message says why and what to do."""


def is_name(text: str) -> bool:
    """Whether inputs can be saved under this name: it begins with a letter and is no word of JSON."""
    return _NAME.fullmatch(text) is not None and text[-1] not in " ." and text not in _JSON_WORDS


def file_of(handler: str, name: str) -> str:
    """The file's path in the integration's folder. Raises :class:`SavedInputsError` where it can have none."""
    if not _HANDLER.fullmatch(handler) or handler[-1] in " .":
        raise SavedInputsError(f"Inputs of {handler!r} cannot be saved: its name cannot be that of a folder.")
    if not is_name(name):
        raise SavedInputsError(
            f"{name!r} cannot be a name. Begin with a letter; go on with letters, digits, blanks, -, _ and ."
        )
    return f"{FOLDER}/{handler}/{name}.json"


def saved_names(root: Path, handler: str) -> tuple[str, ...]:
    """The names under which inputs of a handler are saved, sorted, at most 200."""
    with suppress(SavedInputsError, OSError):
        folder = inside(root, str(Path(file_of(handler, "a")).parent))
        if folder is not None and folder.is_dir():
            found = (each.name.removesuffix(".json") for each in os.scandir(folder) if each.name.endswith(".json"))
            return tuple(sorted(filter(is_name, found))[:_SHOWN])
    return ()


def read_inputs(root: Path, handler: str, name: str) -> JSON:
    """The inputs as they were saved. Raises :class:`SavedInputsError`."""
    file = file_of(handler, name)
    try:
        return strict.loads(read_text(root, file, most=_MOST).text)
    except strict.JsonError as error:
        raise SavedInputsError(f"{file}:{error.line}:{error.column} is not JSON: {error.message}") from error
    except UnreadableError as error:
        if error.code != "missing":
            raise SavedInputsError(str(error)) from error
        known = saved_names(root, handler)
        raise SavedInputsError(
            f"There are no saved inputs {name!r} of {handler}. "
            + (f"Saved are: {', '.join(known)}." if known else f"None are saved: there is no {FOLDER}/{handler}.")
        ) from error


def save_inputs(root: Path, handler: str, name: str, inputs: JSON) -> str:
    """Write ``inputs``, which have no secrets, in place of those of the same name; the path of the file.

    Raises :class:`SavedInputsError`.
    """
    file = file_of(handler, name)
    data = (json.dumps(inputs, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "surrogatepass")
    if len(data) > _MOST:
        raise SavedInputsError(f"These inputs are too large to be saved: {len(data):,} bytes, at most {_MOST:,}.")
    folder = inside(root, str(Path(file).parent))
    if folder is None:
        raise SavedInputsError(f"{Path(file).parent} leads out of the integration's folder, so nothing was saved.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{name}.json", data)
    except OSError as error:
        raise SavedInputsError(f"{file} cannot be written: {error.strerror}.") from error
    return file
