"""A finished run in short: what a list shows of it and what is searched, without the run itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Made by the package ``explain``; masked, as the run that it was made of.

    ``state`` is the value of the status, or of the warning with which the run succeeded. ``cause`` is equal for
    failures that have the same cause, empty for a run without one. ``inputs`` is one line. ``text`` is what is
    searched. ``revision`` is that of the integration in git, ``modified`` whether its files differ from it.
    ``incomplete`` counts the responses that cannot answer another run, None where nobody counted.
    """

    integration: str
    state: str
    headline: str
    cause: str = ""
    inputs: str = ""
    exchanges: int = 0
    text: str = ""
    revision: str = ""
    modified: bool = False
    incomplete: int | None = None
