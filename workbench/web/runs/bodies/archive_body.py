"""A ZIP archive as the list of its files. Only their names are read; nothing is unpacked."""

import io
import zipfile

from workbench.domain import MaskedBytes
from workbench.explain.text import count, size
from workbench.web.runs.bodies.body import Source, View

_MOST = 200
"""Files that are listed."""


def view(source: Source) -> View | None:
    """Name and size of each file of an archive that was recorded whole."""
    body = source.message.body
    if source.raw or source.message.cut or isinstance(body, MaskedBytes) or not body.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            files = archive.infolist()
    except Exception:  # the archive may be damaged in any way
        return None
    shown = tuple((one.filename, size(one.file_size)) for one in files[:_MOST])
    more = (f"the first {_MOST} are shown",) if len(files) > _MOST else ()
    return View("form", pairs=shown, facts=(f"a ZIP archive with {count(len(files), 'file')}", *more))
