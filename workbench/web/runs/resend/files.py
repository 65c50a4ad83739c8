"""The files that are posted with the form of a request that is sent again: as a part of its body, or as all of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from werkzeug.datastructures import FileStorage

from workbench.explain.text import size
from workbench.web.runs.resend.error import ResendError
from workbench.web.runs.resend.form import BodyKind, PartRow, ResendForm
from workbench.web.services.request_files import LARGEST, RequestFile, RequestFiles

BODY_FILE: Final = "body_file"
"""The field of the file that is the whole body; that of a part is ``part_file.`` and the place of its row from 0."""
_PART_FILE: Final = "part_file."
_FOLDERS: Final = re.compile(r".*[/\\]", re.DOTALL)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class FileShelf:
    """The files of one integration."""

    files: RequestFiles
    owner: str

    def get(self, token: str) -> RequestFile | None:
        """The file with that token; None where it is gone."""
        return self.files.get(self.owner, token)

    def put(self, posted: FileStorage) -> tuple[str, RequestFile]:
        """Store a posted file: its token, and the file. Raises :class:`ValueError` where it is too large."""
        name = _UNPRINTABLE.sub("", _FOLDERS.sub("", posted.filename or ""))[-_LONGEST_NAME:] or "file"
        data = posted.stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise ValueError(f"{name} is larger than {size(LARGEST)}. Choose a smaller file.")
        file = RequestFile(name, posted.mimetype or "application/octet-stream", data)
        return self.files.put(self.owner, file), file


def with_files(
    form: ResendForm, posted: Mapping[str, FileStorage], shelf: FileShelf
) -> tuple[ResendForm, ResendError | None]:
    """The form with the posted files in it, and why one of them was not accepted."""
    error, parts = None, list(form.parts)
    for row, part in enumerate(parts):
        try:
            parts[row] = _part(part, posted.get(f"{_PART_FILE}{row}"), shelf)
        except ValueError as problem:
            error = ResendError("parts", str(problem), row)
    made = replace(form, parts=tuple(parts))
    try:
        return _whole(made, posted.get(BODY_FILE), shelf), error
    except ValueError as problem:
        return made, ResendError("body", str(problem))


def _part(part: PartRow, posted: FileStorage | None, shelf: FileShelf) -> PartRow:
    if posted is None or not posted.filename:
        return part
    token, file = shelf.put(posted)
    return replace(part, value="", upload=token, about=_about(file), is_file=True)


def _whole(form: ResendForm, posted: FileStorage | None, shelf: FileShelf) -> ResendForm:
    """The form with a file as its body; its media type is the Content-Type where the person gave none."""
    if posted is None or not posted.filename:
        return form
    before = shelf.get(form.upload)
    token, file = shelf.put(posted)
    headers = [
        (name, value)
        for name, value in form.headers
        if name.strip().lower() != "content-type" or before is None or value.strip() != before.media
    ]
    if form.kind is BodyKind.FILE and not any(name.strip().lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", file.media))
    return replace(form, upload=token, about=_about(file), headers=tuple(headers))


def _about(file: RequestFile) -> str:
    return f"{file.name}, {file.media}, {size(len(file.data))}"
