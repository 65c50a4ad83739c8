"""A GraphQL request: its query as it was written, above the tree of the body with the variables."""

from dataclasses import replace

from workbench.domain import Request
from workbench.web.runs.bodies import json_body
from workbench.web.runs.bodies.body import TEXT_SHOWN, Source, View

_BEGINNINGS = ("query", "mutation", "subscription", "fragment", "{", "#")


def view(source: Source) -> View | None:
    """The query and the tree of a JSON body that holds one."""
    message = source.message
    if not isinstance(message, Request) or b'"query"' not in message.body or (made := json_body.view(source)) is None:
        return None
    value = json_body.read(message, source.library)[0]
    query = value.get("query") if isinstance(value, dict) else None
    if not isinstance(query, str) or "{" not in query or not query.lstrip().startswith(_BEGINNINGS):
        return None
    return replace(made, text=query[:TEXT_SHOWN], facts=("GraphQL",))
