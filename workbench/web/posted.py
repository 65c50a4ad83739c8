"""Reading what the request pane posts, apart from the inputs themselves: time limit, contract, shape of auth, poll."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.domain import Contract, ContractVersion, Integration

LONGEST = 3600.0
"""Seconds; the longest time limit that can be asked for."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the run shall be made, as typed. An empty ``contract`` is the integration's own.

    ``from_run`` is the run whose inputs the page was filled with, empty where it was filled with none.
    """

    timeout: str = "60"
    contract: str = ""
    last_poll_ts: str = ""
    from_run: str = ""

    @property
    def seconds(self) -> float | None:
        """The time limit, or None where it is no number of seconds between 0 and an hour."""
        try:
            seconds = float(self.timeout)
        except ValueError:
            return None
        return seconds if math.isfinite(seconds) and 0 < seconds <= LONGEST else None

    def problem(self) -> str:
        """What is wrong with them, in a sentence; empty where nothing is."""
        return "" if self.seconds else f"The time limit “{self.timeout}” is not a number of seconds up to {LONGEST:g}."

    def contract_of(self, integration: Integration) -> Contract:
        """The contract to run under: the one chosen here, else the integration's own."""
        if self.contract in tuple(ContractVersion):
            return Contract(ContractVersion(self.contract), "chosen for this run")
        return integration.contract


def settings(values: Mapping[str, str]) -> Settings:
    """The settings among posted values; what is missing is as in a new form."""
    default = Settings()
    return Settings(
        timeout=values.get("timeout", default.timeout).strip(),
        contract=values.get("contract", default.contract),
        last_poll_ts=values.get("last_poll_ts", default.last_poll_ts).strip(),
        from_run=values.get("from_run", default.from_run)[:40],
    )
