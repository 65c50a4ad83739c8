"""The settings of a run besides its inputs: time limit, contract, last poll, and the run that filled the form."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.domain import Contract, ContractVersion, Integration, Run

LONGEST = 3600.0
"""Seconds; the longest time limit that can be asked for."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """The settings of one run, as typed. An empty ``contract`` is the integration's own.

    ``from_run`` is the run whose inputs the page was filled with, empty where it was filled with none; ``masks`` is
    what the posted form says of where their secrets are masked.
    """

    timeout: str = "60"
    contract: str = ""
    last_poll_ts: str = ""
    from_run: str = ""
    masks: str = ""

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
            return Contract(ContractVersion(self.contract))
        return integration.contract

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> "RunSettings":
        """The settings among posted ``values``; what is missing is as in a new form."""
        default = cls()
        return cls(
            timeout=values.get("timeout", default.timeout).strip(),
            contract=values.get("contract", default.contract),
            last_poll_ts=values.get("last_poll_ts", default.last_poll_ts).strip(),
            from_run=values.get("from_run", default.from_run)[:40],
            masks=values.get("masks", default.masks),
        )

    @classmethod
    def of_run(cls, run: Run | None, *, loaded: bool) -> "RunSettings":
        """The settings of an earlier ``run``; ``loaded`` says whether the form is filled with its inputs too."""
        if run is None:
            return cls()
        request = run.request
        chosen = request.contract.version if request.contract.is_chosen else ""
        return cls(f"{request.timeout:g}", chosen, request.last_poll_ts or "", run.id if loaded else "")
