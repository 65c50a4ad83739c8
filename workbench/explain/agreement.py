"""Two runs of one handler with two SDKs: whether they agree, and where not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.domain import ABSENT, Exchange, Run
from workbench.explain.dependencies import SDK_WORDS
from workbench.explain.statuses import STATUS_WORDS
from workbench.explain.text import Sentence, code, count, sentence, shorten, value_text
from workbench.jsondoc import diff, pointer
from workbench.jsondoc.equality import identical

_LONGEST = 200
_MOST = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs (``status``, ``result``, ``error``, ``exchanges``), where in it, and how it is in each run."""

    aspect: str
    place: str
    first: str
    second: str


def differences(first: Run, second: Run) -> tuple[Difference, ...]:
    """Where the runs differ: status, result, kind of the error, exchanges. Empty where they agree."""
    return tuple(_differences(first, second))[:_MOST]


def tell(first: Run, second: Run) -> Sentence:
    """Whether the runs agree, in a sentence."""
    found = differences(first, second)
    names = f"{sdk_name(first)} and {sdk_name(second)}"
    if not found:
        status = STATUS_WORDS[first.outcome.status].text.lower() if first.outcome.status else "no status"
        same = "the same error" if first.outcome.error else "the same result"
        return sentence(f"{names} agree: {status}, {same}, {count(len(first.outcome.exchanges), 'exchange')}.")
    aspects = list(dict.fromkeys(one.aspect for one in found))
    listed = " and ".join(filter(None, (", ".join(aspects[:-1]), aspects[-1])))
    return sentence(f"{names} disagree on {listed}: ", *_first(found[0]), ".")


def sdk_name(run: Run) -> str:
    """``SDK 2.0.1 (the published one)``."""
    chosen = run.request.sdk
    release = chosen.release or run.outcome.sdk_version
    return f"SDK {release} ({SDK_WORDS[chosen.source]})".replace("SDK  ", "SDK ")


def _first(one: Difference) -> Sentence:
    place = (code(one.place), " is ") if one.place else ()
    return sentence(*place, code(one.first), " with the first, ", code(one.second), " with the second")


def _differences(first: Run, second: Run) -> Iterator[Difference]:
    one, other = first.outcome, second.outcome
    if one.status is not other.status:
        yield Difference("status", "", str(one.status or "none"), str(other.status or "none"))
    kinds = (one.error.kind if one.error else "none", other.error.kind if other.error else "none")
    if kinds[0] != kinds[1]:
        yield Difference("error", "kind", *map(str, kinds))
    elif one.error and other.error and one.error.type.rpartition(".")[2] != other.error.type.rpartition(".")[2]:
        yield Difference("error", "type", one.error.type, other.error.type)
    yield from _results(first, second)
    yield from _exchanges(one.exchanges, other.exchanges)


def _results(first: Run, second: Run) -> Iterator[Difference]:
    one, other = first.outcome.result, second.outcome.result
    if identical(one, other):
        return
    for operation in diff.between(one, other):
        place = operation["path"]
        yield Difference("result", place or "the whole", _value(one, place), _value(other, place))


def _value(document: object, place: str) -> str:
    value = pointer.resolve(document, place)
    return "absent" if value is ABSENT else value_text(value, _LONGEST)


def _exchanges(first: tuple[Exchange, ...], second: tuple[Exchange, ...]) -> Iterator[Difference]:
    if len(first) != len(second):
        yield Difference("exchanges", "number", str(len(first)), str(len(second)))
        return
    facets: tuple[tuple[str, Callable[[Exchange], str]], ...] = (
        ("request", lambda one: f"{one.request.method} {one.request.url}"),
        ("request body", lambda one: one.request.body.decode("utf-8", "replace")),
        ("response", lambda one: str(one.response.status) if one.response else one.error.type if one.error else "none"),
    )
    for number, (one, other) in enumerate(zip(first, second, strict=True), 1):
        for name, of in facets:
            if of(one) != of(other):
                yield Difference(
                    "exchanges", f"{name} {number}", shorten(of(one), _LONGEST), shorten(of(other), _LONGEST)
                )
