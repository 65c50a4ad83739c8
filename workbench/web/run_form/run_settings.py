"""The settings of a run besides its inputs: time limit, contract, last poll, and the run that filled the form."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.domain import LEAST_MEMORY, Contract, ContractVersion, Integration, OnUnmatched, ResourceLimits, Run

LONGEST = 3600.0
"""Seconds; the longest time limit that can be asked for."""

LATEST = 253_402_300_799.0
"""Seconds since the epoch; the end of the year 9999."""

LONGEST_RULES = 4_000_000
"""Characters of all rules together."""

_DIGITS = 9
"""Of a limit: more than any machine has."""

MOST_RETRIES = 10
"""The last wait before the tenth retry takes 8.5 minutes."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """The settings of one run, as typed. An empty ``contract`` is the integration's own.

    ``from_run`` is the run whose inputs the page was filled with, empty where it was filled with none; ``masks`` is
    what the posted form says of where their secrets are masked. An empty ``profile`` is the selected one, an empty
    ``sdk`` the workbench's own. ``show`` says which fields of the form are shown, empty for all.
    ``answers`` names the source of its HTTP answers, empty for the network; ``rules`` are lines; ``without_file``
    leaves out those of ``workbench.toml`` (:mod:`workbench.web.run_form.answer_choice`). ``unmatched`` says what a
    request without a recorded answer gets, ``keep_waits`` that a replay waits between attempts as the run did.
    An empty ``last_poll_ts`` is the time of the last poll that succeeded.
    """

    timeout: str = "60"
    contract: str = ""
    last_poll_ts: str = ""
    from_run: str = ""
    masks: str = ""
    retries: str = ""
    fetch_timeout: str = ""
    memory: str = ""
    cpu: str = ""
    profile: str = ""
    sdk: str = ""
    show: str = ""
    answers: str = ""
    rules: str = ""
    unmatched: str = ""
    keep_waits: bool = False
    without_file: bool = False

    @property
    def seconds(self) -> float | None:
        """The time limit, or None where it is no number of seconds between 0 and an hour."""
        return _seconds(self.timeout)

    @property
    def max_retries(self) -> int | None:
        """The retries of ``fetch``, None for the SDK's default."""
        return int(self.retries) if _is_count(self.retries) else None

    @property
    def fetch_seconds(self) -> float | None:
        """The timeout of an attempt of ``fetch``, None for the SDK's default."""
        return _seconds(self.fetch_timeout)

    @property
    def resources(self) -> ResourceLimits:
        """The limits of the worker; an empty one is none."""
        return ResourceLimits(_whole(self.memory, LEAST_MEMORY), _whole(self.cpu, 1))

    @property
    def on_unmatched(self) -> OnUnmatched | None:
        """What a request without a recorded answer gets, None for what ``workbench.toml`` says."""
        return OnUnmatched(self.unmatched) if self.unmatched in {*OnUnmatched} else None

    @property
    def is_first_poll(self) -> bool:
        """Whether ``None`` was typed for the time of the last poll."""
        return self.last_poll_ts.casefold() == "none"

    @property
    def poll_error(self) -> str:
        """What is wrong with the time of the last poll, in a sentence; empty where nothing is."""
        text = self.last_poll_ts
        seconds = _finite(text)
        if not text or self.is_first_poll or (seconds is not None and 0 <= seconds <= LATEST):
            return ""
        if seconds is not None and 0 <= seconds / 1000 <= LATEST:
            return f"“{text[:40]}” is in milliseconds. Write seconds: {int(seconds / 1000)}."
        return f"“{text[:40]}” is not a Unix time in seconds. Write digits, None, or nothing."

    def error(self) -> str:
        """What is wrong with them, in a sentence; empty where nothing is."""
        if self.poll_error:
            return self.poll_error
        if not self.seconds:
            return f"The time limit “{self.timeout}” is not a number of seconds up to {LONGEST:g}."
        if self.retries and self.max_retries is None:
            return f"The retries “{self.retries}” are not a whole number from 0 to {MOST_RETRIES}."
        if self.fetch_timeout and self.fetch_seconds is None:
            return f"The timeout of fetch “{self.fetch_timeout}” is not a number of seconds up to {LONGEST:g}."
        if self.memory and self.resources.memory is None:
            return f"The memory limit “{self.memory}” is not a whole number of megabytes from {LEAST_MEMORY} up."
        if self.cpu and self.resources.cpu is None:
            return f"The limit of processor time “{self.cpu}” is not a whole number of seconds from 1 up."
        return ""

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
            last_poll_ts=values.get("last_poll_ts", default.last_poll_ts).strip()[:100],
            from_run=values.get("from_run", default.from_run)[:40],
            masks=values.get("masks", default.masks),
            retries=values.get("retries", default.retries).strip()[:20],
            fetch_timeout=values.get("fetch_timeout", default.fetch_timeout).strip()[:20],
            memory=values.get("memory", default.memory).strip()[:20],
            cpu=values.get("cpu", default.cpu).strip()[:20],
            profile=values.get("run_profile", default.profile),
            sdk=values.get("sdk", default.sdk).strip()[:40],
            show=values.get("show", default.show)[:20],
            answers=values.get("answers", default.answers)[:200],
            rules=values.get("rules", default.rules)[:LONGEST_RULES],
            unmatched=values.get("unmatched", default.unmatched)[:20],
            keep_waits="keep_waits" in values,
            without_file="without_file" in values,
        )

    @classmethod
    def of_run(cls, run: Run | None, *, loaded: bool) -> "RunSettings":
        """The settings of an earlier ``run``; ``loaded`` says whether the form is filled with its inputs too."""
        if run is None:
            return cls()
        request = run.request
        chosen = request.contract.version if request.contract.is_chosen else ""
        return cls(
            timeout=f"{request.timeout:g}",
            contract=chosen,
            from_run=run.id if loaded else "",
            sdk="" if request.sdk.is_ours else request.sdk.text,
            retries="" if request.max_retries is None else str(request.max_retries),
            fetch_timeout="" if request.fetch_timeout is None else f"{request.fetch_timeout:g}",
            memory="" if request.resources.memory is None else str(request.resources.memory),
            cpu="" if request.resources.cpu is None else str(request.resources.cpu),
        )


def _seconds(text: str) -> float | None:
    """A number of seconds between 0 and an hour, None for anything else."""
    seconds = _finite(text)
    return seconds if seconds is not None and 0 < seconds <= LONGEST else None


def _finite(text: str) -> float | None:
    """The number that ``text`` is, None where it is none or has no end."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _whole(text: str, least: int) -> int | None:
    """A whole number from ``least`` up, None for anything else."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0
    return number if number >= least else None


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= MOST_RETRIES
