"""The checks behind the cards: a page takes what a moment is enough for, and asks for the others after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from workbench.catalog import Catalog, Outline
from workbench.domain import without_ignored
from workbench.web.catalog.cards import CardStatus, status_of
from workbench.web.services.import_checks import ImportChecks

_FOR_THE_PAGE = 0.1
"""Seconds of checks before a page is painted: a few integrations are checked within."""
_FOR_A_PART = 0.3
"""Seconds of checks for each part that comes after."""


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """The status of cards that follow each other; ``checked_to`` is the last, None where no card comes after it."""

    statuses: tuple[CardStatus, ...]
    checked_to: str | None


def known(
    outlines: Sequence[Outline], catalog: Catalog, checks: ImportChecks, *, everything: bool = False
) -> Mapping[str, CardStatus]:
    """The statuses by id: of those checked before, and of those that a moment is enough for."""
    end = monotonic() + _FOR_THE_PAGE
    found: dict[str, CardStatus] = {}
    for each in outlines:
        one = each.integration
        is_quick = each.whole and checks.is_checked(one)
        if (everything or is_quick or monotonic() < end) and (status := _status(one.id, catalog, checks)):
            found[one.id] = status
    return found


def behind(after: str, catalog: Catalog, checks: ImportChecks) -> CheckedPart:
    """The statuses of the cards behind the one called ``after``, or of all cards if it is gone."""
    ids = [each.integration.id for each in catalog.outlines()]
    ids = ids[ids.index(after) + 1 if after in ids else 0 :]
    end, found = monotonic() + _FOR_A_PART, list[CardStatus]()
    for one in ids:
        status = _status(one, catalog, checks)
        found += [status] if status else []
        if monotonic() > end and one != ids[-1]:
            return CheckedPart(tuple(found), one)
    return CheckedPart(tuple(found), None)


def _status(integration_id: str, catalog: Catalog, checks: ImportChecks) -> CardStatus | None:
    """None where the folder is gone since."""
    integration = catalog.get(integration_id)
    if integration is None:
        return None
    return status_of(replace(integration, findings=without_ignored(checks.checked(integration).findings)))
