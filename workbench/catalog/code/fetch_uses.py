"""How a function uses the results of ``context.fetch``: as parsed bodies, or as ``FetchResponse`` objects."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.catalog.code.module_facts import FetchSlip, FetchUse

_BODY_METHODS = ("get", "items", "keys", "values")
_RESPONSE_MEMBERS = ("data", "status")
_ANY_MEMBER = frozenset(("data", "status", "headers", *dir(dict), *dir(list), *dir(str), *dir(int), *dir(float)))
"""What the result of ``fetch`` may have under one release or another: a ``FetchResponse``, or any JSON value."""
FETCH_PARAMETERS = (
    "url", "method", "params", "data", "json", "headers", "content_type", "timeout", "retry_count",
)  # fmt: skip
"""The parameters of ``ExecutionContext.fetch``, the same in every release."""
QUESTIONS = frozenset(("isinstance", "hasattr", "getattr", "type"))
"""Functions that ask for the type of their first argument."""


@dataclass(slots=True)
class FetchScope:
    """The names of one function that hold results of ``fetch``, and how they are used.

    ``fetched`` are assigned one, ``others`` something else; ``type_checked`` are those whose type the code asks for: it
    is written for either result.
    """

    fetched: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    type_checked: set[str] = field(default_factory=set)
    uses: list[FetchUse] = field(default_factory=list)
    slips: list[FetchSlip] = field(default_factory=list)

    def store(self, name: str, *, of_fetch: bool) -> None:
        """Note an assignment to a name."""
        (self.fetched if of_fetch else self.others).add(name)

    def attribute(self, node: ast.Attribute, *, guarded: bool = False) -> None:
        """Note ``name.data`` and ``name.get`` of a name that holds a result so far, and what no result has.

        ``guarded`` tells that the code expects that it may be missing.
        """
        if node.attr not in _ANY_MEMBER and not guarded and (self.fetched or node.value.__class__ is ast.Await):
            self._slip(node)
        if not self.fetched or (node.attr not in _RESPONSE_MEMBERS and node.attr not in _BODY_METHODS):
            return
        if isinstance(node.value, ast.Name) and node.value.id in self.fetched:
            name = node.value.id
            self.uses.append(
                FetchUse(name, f"{name}.{node.attr}", node.attr in _RESPONSE_MEMBERS, node.lineno, node.col_offset + 1)
            )

    def _slip(self, node: ast.Attribute) -> None:
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        if name in self.fetched or is_fetch(node.value):
            line, column = node.end_lineno or node.lineno, (node.end_col_offset or 0) - len(node.attr) + 1
            self.slips.append(FetchSlip(node.attr, name, line, column))

    def subscript(self, node: ast.Subscript) -> None:
        """Note ``name[…]`` of a name that holds a result so far."""
        if self.fetched and isinstance(node.value, ast.Name) and node.value.id in self.fetched:
            name = node.value.id
            self.uses.append(
                FetchUse(name, f"{name}[…]", as_response=False, line=node.lineno, column=node.col_offset + 1)
            )

    def add(self, inner: "FetchScope") -> None:
        """Add what a function within this one does."""
        self.fetched |= inner.fetched
        self.others |= inner.others
        self.type_checked |= inner.type_checked
        self.uses += inner.uses
        self.slips += inner.slips

    def certain_slips(self) -> Iterator[FetchSlip]:
        """Those of names that hold only results of ``fetch``, each attribute once."""
        doubtful = self.others | self.type_checked
        found = {(each.of, each.name): each for each in reversed(self.slips) if each.of not in doubtful}
        yield from reversed(found.values())

    def first_uses(self) -> Iterator[FetchUse]:
        """The first use of either kind, of names that hold only results of ``fetch``."""
        names = self.fetched - self.others - self.type_checked
        for as_response in (False, True) if names else ():
            uses = (each for each in self.uses if each.name in names and each.as_response is as_response)
            yield from (each for each, _ in zip(uses, range(1), strict=False))


def is_fetch(node: ast.expr) -> bool:
    """Whether an expression is ``await context.fetch(…)``."""
    if not isinstance(node, ast.Await) or not isinstance(node.value, ast.Call):
        return False
    called = node.value.func
    return isinstance(called, ast.Attribute) and called.attr == "fetch" and word(called.value) in ("context", "ctx")


def fetch_keywords(node: ast.Call) -> Iterator[FetchSlip]:
    """The keywords of a call of ``context.fetch`` that it does not have."""
    called = node.func
    if isinstance(called, ast.Attribute) and called.attr == "fetch" and word(called.value) in ("context", "ctx"):
        for each in node.keywords:
            if each.arg is not None and each.arg not in FETCH_PARAMETERS:
                yield FetchSlip(each.arg, "", each.lineno, each.col_offset + 1, is_keyword=True)


def word(node: ast.expr) -> str:
    """``context`` for ``context`` and for ``self.context``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
