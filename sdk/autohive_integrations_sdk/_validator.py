"""The jsonschema validator, which decides and explains whatever the fast validator does not call valid.

An integration may have a jsonschema of its own in ``dependencies/``: the published SDK's is older than 4.18, which
added registries. Either way, nothing is ever fetched for a ``$ref``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from autohive_integrations_sdk._false_schemas import without_false
from autohive_integrations_sdk._pruned_validator import pruned

if TYPE_CHECKING:
    from jsonschema import Draft7Validator


_FETCHED = ("", "http", "https", "ftp", "file", "data")
"""The schemes that an unguarded resolver would open."""


def make_validator(schema: Any, *, large: bool = False) -> Draft7Validator:
    """A validator of draft 7 for that schema, ``large`` for large data. It is imported when data is invalid."""
    import jsonschema

    schema = without_false(schema)
    kind: Any = pruned(jsonschema.Draft7Validator, schema) if large else jsonschema.Draft7Validator
    try:
        from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # ships no types

        made: Draft7Validator = kind(schema, registry=REGISTRY)
    except (ImportError, TypeError):
        made = kind(schema, resolver=closed_resolver(schema))
    return made


def closed_resolver(schema: Any) -> Any:
    """The resolver of references in releases before 4.18, without its ability to fetch."""
    from jsonschema import RefResolver

    return RefResolver(base_uri="", referrer=schema, handlers=dict.fromkeys(_FETCHED, _raise_not_fetched))


def _raise_not_fetched(uri: str) -> NoReturn:
    raise LookupError(f"{uri} is not fetched")
