"""What a handler returned, in a few words: ``Returned an object with a, b and 3 more``."""

from workbench.domain import JSON, Kind, Run
from workbench.explain.text import Part, code, count, value_text

_SHOWN = 3
"""Property names that are listed."""


def phrase(run: Run) -> tuple[str | Part, ...]:
    """The beginning of a sentence about the result, without its full stop."""
    result = run.outcome.result
    if run.request.kind is Kind.ACCOUNT and isinstance(result, dict):
        return _connected(result)
    return ("Returned ", *what(run))


def what(run: Run) -> tuple[str | Part, ...]:
    """The result as the object of a sentence: ``3 records``, ``an empty array``."""
    result = run.outcome.result
    if run.request.kind is Kind.TRIGGER and isinstance(result, list):
        return (count(len(result), "record") if result else "no records",)
    if isinstance(result, dict) and result:
        return _object(result)
    if isinstance(result, list) and result:
        return (f"an array of {count(len(result), 'item')}",)
    empty = {"{}": "an empty object", "[]": "an empty array", '""': "an empty string"}.get(value_text(result))
    return (empty or code(value_text(result)),)


def _object(result: dict[str, JSON]) -> tuple[str | Part, ...]:
    names = list(result)
    listed: list[str | Part] = []
    for position, name in enumerate(names[:_SHOWN]):
        listed += [", " if position else "", code(name, 30)]
    more = len(names) - _SHOWN
    return ("an object with ", *listed, f" and {more:,} more" if more > 0 else "")


def _connected(account: dict[str, JSON]) -> tuple[str | Part, ...]:
    for name in ("email", "username", "user_id", "first_name"):
        if isinstance(value := account.get(name), str) and value:
            return ("Connected as ", code(value))
    return ("Connected; the account has no name",)
