"""Uploaded files, stored where the echo server finds them: a folder of this session, names of our own making.

The workbench's pages write, the echo server reads; they share no memory, only the folder that the command line made.
"""

import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final
from urllib.parse import quote

LARGEST: Final = 40 * 1024 * 1024
"""Bytes of one file."""
ROOM: Final = 256 * 1024 * 1024
"""Bytes of all files of a session."""
MOST: Final = 200
"""Files of a session."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}\Z")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,80}/[A-Za-z0-9!#$&^_.+-]{1,80}\Z")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class UploadError(ValueError):
    """The file was not stored; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored file: where its bytes are, its name and its media type."""

    path: Path
    name: str
    media_type: str


class Uploads:
    """The writing side: stores files and returns the URLs under which ``origin`` serves them."""

    def __init__(self, folder: Path, origin: str) -> None:
        self._folder, self._origin = folder, origin
        self._lock = Lock()
        self._files, self._bytes = 0, 0

    def put(self, name: str, media_type: str, data: bytes) -> str:
        """Store a file until the session ends; returns its URL, which nobody can guess. Raises :class:`UploadError`."""
        stored = _file_name(name)
        self._make_room(stored, len(data))
        token = secrets.token_urlsafe(24)
        known = media_type if _MEDIA_TYPE.match(media_type) else "application/octet-stream"
        try:
            (self._folder / token).write_bytes(data)
            (self._folder / f"{token}.json").write_text(json.dumps({"name": stored, "media_type": known}), "utf-8")
        except OSError as error:
            raise UploadError(f"{stored} could not be stored ({error.strerror}). Give a URL instead.") from error
        return f"{self._origin}/files/{token}/{quote(stored, safe='')}"

    def _make_room(self, name: str, size: int) -> None:
        if size > LARGEST:
            raise UploadError(f"{name} is larger than {LARGEST // 1024**2} MiB. Choose a smaller file, or give a URL.")
        with self._lock:
            if self._files == MOST or self._bytes + size > ROOM:
                raise UploadError(
                    f"There is no room for {name}. Restart the workbench to delete its files, or give a URL."
                )
            self._files, self._bytes = self._files + 1, self._bytes + size


def find(folder: Path, token: str, name: str) -> Upload | None:
    """The reading side: the file that was put there under this very token and name."""
    if not _TOKEN.match(token):
        return None
    try:
        facts = json.loads((folder / f"{token}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return Upload(folder / token, name, facts["media_type"]) if facts["name"] == name else None


def _file_name(name: str) -> str:
    """The last part of what a browser calls the file; no path of the client is ever one of ours."""
    last = _UNPRINTABLE.sub("", re.split(r"[/\\]", name)[-1]).strip()
    return last[-120:] if last not in ("", ".", "..") else "file"
