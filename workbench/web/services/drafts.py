"""``Drafts``: credentials that were typed and not saved, in memory, so that no page holds a secret and none is lost."""

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from workbench.domain import ABSENT, JSON, Absent
from workbench.profiles import Profile

_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """What a page was rendered from. ``profile`` is as it was read.

    ``schema`` is that of the form of the declared fields, ``declared`` are the values that its unchanged secrets are
    taken from, ``rows`` those of rows by the keys that the page has for them, ``masks`` what masks in
    JSON text stand for.
    """

    profile: Profile
    schema: JSON = None
    declared: JSON | Absent = field(default=ABSENT, repr=False)
    rows: Mapping[str, JSON] = field(default_factory=dict, repr=False)
    masks: Mapping[str, JSON] = field(default_factory=dict, repr=False)


class Drafts:
    """The last drafts of all integrations, each by a token that nobody can guess."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._drafts: OrderedDict[str, tuple[str, object]] = OrderedDict()

    def put(self, integration_id: str, draft: object) -> str:
        """Store a draft; returns its token."""
        token = secrets.token_urlsafe(16)
        with self._lock:
            self._drafts[token] = integration_id, draft
            if len(self._drafts) > _MOST:
                self._drafts.popitem(last=False)
        return token

    def forget(self, integration_id: str) -> None:
        """Drop the drafts of an integration."""
        with self._lock:
            for token in [token for token, (owner, _) in self._drafts.items() if owner == integration_id]:
                del self._drafts[token]

    def get[T](self, integration_id: str, token: str, kind: type[T]) -> T | None:
        """The draft of that token, where it is this integration's and of that ``kind``; None where it has expired."""
        with self._lock:
            owner, draft = self._drafts.get(token, ("", None))
        return draft if owner == integration_id and isinstance(draft, kind) else None
