"""The walk of statements: which names hold what after each of them, branch by branch."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from workbench.catalog.code.expression_walk import ExpressionWalk
from workbench.catalog.code.value_sets import elements, items, merge, union
from workbench.catalog.code.values import Names, Values

_MISSING_KEY = ("KeyError", "LookupError")
_MISSING_ATTRIBUTE = ("AttributeError",)
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class StatementWalk(ExpressionWalk):
    """Walks assignments and branches; ``_tries`` counts the ``try`` statements around."""

    def __init__(self) -> None:
        super().__init__()
        self._tries = 0
        self._attribute_guards = 0
        self._visits |= {
            ast.AnnAssign: self._annotated,
            ast.Assign: self._assignment,
            ast.AsyncFor: self._for,
            ast.AugAssign: self._augmented,
            ast.For: self._for,
            ast.If: self._if,
            ast.Match: self._match,
            ast.Try: self._try,
            ast.TryStar: self._try,
            ast.While: self._while,
            ast.withitem: self._with,
        }

    def _assignment(self, node: ast.Assign) -> Values:
        target, value = node.targets[0], node.value
        if len(node.targets) == 1 and isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            parts = [self.values(one) for one in value.elts]
            if len(parts) == len(target.elts) and not any(isinstance(one, ast.Starred) for one in target.elts):
                for one, values in zip(target.elts, parts, strict=True):
                    self._assign(one, values)
                return ()
            found: Values = ()
        else:
            found = self.values(value)
        for each in node.targets:
            self._assign(each, found)
        return ()

    def _annotated(self, node: ast.AnnAssign) -> Values:
        self.values(node.annotation)
        self._assign(node.target, self.values(node.value) if node.value else ())
        return ()

    def _augmented(self, node: ast.AugAssign) -> Values:
        values = self.values(node.value)
        if isinstance(node.target, ast.Name):
            before = self._names.get(node.target.id, ())
            if isinstance(node.op, ast.BitOr):
                self._write_beside(before, [(node.value, values)])
            self._assign(node.target, union(before, values) if isinstance(node.op, ast.BitOr) else ())
        else:
            self.values(node.target)
        return ()

    def _with(self, node: ast.withitem) -> Values:
        values = self.values(node.context_expr)
        if node.optional_vars:
            self._assign(node.optional_vars, values)
        return ()

    def _block(self, statements: Iterable[ast.stmt]) -> None:
        for each in statements:
            self._statement(each)

    def _statement(self, node: ast.stmt) -> None:
        try:
            self.values(node)
        except RecursionError:
            return  # an expression that is too deep is not followed

    def _if(self, node: ast.If) -> Values:
        ends: list[Names] = []
        while True:  # a chain of elif is deep in its last part
            self.values(node.test)
            before = dict(self._names)
            self._block(node.body)
            if not _leaves(node.body):
                ends.append(self._names)
            self._names = before
            following = node.orelse
            if len(following) != 1 or not isinstance(following[0], ast.If):
                break
            node = following[0]
        self._block(following)
        if not _leaves(following):
            ends.append(self._names)
        self._names = _merged(ends) if ends else self._names
        return ()

    def _for(self, node: ast.For | ast.AsyncFor) -> Values:
        values = self.values(node.iter)
        before = dict(self._names)
        self._assign(node.target, elements(values))
        self._block(node.body)
        self._names = merge(self._names, before)
        self._block(node.orelse)
        return ()

    def _while(self, node: ast.While) -> Values:
        self.values(node.test)
        before = dict(self._names)
        self._block(node.body)
        self._names = merge(self._names, before)
        self._block(node.orelse)
        return ()

    def _try(self, node: ast.Try | ast.TryStar) -> Values:
        guard = any(_catches(each, _MISSING_KEY) for each in node.handlers)
        of_attributes = any(_catches(each, _MISSING_ATTRIBUTE) for each in node.handlers)
        self._tries += 1
        self._guards += guard
        self._attribute_guards += of_attributes
        before = dict(self._names)
        self._block(node.body)
        self._guards -= guard
        self._attribute_guards -= of_attributes
        self._block(node.orelse)
        after = self._names
        begun = merge(before, after)
        for handler in node.handlers:
            self._names = dict(begun)
            if handler.type:
                self.values(handler.type)
            self._block(handler.body)
            after = after if _leaves(handler.body) else merge(after, self._names)
        self._names = after
        self._block(node.finalbody)
        self._tries -= 1
        return ()

    def _match(self, node: ast.Match) -> Values:
        subject = self.values(node.subject)
        before, after = self._names, self._names
        for case in node.cases:
            self._names = dict(before)
            self._pattern(case.pattern, subject)
            if case.guard:
                self.values(case.guard)
            self._block(case.body)
            after = after if _leaves(case.body) else merge(after, self._names)
        self._names = after
        return ()

    def _pattern(self, node: ast.pattern, subject: Values) -> None:
        match node:
            case ast.MatchMapping(keys=keys, patterns=patterns, rest=rest):
                for key, pattern in zip(keys, patterns, strict=True):
                    found = self.values(key)
                    self._read(subject, found, key, required=False)
                    self._pattern(pattern, items(subject, found))
                if rest:
                    self._names[rest] = subject
            case ast.MatchAs(pattern=pattern, name=name):
                if pattern:
                    self._pattern(pattern, subject)
                if name:
                    self._names[name] = subject
            case ast.MatchOr(patterns=patterns):
                for pattern in patterns:
                    self._pattern(pattern, subject)
            case _:
                for name in _captured(node):
                    self._names[name] = ()


def _merged(ends: Sequence[Names]) -> Names:
    names = ends[0]
    for other in ends[1:]:
        names = merge(names, other)
    return names


def _leaves(statements: Sequence[ast.stmt]) -> bool:
    """Whether a block does not go on to what follows it."""
    return bool(statements) and isinstance(statements[-1], _LEAVES)


def _catches(handler: ast.ExceptHandler, names: tuple[str, ...]) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in names for kind in kinds)


def _captured(node: ast.pattern) -> Iterator[str]:
    """The names that a pattern binds, whatever to."""
    for each in ast.walk(node):
        name = each.name if isinstance(each, ast.MatchAs | ast.MatchStar) else None
        name = each.rest if isinstance(each, ast.MatchMapping) else name
        if name:
            yield name
