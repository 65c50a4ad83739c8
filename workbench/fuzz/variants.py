"""The variants of a recorded run: each is that run with one change, in an answer or in the inputs."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workbench.domain import ABSENT, JSON, Absent, Rule


class ChangeKind(StrEnum):
    """What a variant changes. Those up to ``LONG_TEXT`` change one value of a JSON body, ``INPUT`` the inputs."""

    NULL = "null"
    ABSENT = "absent"
    OTHER_TYPE = "other-type"
    EMPTY = "empty"
    LONG_TEXT = "long-text"
    NO_BODY = "no-body"
    EMPTY_ARRAY = "empty-array"
    JSON_NULL = "json-null"
    LOGIN_PAGE = "login-page"
    INVALID_JSON = "invalid-json"
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    CONFLICT = "409"
    RATE_LIMIT_SECONDS = "429-seconds"
    RATE_LIMIT_DATE = "429-date"
    SERVER_ERROR = "500"
    TIMEOUT = "timeout"
    CUT = "cut"
    SAME_PAGE = "same-page"
    INPUT = "input"

    @property
    def is_of_value(self) -> bool:
        """Whether one value of a JSON body is changed, and not the whole answer."""
        return self in _OF_VALUES

    @property
    def is_failure(self) -> bool:
        """Whether the service says, or shows by its answer, that it did not do what was asked."""
        return self in _FAILURES


_OF_VALUES = frozenset(
    {ChangeKind.NULL, ChangeKind.ABSENT, ChangeKind.OTHER_TYPE, ChangeKind.EMPTY, ChangeKind.LONG_TEXT}
)
_FAILURES = frozenset(
    {
        ChangeKind.LOGIN_PAGE,
        ChangeKind.INVALID_JSON,
        ChangeKind.UNAUTHORIZED,
        ChangeKind.FORBIDDEN,
        ChangeKind.NOT_FOUND,
        ChangeKind.CONFLICT,
        ChangeKind.RATE_LIMIT_SECONDS,
        ChangeKind.RATE_LIMIT_DATE,
        ChangeKind.SERVER_ERROR,
        ChangeKind.TIMEOUT,
        ChangeKind.CUT,
    }
)


@dataclass(frozen=True, slots=True)
class Variant:
    """One change. ``exchange`` is the id of the recorded exchange whose answer it changes, None for all of them.

    ``pointer`` is the place in its JSON body, or in the inputs. ``rules`` make the change of an answer, ``inputs`` are
    those of a variant of the kind ``INPUT``, else ABSENT.
    """

    kind: ChangeKind
    exchange: int | None = None
    pointer: str = ""
    rules: tuple[Rule, ...] = ()
    inputs: JSON | Absent = ABSENT


def choose(variants: Iterable[Variant], most: int, seed: int) -> list[Variant]:
    """At most ``most`` variants, the same ones for the same seed, in their order.

    Whole answers come before values and inputs, of which a part is drawn where there are too many.
    """
    everything = list(variants)
    whole = [each for each in everything if not each.kind.is_of_value and each.kind is not ChangeKind.INPUT]
    rest = [each for each in everything if each.kind.is_of_value or each.kind is ChangeKind.INPUT]
    if len(whole) >= most:
        return _sample(whole, most, seed)
    return [*whole, *_sample(rest, most - len(whole), seed)]


def _sample(variants: Sequence[Variant], most: int, seed: int) -> list[Variant]:
    if len(variants) <= most:
        return list(variants)
    places = random.Random(seed).sample(range(len(variants)), most)  # noqa: S311  # no secret, and it must repeat
    return [variants[place] for place in sorted(places)]
