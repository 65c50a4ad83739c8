"""The schemas that forms were drawn of: a form that is posted after an edit of ``config.json`` is still understood."""

import hashlib
from collections import OrderedDict
from threading import Lock

from workbench.domain import JSON
from workbench.forms.jsontext import dumps

_KEPT = 200


class Drawn:
    """The last schemas, each by its digest, which travels with the form."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._schemas: OrderedDict[str, JSON] = OrderedDict()

    def note(self, schema: JSON) -> str:
        """Keep the schema; gives its digest."""
        digest = hashlib.blake2s(dumps(schema).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        with self._lock:
            self._schemas[digest] = schema
            self._schemas.move_to_end(digest)
            if len(self._schemas) > _KEPT:
                self._schemas.popitem(last=False)
        return digest

    def get(self, digest: str) -> JSON | None:
        """The schema of that digest, where it is still kept."""
        with self._lock:
            return self._schemas.get(digest)
