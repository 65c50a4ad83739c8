"""``AnswerFiles``: HTTP archives that people chose in a run form, in memory until the workbench ends."""

import hashlib
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Final

from workbench.catalog.files.file_reader import signature
from workbench.domain import Answers
from workbench.recordings.answer_file import answers_of_file

MOST: Final = 8
"""Archives in memory; the one that was used least lately goes first."""
_TOKEN: Final = 16


class AnswerFiles:
    """Answers by a token that their content gives, for each integration. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: OrderedDict[tuple[str, str], Answers] = OrderedDict()

    def put(self, integration_id: str, data: bytes, answers: Answers) -> str:
        """Store the answers that ``data`` has; their token."""
        token = hashlib.sha256(data).hexdigest()[:_TOKEN]
        with self._lock:
            self._put((integration_id, token), answers)
        return token

    def of_file(self, root: Path, name: str) -> Answers:
        """The answers in a file below ``root``, read again once it changed. Raises as :func:`answers_of_file` does."""
        path = root / name
        key = str(path), str(signature(path))
        if (known := self.get(*key)) is None:
            known = answers_of_file(path, root)
            with self._lock:
                self._put(key, known)
        return known

    def get(self, integration_id: str, token: str) -> Answers | None:
        """The answers with that token; None where they are gone."""
        with self._lock:
            found = self._held.get((integration_id, token))
            if found is not None:
                self._held.move_to_end((integration_id, token))
            return found

    def labels(self, integration_id: str) -> dict[str, str]:
        """The names of an integration's archives by their tokens."""
        with self._lock:
            return {token: answers.label for (owner, token), answers in self._held.items() if owner == integration_id}

    def _put(self, key: tuple[str, str], answers: Answers) -> None:
        self._held[key] = answers
        self._held.move_to_end(key)
        while len(self._held) > MOST:
            self._held.popitem(last=False)
