"""What a tab of the outcome is. A new tab is one file beside this one and its line in ``TABS``."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Self

from workbench.domain import Run
from workbench.web.runs.query import OutcomeQuery
from workbench.web.runs.values.validated_value import Around


@dataclass(frozen=True, slots=True)
class Badge:
    """The count beside a tab's title, empty for none. ``tone`` is ``bad``, ``warn`` or empty."""

    text: str = ""
    tone: str = ""

    @classmethod
    def of(cls, number: int, tone: str = "") -> Self:
        """The badge of so many things."""
        return cls(f"{number:,}" if number else "", tone)


@dataclass(frozen=True, slots=True)
class TabContext:
    """What a tab may read. ``elapsed`` is the run's clock in seconds; ``around`` reads config.json and other runs."""

    run: Run
    query: OutcomeQuery
    elapsed: float
    around: Callable[[], Around]


class Tab(ABC):
    """One tab of the outcome: its name in URLs, its title, its template, its badge and the view model it prints."""

    name: ClassVar[str]
    title: ClassVar[str]
    template: ClassVar[str]

    def badge(self, run: Run) -> Badge:
        """What stands beside the title."""
        return Badge()

    @abstractmethod
    def present(self, context: TabContext) -> object:
        """The view model, which the template has as ``outcome.panel``."""
