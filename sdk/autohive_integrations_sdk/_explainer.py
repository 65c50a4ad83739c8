"""The jsonschema validator that decides and explains what the compiled verdict does not call valid.

An integration may bring a jsonschema of its own in ``dependencies/``: the published SDK's is older than 4.18, which
brought registries. Either way, nothing is ever fetched for a ``$ref``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from autohive_integrations_sdk._false import spelled_out

if TYPE_CHECKING:
    from jsonschema import Draft7Validator


_FETCHED = ("", "http", "https", "ftp", "file", "data")
"""The schemes that an unguarded resolver would open."""


def make_explainer(schema: Any) -> Draft7Validator:
    """A validator of draft 7 for that schema. What it imports is not needed before data fails."""
    import jsonschema

    schema = spelled_out(schema)
    try:
        from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # ships no types

        return jsonschema.Draft7Validator(schema, registry=REGISTRY)
    except (ImportError, TypeError):
        return jsonschema.Draft7Validator(schema, resolver=closed_resolver(schema))


def closed_resolver(schema: Any) -> Any:
    """What resolves references in releases before 4.18, kept from fetching whatever it knows how to fetch."""
    from jsonschema import RefResolver

    return RefResolver(base_uri="", referrer=schema, handlers=dict.fromkeys(_FETCHED, _refuse))


def _refuse(uri: str) -> NoReturn:
    raise LookupError(f"{uri} is not fetched")
