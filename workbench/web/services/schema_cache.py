"""``SchemaCache``: the schemas of rendered forms, to read a form that was posted after an edit of ``config.json``."""

import hashlib
from collections import OrderedDict
from threading import Lock

from workbench.domain import JSON
from workbench.forms.jsontext import dumps

_MOST = 200


class SchemaCache:
    """The last schemas, each by its digest, which travels with the form."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._schemas: OrderedDict[str, JSON] = OrderedDict()

    def add(self, schema: JSON) -> str:
        """Store the schema; returns its digest."""
        digest = hashlib.blake2s(dumps(schema).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        with self._lock:
            self._schemas[digest] = schema
            self._schemas.move_to_end(digest)
            if len(self._schemas) > _MOST:
                self._schemas.popitem(last=False)
        return digest

    def get(self, digest: str) -> JSON | None:
        """The schema of that digest, None where it has been dropped."""
        with self._lock:
            return self._schemas.get(digest)
