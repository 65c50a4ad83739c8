"""The releases of each library that the tests of the capture are run with, from ``releases.toml``."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Library:
    """A library, three of its releases, and what was found with early ones.

    ``alone`` are it and packages of the same number that are installed without what they need: early releases of other
    libraries need what contradicts it.
    """

    name: str
    oldest: str
    middle: str
    note: str
    newest: str
    alone: tuple[str, ...] = ()


def libraries() -> tuple[Library, ...]:
    """Each library of the file."""
    found = tomllib.loads(Path(__file__).with_name("releases.toml").read_text(encoding="utf-8"))
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {name: release for name, _, release in (line.partition("==") for line in lines)}
    return tuple(Library(name, **{"newest": pinned.get(name), **facts}) for name, facts in found.items())


def table() -> str:
    """The releases as a table of docs/capture.md."""
    rows = [f"| {each.name} | {each.oldest} | {each.middle} | {each.newest} | {each.note} |" for each in libraries()]
    return "\n".join(["| library | oldest | between | newest | early releases |", "|---|---|---|---|---|", *rows])
