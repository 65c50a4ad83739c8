"""Connections of a run that were not captured, in words."""

from collections import Counter
from collections.abc import Iterator

from workbench.domain import Run, UncapturedConnection
from workbench.explain import code_locations
from workbench.explain.text import Part, Sentence, code, count, sentence

_NAMED = 5
"""Connections that have a sentence of their own."""


def sentences(run: Run) -> tuple[Sentence, ...]:
    """One for each host, library and line, and one for the rest."""
    found = Counter(run.outcome.uncaptured)
    told = [_sentence(run, connection, number) for connection, number in found.most_common(_NAMED)]
    if (rest := sum(found.values()) - sum(number for _, number in found.most_common(_NAMED))) > 0:
        told.append(sentence(f"{count(rest, 'more connection')} {_was(rest)} not captured."))
    return tuple(told)


def fact(run: Run) -> str:
    """``2 connections not captured``; empty where there was none."""
    number = sum(not (each.is_lookup or each.is_process) for each in run.outcome.uncaptured)
    return f"{count(number, 'connection')} not captured" if number else ""


def _sentence(run: Run, connection: UncapturedConnection, number: int) -> Sentence:
    host = code(connection.host, 80)
    if connection.is_process:
        return _process(run, connection)
    if connection.is_lookup:
        times = "" if number == 1 else f" {number} times"
        return sentence("The host ", host, f" was looked up{times}", *_by(run, connection), " and not found.")
    opened = (" opened", *_by(run, connection)) if any(_by(run, connection)) else ()
    return sentence(f"{count(number, 'connection')} to ", host, *opened, f" {_was(number)} not captured.")


def _process(run: Run, connection: UncapturedConnection) -> Sentence:
    place = connection.place
    at = (" at ", code_locations.locate(place, run.request.root).part) if place else ()
    what = ("The child process ", code(connection.host, 80), " was started", *at)
    if connection.is_stopped is None:
        return sentence(*what, ". Its requests are not captured.")
    if connection.is_stopped:
        return sentence(*what, ". It has no network, as nothing has in a replay.")
    return sentence(*what, ". This system cannot close its network: its requests are sent, and not captured.")


def _by(run: Run, connection: UncapturedConnection) -> Iterator[str | Part]:
    if connection.library:
        yield " by "
        yield code(connection.library, 40)
    if connection.place is not None:
        yield " at "
        yield code_locations.locate(connection.place, run.request.root).part


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
