"""Which exchanges of a run the HTTP tab lists, and in what order, as parameters of its URL."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

_LONGEST = 200


class SortColumn(StrEnum):
    """A column by which the list can be sorted, under its name in the URL."""

    METHOD = "method"
    URL = "url"
    STATUS = "status"
    SIZE = "size"
    TIME = "time"
    START = "start"


class SortOrder(StrEnum):
    """A value of ``aria-sort``."""

    NONE = "none"
    ASCENDING = "ascending"
    DESCENDING = "descending"


@dataclass(frozen=True, slots=True)
class ExchangeQuery:
    """A filter, an order, and the position ``start`` from which the list is shown, None for near the opened exchange.

    ``status`` is a class (``4xx``) or ``none`` for exchanges without a response. Without ``sort`` the list is in the
    order in which the exchanges began, as with ``START``.
    """

    q: str = ""
    status: str = ""
    host: str = ""
    library: str = ""
    failed: bool = False
    sort: SortColumn | None = None
    descending: bool = False
    start: int | None = None

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> Self:
        """The query of a URL's parameters; one with a bad value is left out."""
        sort, start = args.get("sort", ""), args.get("from", "")
        column = sort.removeprefix("-")
        known = column in {*SortColumn}
        return cls(
            q=args.get("q", "")[:_LONGEST].strip(),
            status=args.get("status", "")[:4],
            host=args.get("host", "")[:_LONGEST],
            library=args.get("library", "")[:_LONGEST],
            failed=args.get("failed") == "1",
            sort=SortColumn(column) if known else None,
            descending=known and sort.startswith("-"),
            start=int(start) if start.isascii() and start.isdigit() and len(start) < 10 else None,
        )

    def parameters(self) -> dict[str, str | int]:
        """The URL parameters that :meth:`parse` reads back, empty ones among them."""
        return {
            "q": self.q,
            "status": self.status,
            "host": self.host,
            "library": self.library,
            "failed": "1" if self.failed else "",
            "sort": f"{'-' if self.descending else ''}{self.sort}" if self.sort else "",
            "from": "" if self.start is None else self.start,
        }

    @property
    def is_filter(self) -> bool:
        """Whether some exchanges may be left out."""
        return bool(self.q or self.status or self.host or self.library or self.failed)

    @property
    def is_in_order(self) -> bool:
        """Whether all exchanges are there, in the order in which they began."""
        return self.sort in (None, SortColumn.START) and not self.descending and not self.is_filter

    @property
    def without_filter(self) -> "ExchangeQuery":
        """All exchanges in the same order."""
        return ExchangeQuery(sort=self.sort, descending=self.descending)

    def starting_at(self, start: int) -> "ExchangeQuery":
        """The same list, shown from there on."""
        return replace(self, start=start)

    def sorted_by(self, column: SortColumn) -> "ExchangeQuery":
        """The same exchanges in the order that a click on the column's name gives: up, down, as they began."""
        order = self.order_of(column)
        if order is SortOrder.DESCENDING or (column is SortColumn.START and order is SortOrder.NONE):
            return replace(self, sort=None, descending=False, start=None)
        return replace(self, sort=column, descending=order is SortOrder.ASCENDING, start=None)

    def order_of(self, column: SortColumn) -> SortOrder:
        """How the list is sorted by a column."""
        if column is not (self.sort or SortColumn.START):
            return SortOrder.NONE
        return SortOrder.DESCENDING if self.descending else SortOrder.ASCENDING
