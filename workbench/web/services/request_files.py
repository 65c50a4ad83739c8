"""``RequestFiles``: files that people chose for requests to be resent, in memory until the workbench ends."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of one file."""
ROOM: Final = 4 * LARGEST
"""Bytes of all files; those that were used least lately go first."""
_TOKEN: Final = 32


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A file as a browser sent it: its name without folders, its media type, its bytes."""

    name: str
    media: str
    data: bytes = field(repr=False)


class RequestFiles:
    """Files by tokens that their content gives, for each integration. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: OrderedDict[tuple[str, str], RequestFile] = OrderedDict()

    def put(self, integration_id: str, file: RequestFile) -> str:
        """Store a file; its token."""
        named = f"{file.name}\0{file.media}\0".encode("utf-8", "replace")
        token = hashlib.sha256(named + file.data).hexdigest()[:_TOKEN]
        with self._lock:
            self._held[integration_id, token] = file
            self._held.move_to_end((integration_id, token))
            while sum(len(one.data) for one in self._held.values()) > ROOM:
                self._held.popitem(last=False)
        return token

    def get(self, integration_id: str, token: str) -> RequestFile | None:
        """The file with that token; None where it is gone."""
        with self._lock:
            found = self._held.get((integration_id, token))
            if found is not None:
                self._held.move_to_end((integration_id, token))
            return found
