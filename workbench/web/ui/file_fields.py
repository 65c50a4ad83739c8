"""Files that a form posts: their bytes into the fields of a file, or a URL of them into a field that asks for one."""

from collections.abc import Iterable

from flask import Request
from werkzeug.datastructures import FileStorage

from workbench import forms
from workbench.uploads import UploadError, Uploads

type Pairs = list[tuple[str, str]]


def posted_pairs(request: Request, uploads: Uploads | None = None, *, other: str = "") -> tuple[Pairs, str]:
    """What a request posts, in the order of the page, and why a file was not accepted, where one was not.

    Files are as the form's own picker would have sent them; those that ask for a URL are stored in ``uploads``, where
    there is one. The file field ``other`` belongs to no schema.
    """
    files = ((name, file) for name, file in request.files.items(multi=True) if name != other)
    return with_files(list(request.form.items(multi=True)), files, uploads)


def with_files(pairs: Pairs, files: Iterable[tuple[str, FileStorage]], uploads: Uploads | None) -> tuple[Pairs, str]:
    """``pairs`` with what ``files`` say, in the order of the page, and why a file was not taken, where one was not.

    Without ``uploads``, files that would be given a URL are passed over.
    """
    made, refusal = list(pairs), ""
    for name, file in files:
        if not file.filename:
            continue
        if not name.endswith(forms.PUBLIC):
            made.append(forms.file_part(name, file.filename, file.mimetype, file.read()))
        elif uploads is not None:
            try:
                url = uploads.put(file.filename, file.mimetype, file.read())
                made = _written(made, name.removesuffix(forms.PUBLIC), url)
            except UploadError as error:
                refusal = str(error)
    return made, refusal


def _written(pairs: Pairs, field: str, url: str) -> Pairs:
    """The pairs with ``url`` typed into ``field``, of one line or of several."""
    return [(name, url if name in (field, f"{field}.lines") else text) for name, text in pairs]
