"""The errors of jsonschema turned into ours: placed, with their facts, ranked; branches reduced to the closest."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from jsonschema import ValidationError as Violation

from workbench.domain import Branch, ErrorCode, Side, SpellingHint, SpellingHintKind, ValidationError
from workbench.jsondoc import pointer as pointers
from workbench.schema import branches, differences, effort, guarded_validator, labels
from workbench.schema.facts import Facts, difference, excerpt, facts
from workbench.schema.messages import with_message
from workbench.schema.refs import Places, follow
from workbench.schema.similarity import similar
from workbench.schema.words import quote

_LOOSE = frozenset(
    {"uniqueItems", "minItems", "maxItems", "minProperties", "maxProperties", "contains", "not", "const", "enum"}
)
"""Keywords about all the content of a container: an error inside the container is the likelier cause."""
_HINTS = 200
"""Names and values that are compared with those which may have been meant; a comparison costs more than an error."""
_BRANCH_HINTS = 20
"""The same within one branch. They help to choose the closest, so no branch uses up those of another."""
MOST_IN_BRANCH = 1000
"""Errors of one branch that are looked at."""


def explain_violations(violations: Iterable[Violation], root: Any) -> tuple[ValidationError, ...]:
    """The errors of a value against the schema ``root``, the likeliest cause first, none twice."""
    return Explainer(root).errors(violations)


class Explainer:
    """Explains violations of one schema."""

    def __init__(
        self, root: Any, places: Places | None = None, hints: int = _HINTS, *, follows_branches: bool = True
    ) -> None:
        self._places = places or Places(root)
        self._hints = hints
        self._follows_branches = follows_branches

    def errors(self, violations: Iterable[Violation]) -> tuple[ValidationError, ...]:
        """One error a violation, ranked."""
        found = {(error.pointer, error.keyword, error.message): error for error in map(self.error, violations)}
        return rank(tuple(found.values()))

    def branch_errors(
        self, violations: Iterable[Violation], *, follows_branches: bool = True
    ) -> tuple[ValidationError, ...]:
        """The errors of one branch, the same wherever in a document, and after whatever errors, it is tried.

        Unless it ``follows_branches``, those of a ``oneOf`` or ``anyOf`` within it do not say why.
        """
        alone = Explainer(self._places.root, self._places, _BRANCH_HINTS, follows_branches=follows_branches)
        return alone.errors(_counted(islice(violations, MOST_IN_BRANCH)))

    def error(self, violation: Violation) -> ValidationError:
        """The error behind one violation."""
        keyword = violation.validator if isinstance(violation.validator, str) else ""
        if keyword in ("oneOf", "anyOf"):
            return self._branching(violation, keyword)
        pointer = pointers.build(violation.absolute_path)
        place_in_schema = self._schema_pointer(violation, keyword)
        if keyword == "propertyNames":
            return self._bad_name(violation, pointer, place_in_schema)
        code, pointer, found = _placed(keyword, violation, pointer)
        hint = self._hint(keyword, violation, pointer)
        return _made(pointer, place_in_schema, keyword, found, code, hint=hint)

    def _hint(self, keyword: str, violation: Violation, pointer: str) -> SpellingHint | None:
        if keyword not in ("additionalProperties", "enum", "required") or self._hints == 0:
            return None
        self._hints -= 1
        return _hint(keyword, violation, pointer)

    def _schema_pointer(self, violation: Violation, keyword: str) -> str:
        holder = self._places.of(violation.schema) if keyword and isinstance(violation.schema, dict) else None
        if holder is not None:
            return pointers.join(holder, keyword)
        return self._places.along(list(violation.absolute_schema_path))

    def _bad_name(self, violation: Violation, pointer: str, place_in_schema: str) -> ValidationError:
        inner = self.errors(violation.context or ())
        found = Facts((inner[0].expected,) if inner else (), inner[0].value if inner else None)
        return _made(pointer, place_in_schema, "propertyNames", found)

    def _branching(self, violation: Violation, keyword: str) -> ValidationError:
        pointer, place_in_schema = pointers.build(violation.absolute_path), self._schema_pointer(violation, keyword)
        if not self._follows_branches:
            found = Facts((), excerpt(violation.instance))
            return replace(_made(pointer, place_in_schema, keyword, found), cut=True)
        if effort.is_economical() and not violation.context:
            violation.context = self._tried(violation)
        rows = self._rows(violation, place_in_schema)
        matched = [row for row in rows if row.matched]
        if matched:
            names = tuple(f"{row.index + 1} ({row.label})" for row in matched)
            found = Facts(names, excerpt(violation.instance))
            return _made(pointer, place_in_schema, keyword, found, ErrorCode.MANY_BRANCHES, branches=tuple(rows))
        choice = branches.choose(rows, violation.instance, pointer)
        if choice is None:
            return _made(pointer, place_in_schema, "", facts("", None, violation.instance, violation.schema))
        if not effort.is_economical():
            return _closest(choice, rows, place_in_schema, keyword, violation.instance)
        index = choice.branch.index
        rows[index] = self._row(index, violation, place_in_schema, follows_branches=True)
        choice = branches.choose(rows, violation.instance, pointer, closest=index) or choice
        return replace(_closest(choice, rows, place_in_schema, keyword, violation.instance), cut=True)

    def _tried(self, violation: Violation) -> list[Violation]:
        """The errors of each branch, which an economical validator does not keep."""
        schemas: Any = violation.validator_value
        whole, found = guarded_validator.make_validator(self._places.root), []
        for index, schema in enumerate(schemas):
            for child in guarded_validator.run_within(whole, schema, violation.instance, most=MOST_IN_BRANCH).errors:
                child.relative_schema_path.appendleft(index)
                child.parent = violation
                found.append(child)
        return found

    def _rows(self, violation: Violation, holder: str) -> list[Branch]:
        """The branches against the data; with economy without what is in the branches of branches."""
        follows = not effort.is_economical()
        schemas: Any = violation.validator_value
        return [self._row(index, violation, holder, follows_branches=follows) for index in range(len(schemas))]

    def _row(self, index: int, violation: Violation, holder: str, *, follows_branches: bool) -> Branch:
        """One branch, from the violations at hand, or tried again where several matched."""
        schemas: Any = violation.validator_value
        by_branch = _by_branch(violation)
        tried_all = bool(by_branch) and len(by_branch) == len(schemas)
        errors = self.branch_errors(by_branch.get(index, ()), follows_branches=follows_branches)
        schema = schemas[index]
        matched = not tried_all and not errors and self._matches(schema, violation.instance)
        applying = follow(self._places.root, schema)
        at = pointers.build(violation.absolute_path)
        return Branch(
            index=index,
            label=labels.label(schema, applying),
            schema_pointer=pointers.join(holder, index),
            matched=matched,
            requirements=labels.requirements(applying, errors, at, matched=matched),
            errors=errors,
            names=labels.names(self._places.root, applying),
        )

    def _matches(self, schema: Any, instance: Any) -> bool:
        return guarded_validator.is_valid_within(self._places.root, schema, instance)


def _by_branch(violation: Violation) -> Mapping[int, list[Violation]]:
    found: dict[int, list[Violation]] = defaultdict(list)
    for child in violation.context or ():
        found[int(child.relative_schema_path[0])].append(child)
    return found


def _counted(violations: Iterable[Violation]) -> Iterator[Violation]:
    """The violations, each as a few steps: they cost more to explain than to find."""
    spent = effort.current()
    for violation in violations:
        if spent is not None:
            spent.spend(violation.schema, violation.instance, effort.IN_A_BRANCH)
        yield violation


def rank(errors: Sequence[ValidationError]) -> tuple[ValidationError, ...]:
    """Likeliest cause first: an error at one place before one about the content of a container; else in order."""
    return tuple(sorted(errors, key=_weight))


def _weight(error: ValidationError) -> tuple[int, int]:
    if error.keyword in ("oneOf", "anyOf"):
        return 1, 0
    if error.keyword in _LOOSE and error.keyword not in ("const", "enum"):
        return 2, -error.pointer.count("/")
    return 0, 0 if error.hint and error.keyword == "additionalProperties" else 1


def _made(
    pointer: str,
    schema_pointer: str,
    keyword: str,
    found: Facts,
    code: ErrorCode = ErrorCode.KEYWORD,
    *,
    hint: SpellingHint | None = None,
    branches: tuple[Branch, ...] = (),
    cause: ValidationError | None = None,
) -> ValidationError:
    return with_message(
        ValidationError(
            Side.VALUE,
            pointer,
            schema_pointer,
            keyword,
            branches=branches,
            branch_count=len(branches),
            cause=cause,
            hint=hint,
            code=code,
            details=found.details,
            unlisted=found.unlisted,
            value=found.value,
        )
    )


def _closest(
    choice: branches.Choice, rows: list[Branch], place_in_schema: str, keyword: str, instance: object
) -> ValidationError:
    cause = choice.cause
    marked = tuple(replace(row, closest=row is choice.branch) for row in rows)
    if cause is None:
        found = Facts(tuple(dict.fromkeys(row.label for row in rows)), excerpt(instance))
        return _made(choice.pointer, place_in_schema, keyword, found, branches=marked)
    found = Facts(cause.details, cause.value, cause.unlisted)
    return _made(choice.pointer, place_in_schema, keyword, found, hint=cause.hint, branches=marked, cause=cause)


def _placed(keyword: str, violation: Violation, pointer: str) -> tuple[ErrorCode, str, Facts]:
    """The exact place of an error and its facts: a constant container and a forbidden property lead further in."""
    wanted: Any = violation.validator_value
    instance: Any = violation.instance
    if keyword in ("const", "enum"):
        path, closest = differences.find_difference(wanted, keyword, instance)
        if path:
            tail = pointers.build(path)
            found = difference(pointers.resolve(closest, tail), pointers.resolve(instance, tail))
            return ErrorCode.CONSTANT, pointer + tail, found
    if keyword == "const" and isinstance(wanted, dict | list) and type(wanted) is type(instance):
        return ErrorCode.KEYWORD, pointer, Facts((quote(wanted),), excerpt(instance))
    if keyword == "additionalProperties" and isinstance(violation.schema, dict) and violation.path:
        found = facts(keyword, wanted, instance, violation.schema)
        return ErrorCode.KEYWORD, pointer, replace(found, value=excerpt(instance.get(violation.path[-1])))
    if keyword == "not" and (name := differences.forbidden_property(wanted, instance)) is not None:
        found = Facts((), excerpt(instance[name]))
        return ErrorCode.FORBIDDEN_PROPERTY, pointers.join(pointer, name), found
    return ErrorCode.KEYWORD, pointer, facts(keyword, wanted, instance, violation.schema)


def _hint(keyword: str, violation: Violation, pointer: str) -> SpellingHint | None:
    """What was probably meant by a property that is not allowed, by a value, or with what a missing one is misspelt."""
    instance: Any = violation.instance
    schema = violation.schema if isinstance(violation.schema, dict) else {}
    declared = schema.get("properties")
    declared = declared if isinstance(declared, dict) else {}
    if keyword == "additionalProperties":
        meant = similar(violation.path[-1] if violation.path else "", (one for one in declared if one not in instance))
        return SpellingHint(SpellingHintKind.PROPERTY, meant) if meant else None
    if keyword == "required":
        strangers = [name for name in instance if name not in declared] if declared else []
        meant = similar(pointers.last(pointer), strangers)
        return SpellingHint(SpellingHintKind.MISSPELT, meant) if meant else None
    if isinstance(instance, str) and isinstance(violation.validator_value, list):
        meant = similar(instance, (value for value in violation.validator_value if isinstance(value, str)))
        return SpellingHint(SpellingHintKind.VALUE, meant) if meant else None
    return None
