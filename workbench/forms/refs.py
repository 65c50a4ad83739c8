"""Local references of a schema. Nothing is ever fetched: a reference that leaves the document is named instead."""

from urllib.parse import unquote

from workbench.domain import JSON
from workbench.jsondoc import pointer as pointers


class Unresolved(LookupError):
    """A reference that cannot be followed; the message says why."""


class References:
    """The references within one schema document: JSON Pointers, ``#`` and plain-name fragments (``$id: "#name"``)."""

    def __init__(self, root: JSON) -> None:
        self._root = root
        self._names: dict[str, JSON] | None = None

    def resolve(self, ref: str) -> JSON:
        """The schema that ``ref`` points to; raises :class:`Unresolved`."""
        base, _, fragment = ref.partition("#")
        if base and base != self._own_id():
            raise Unresolved(f"$ref “{ref}” leaves this schema. It is not fetched: write the schema out here.")
        fragment = unquote(fragment)
        if fragment and not fragment.startswith("/"):
            return self._named(fragment, ref)
        node = self._root
        for token in pointers.split(fragment):
            node = _step(node, token, ref)
        return node

    def _own_id(self) -> str:
        own = self._root.get("$id") if isinstance(self._root, dict) else None
        return own.rstrip("#") if isinstance(own, str) else ""

    def _named(self, name: str, ref: str) -> JSON:
        if self._names is None:
            self._names = _plain_names(self._root)
        if name not in self._names:
            raise Unresolved(f"$ref “{ref}” names a place that this schema does not have.")
        return self._names[name]


def _step(node: JSON, token: str, ref: str) -> JSON:
    if isinstance(node, dict) and token in node:
        return node[token]
    place = pointers.index(token, len(node)) if isinstance(node, list) else None
    if isinstance(node, list) and place is not None:
        return node[place]
    raise Unresolved(f"$ref “{ref}” points to a place that this schema does not have.")


def _plain_names(root: JSON) -> dict[str, JSON]:
    names: dict[str, JSON] = {}
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            for keyword in ("$id", "$anchor"):
                name = node.get(keyword)
                if isinstance(name, str) and (keyword == "$anchor" or name.startswith("#")):
                    names.setdefault(name.lstrip("#"), node)
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
    return names
