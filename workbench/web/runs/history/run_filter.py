"""What a list of runs is asked for, as the parameters of its URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from workbench.domain import Kind, Run
from workbench.explain.run_summary import LIVE, state
from workbench.history import EntryFilter

_LONGEST = 500
_NAMES = ("integration", "handler", "status", "cause", "q", "before")


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What the URL asks for: ``handler`` is ``kind:name``, ``before`` the run that the list goes on behind.

    ``cause`` chooses failures of one cause and ``q`` holds words that are searched for, which only a history can do.
    """

    integration: str = ""
    handler: str = ""
    status: str = ""
    cause: str = ""
    q: str = ""
    before: str = ""

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> "RunFilter":
        """The filter of a URL's parameters. A handler counts only together with its integration."""
        given = {name: args.get(name, "")[:_LONGEST] for name in _NAMES}
        return cls(**given | ({} if given["integration"] else {"handler": ""}))

    @property
    def query(self) -> str:
        """The URL's parameters, without those that are empty."""
        given = {name: getattr(self, name) for name in _NAMES}
        return urlencode({name: value for name, value in given.items() if value}, errors="replace")

    @property
    def is_set(self) -> bool:
        """Whether some runs are left out."""
        return bool(self.integration or self.status or self.cause or self.q)

    def lets_through(self, run: Run) -> bool:
        """Whether the run is one of those that are asked for; words are not searched here."""
        asked = run.request
        return (
            self.integration in ("", asked.integration_id)
            and self.handler in ("", handler_key(asked.kind, asked.name))
            and self.status in ("", state(run))
            and _is_before(run.id, self.before)
        )

    @property
    def of_history(self) -> EntryFilter:
        """The same for the history; runs in progress are not in it."""
        kind, _, name = self.handler.partition(":")
        return EntryFilter(
            integration_id=self.integration or None,
            kind=Kind(kind) if kind in {*Kind} else None,
            name=name or None,
            state=self.status or None,
            cause=self.cause or None,
            text=self.q,
            before=int(self.before) if _is_number(self.before) else None,
        )

    @property
    def is_live(self) -> bool:
        """Whether only runs in progress are asked for."""
        return self.status == LIVE


def handler_key(kind: Kind, name: str) -> str:
    """What the URL calls a handler: ``action:call_api``."""
    return f"{kind.value}:{name}"


def _is_before(run_id: str, other: str) -> bool:
    """Whether a run is older than the one of the id ``other``, which may have been dropped since."""
    return int(run_id) < int(other) if _is_number(other) and _is_number(run_id) else True


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18
