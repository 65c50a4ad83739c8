"""Files that a form posts: their bytes into the fields of a file, or a URL of them into a field that asks for one."""

from collections.abc import Iterable

from werkzeug.datastructures import FileStorage

from workbench import forms
from workbench.shelf import Shelf, ShelfError

type Pairs = list[tuple[str, str]]


def with_files(pairs: Pairs, files: Iterable[tuple[str, FileStorage]], shelf: Shelf | None) -> tuple[Pairs, str]:
    """``pairs`` with what ``files`` say, in the order of the page, and why a file was not taken, where one was not.

    Without a ``shelf``, files that would be given a URL are passed over.
    """
    made, refusal = list(pairs), ""
    for name, file in files:
        if not file.filename:
            continue
        if not name.endswith(forms.PUBLIC):
            made.append(forms.uploaded(name, file.filename, file.mimetype, file.read()))
        elif shelf is not None:
            try:
                url = shelf.put(file.filename, file.mimetype, file.read())
                made = _written(made, name.removesuffix(forms.PUBLIC), url)
            except ShelfError as error:
                refusal = str(error)
    return made, refusal


def _written(pairs: Pairs, field: str, url: str) -> Pairs:
    """The pairs with ``url`` typed into ``field``, of one line or of several."""
    return [(name, url if name in (field, f"{field}.lines") else text) for name, text in pairs]
