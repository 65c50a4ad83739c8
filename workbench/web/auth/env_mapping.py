"""Variables of a ``.env`` file or of the environment, and what of a profile each of them fills."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from workbench.domain import JSON, Credentials, EnvironmentVariable
from workbench.jsondoc.strict import JsonError, loads
from workbench.profiles import Profile

_SHORTEST = 3


class TargetKind(StrEnum):
    """What a variable fills; the value begins the option of a select."""

    NOTHING = ""
    CREDENTIAL = "credential"
    METADATA = "metadata"
    VARIABLE = "variable"


@dataclass(frozen=True, slots=True)
class Target:
    """A place for the value of a variable; ``name`` is that of the credential or of the property."""

    kind: TargetKind
    name: str = ""

    @property
    def option(self) -> str:
        """The value of its option."""
        return f"{self.kind}:{self.name}" if self.kind else ""


NOWHERE = Target(TargetKind.NOTHING)


@dataclass(frozen=True, slots=True)
class Targets:
    """The names that a profile can have: of credentials, with the types of those declared, and of others."""

    credentials: Sequence[str] = ()
    metadata: Sequence[str] = ()
    variables: frozenset[str] = frozenset()
    types: Mapping[str, str] = field(default_factory=dict)

    def options(self, variable: str) -> tuple[Target, ...]:
        """The places that a variable can fill: a place of its own name last."""
        own = re.sub(r"[^a-z0-9]+", "_", variable.lower()).strip("_") or variable
        names = dict.fromkeys((*self.credentials, own))
        return (
            NOWHERE,
            Target(TargetKind.VARIABLE, variable),
            *(Target(TargetKind.CREDENTIAL, name) for name in names),
            *(Target(TargetKind.METADATA, name) for name in self.metadata),
        )


@dataclass(frozen=True, slots=True)
class Import:
    """What is to be imported into ``profile``, which is as it was typed. Values are never in a page."""

    profile: Profile
    variables: tuple[EnvironmentVariable, ...]
    invalid_lines: tuple[int, ...] = ()


def guess(variables: Iterable[EnvironmentVariable], targets: Targets, *, others: bool) -> list[Target]:
    """What each variable most likely fills; each place once. ``others``: what fits nothing stays a variable."""
    used: set[Target] = set()
    made = []
    for variable in variables:
        target = _guess(variable.name, targets)
        if target in used:
            target = NOWHERE
        if target is NOWHERE and others:
            target = Target(TargetKind.VARIABLE, variable.name)
        used.add(target)
        made.append(target)
    return made


def _guess(name: str, targets: Targets) -> Target:
    if name in targets.variables:
        return Target(TargetKind.VARIABLE, name)
    for kind, names in ((TargetKind.CREDENTIAL, targets.credentials), (TargetKind.METADATA, targets.metadata)):
        fitting = [each for each in names if _fits(name, each)]
        if fitting:
            return Target(kind, max(fitting, key=len))
    return NOWHERE


def _fits(variable: str, name: str) -> bool:
    """Whether the names are the same but for their spelling, or the variable's has a prefix: ``BOX_API_KEY``."""
    plain, wanted = _normal(variable), _normal(name)
    if plain == wanted:
        return bool(wanted)
    start = len(plain) - len(wanted)
    return len(wanted) >= _SHORTEST and start > 0 and plain.endswith(wanted) and _is_boundary(variable, wanted)


def _is_boundary(variable: str, wanted: str) -> bool:
    parts = re.split(r"[^A-Za-z0-9]+", variable)
    return any(_normal("".join(parts[index:])) == wanted for index in range(1, len(parts)))


def _normal(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def apply(found: Import, chosen: Sequence[str], targets: Targets) -> Profile:
    """The profile with each variable at its chosen place, the last one where two have the same."""
    credentials = found.profile.credentials
    for variable, option in zip(found.variables, chosen, strict=False):
        kind, _, name = option.partition(":")
        if kind in tuple(TargetKind) and name:
            credentials = _filled(credentials, Target(TargetKind(kind), name), variable, targets)
    return replace(found.profile, credentials=credentials)


def _filled(credentials: Credentials, target: Target, variable: EnvironmentVariable, targets: Targets) -> Credentials:
    text = variable.value or ""
    if target.kind is TargetKind.VARIABLE:
        rest = tuple(one for one in credentials.environment if one.name != variable.name)
        return replace(credentials, environment=(*rest, variable))
    if target.kind is TargetKind.METADATA:
        return replace(credentials, metadata=_with(credentials.metadata, target.name, text))
    value = _typed(text, targets.types.get(target.name, "string"))
    return replace(credentials, values=_with(credentials.values, target.name, value))


def _with(values: JSON, name: str, value: JSON) -> JSON:
    return {**values, name: value} if isinstance(values, dict) else values


def _typed(text: str, type_: str) -> JSON:
    """The text as a value of the declared type, where it is one."""
    if type_ == "string":
        return text
    try:
        return loads(text)
    except JsonError:
        return text
