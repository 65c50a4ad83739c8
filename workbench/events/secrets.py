"""Which values of credentials, metadata and environment variables are secrets, and the same values masked.

What decides on one value is in :mod:`workbench.events.secret_names`; here it is asked for all that a run gets.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from workbench.domain import JSON, Credentials, EnvironmentVariable, MaskedText, RunRequest, credential_values
from workbench.events.connection_strings import masked_passwords, passwords_in
from workbench.events.secret_names import (
    BY_DEFAULT,
    BY_NAME,
    SecretRules,
    format_of,
    is_secret,
    is_trivial,
    item_schema,
    member_schema,
    names_secret,
)

_LONGEST_LINE_IGNORED = 15
_MOST_PRIMES = 3
MAX_DEPTH = 200
"""Levels of nesting in which names decide; what is deeper is a secret as a whole."""


def secrets_of(schema: JSON, auth: JSON, rules: SecretRules = BY_DEFAULT) -> dict[str, str]:
    """The secrets among the values of ``auth``, by the field's name; nested ones too.

    ``schema`` is that of the fields, or None. Where two fields have one name, the later is named by its path, and with
    a number of primes where that is taken, too: ``key'``, and ``key'4`` from the fourth on.
    """
    found: dict[str, str] = {}
    named: set[tuple[str, str]] = set()
    primes: Counter[str] = Counter()
    for path, text in _walk(schema, credential_values(auth), (), False, rules):
        own = name = path[-1] if path[-1] not in found else ".".join(path)
        if (own, text) in named:
            continue
        while found.get(name, text) != text:
            primes[own] += 1
            name = f"{own}'{primes[own]}" if primes[own] > _MOST_PRIMES else own + "'" * primes[own]
        found[name] = text
        named.add((own, text))
    return found


def run_secrets(schema: JSON, given: Credentials) -> dict[str, str]:
    """The secrets among all that ``given`` holds, by their names. ``schema`` is that of the credentials."""
    rules = BY_DEFAULT.corrected(given.secret_names, given.public_names)
    in_metadata = secrets_of(None, given.metadata, BY_NAME.corrected(given.secret_names, given.public_names))
    return environment_secrets(given.environment, rules) | in_metadata | secrets_of(schema, given.values, rules)


def environment_secrets(variables: Iterable[EnvironmentVariable], rules: SecretRules = BY_DEFAULT) -> dict[str, str]:
    """The values of ``variables`` that are secrets, by name: all that a person set, but ``true`` and the like."""
    found: dict[str, str] = {}
    for one in variables:
        if one.value and is_secret_variable(one, rules):
            found |= secrets_of(None, {one.name: one.value}, rules.corrected(frozenset({one.name}), frozenset()))
        elif one.value:
            found |= secrets_of(None, {one.name: one.value}, rules.corrected(frozenset(), frozenset({one.name})))
    return found


def is_secret_variable(variable: EnvironmentVariable, rules: SecretRules = BY_DEFAULT) -> bool:
    """Whether the value of an environment variable that a person set is a secret."""
    if variable.name in rules.public:
        return False
    said = variable.name in rules.secret or names_secret(variable.name, None)
    return said or not is_trivial(variable.value or "")


def masked_auth(schema: JSON, auth: JSON, rules: SecretRules = BY_DEFAULT) -> JSON:
    """``auth`` with a :class:`MaskedText` (``‹name›``) in place of every secret value, however short."""
    values = credential_values(auth)
    if auth is not values and isinstance(auth, dict):
        return auth | {"credentials": _mask(schema, values, (), False, rules)}
    return _mask(schema, auth, (), False, rules)


def masked_metadata(metadata: JSON, rules: SecretRules = BY_NAME) -> JSON:
    """``metadata`` with every secret value masked: those whose names say that they are secrets."""
    return _mask(None, metadata, (), False, rules)


def masked_environment(
    variables: Iterable[EnvironmentVariable], rules: SecretRules = BY_DEFAULT
) -> tuple[EnvironmentVariable, ...]:
    """``variables`` with every secret value masked."""
    return tuple(EnvironmentVariable(one.name, _masked_variable(one, rules)) for one in variables)


def _masked_variable(variable: EnvironmentVariable, rules: SecretRules) -> str | None:
    if not variable.value:
        return variable.value
    if is_secret_variable(variable, rules):
        return MaskedText.whole(variable.name)
    return masked_passwords(variable.value, variable.name)


def rules_of(request: RunRequest | Credentials, rules: SecretRules = BY_DEFAULT) -> SecretRules:
    """``rules`` with the corrections of a run or of what was saved."""
    return rules.corrected(request.secret_names, request.public_names)


def passwords_of(schema: JSON, value: JSON) -> dict[str, str]:
    """The values of fields with ``format: password``, nested ones too; for inputs, where nothing else is a secret."""
    return {path[-1]: text for path, text in _walk_formats(schema, value, ()) if path}


def holds_secret(name: str, schema: JSON, value: JSON, rules: SecretRules = BY_DEFAULT) -> bool:
    """Whether ``value``, called ``name``, is a secret or has one inside, so that no page may hold it."""
    return any(True for _ in _walk({"properties": {name: schema}}, {name: value}, (), False, rules))


def is_shallow(value: JSON, levels: int = MAX_DEPTH) -> bool:
    """Whether ``value`` is nested in at most so many ``levels``; found without recursion."""
    level: list[JSON] = [value]
    for _ in range(levels + 1):
        inner = [one for one in level if isinstance(one, dict | list)]
        level = [each for one in inner for each in (one.values() if isinstance(one, dict) else one)]
        if not level:
            return True
    return False


def _leaves(value: JSON) -> Iterator[str]:
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, dict | list):
            pending += one.values() if isinstance(one, dict) else one
        elif text := _as_text(one):
            yield text


def _walk(
    schema: JSON, value: JSON, path: tuple[str, ...], inherited: bool, rules: SecretRules, depth: int = 0
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each secret with its path. ``inherited`` is whether the name of a parent is one of a secret."""
    if depth > MAX_DEPTH and isinstance(value, dict | list):
        yield from ((path, text) for text in _leaves(value) if path)
    elif isinstance(value, dict):
        for name, member in value.items():
            below = member_schema(schema, name)
            said = inherited or rules.says_secret(name, below)
            yield from _walk(below, member, (*path, name), said, rules, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item_schema(schema), item, path, inherited, rules, depth + 1)
    elif path and is_secret(path[-1], schema, value, rules, inherited=inherited):
        text = _as_text(value)
        yield path, text
        yield from _inside(path, text)
    elif path and isinstance(value, str):
        for password in passwords_in(value):
            yield (*path, f"{path[-1]} password"), password


def _mask(
    schema: JSON, value: JSON, path: tuple[str, ...], inherited: bool, rules: SecretRules, depth: int = 0
) -> JSON:
    if depth > MAX_DEPTH and isinstance(value, dict | list):
        return MaskedText.whole(path[-1] if path else "nested")
    if isinstance(value, dict):
        return {
            name: _mask(below, member, (*path, name), inherited or rules.says_secret(name, below), rules, depth + 1)
            for name, member in value.items()
            for below in (member_schema(schema, name),)
        }
    if isinstance(value, list):
        return [_mask(item_schema(schema), item, path, inherited, rules, depth + 1) for item in value]
    if path and _as_text(value) and is_secret(path[-1], schema, value, rules, inherited=inherited):
        return MaskedText.whole(path[-1])
    return masked_passwords(value, path[-1]) if path and isinstance(value, str) else value


def _walk_formats(schema: JSON, value: JSON, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _walk_formats(member_schema(schema, name), member, (*path, name))
    elif isinstance(value, list):
        for item in value:
            yield from _walk_formats(item_schema(schema), item, path)
    elif format_of(schema) == "password" and (text := _as_text(value)):
        yield path, text


def _inside(path: tuple[str, ...], text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """What a secret may be used by parts: the strings of a JSON document, the lines of a key file."""
    if text.lstrip().startswith("{"):
        try:
            document: JSON = json.loads(text)
        except (ValueError, RecursionError):
            document = None
        yield from _walk(None, document, path, False, BY_DEFAULT)
    lines = text.splitlines()
    if len(lines) > 1:
        for number, line in enumerate(lines, 1):
            if len(line.strip()) > _LONGEST_LINE_IGNORED:
                yield (*path, f"{path[-1]} line {number}"), line.strip()
    for password in passwords_in(text):
        yield (*path, f"{path[-1]} password"), password


def _as_text(value: JSON) -> str:
    return value if isinstance(value, str) else "" if value is None or isinstance(value, bool) else json.dumps(value)
