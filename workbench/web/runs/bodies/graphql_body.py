"""A GraphQL request: its query as it was written, above the tree of the body with the variables."""

from dataclasses import replace

from workbench.domain import Request
from workbench.web.runs.bodies import json_body
from workbench.web.runs.bodies.body import TEXT_SHOWN, Source, View

_BEGINNINGS = ("query", "mutation", "subscription", "fragment", "{", "#")


def view(source: Source) -> View | None:
    """The query and the tree of a JSON body that holds one."""
    message = source.message
    if source.raw or not isinstance(message, Request) or b'"query"' not in message.body:
        return None
    value, repeated = json_body.read(message, source.library)
    if not isinstance(value, dict) or not isinstance(query := value.get("query"), str):
        return None
    if "{" not in query or not query.lstrip().startswith(_BEGINNINGS):
        return None
    return replace(json_body.view_of(source, value, repeated), text=query[:TEXT_SHOWN], facts=("GraphQL",))
