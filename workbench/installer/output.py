"""The output of pip and uv: what of it matters, and how far the installation has come."""

import re
from dataclasses import dataclass, field

_MOST_LINES = 5000
_LONGEST = 500
_PROGRESS = re.compile(r"Progress (\d+) of (\d+)\s*$")
_FETCH = re.compile(r"\s*(?:Downloading|Using cached) (\S+)")
_FOUND = re.compile(r"\s*(?:Collecting|Processing|Requirement already satisfied:) \S+|\s*\+ \S+==")
_ERROR = re.compile(r"\s*(?:ERROR:|error:|×)\s*(?P<text>\S.*)")
_OF_THE_ENVIRONMENT = re.compile(
    r"ERROR: pip's dependency resolver does not currently take into account all the packages that are installed"
    r"|\S+ \S+ requires \S.*, (?:but you have \S+ \S+ which is incompatible|which is not installed)\.?$"
    r"|WARNING: (?:Target directory|Running pip as|You are using pip version|There was an error checking)"
    r"|\[notice\]"
)
"""What pip says of packages that it does not install into the folder, but which happen to be beside the workbench."""


@dataclass(slots=True)
class OutputSummary:
    """What an installation has printed so far, in the fields of :class:`workbench.domain.InstallProgress`."""

    lines: list[str] = field(default_factory=list)
    packages: int = 0
    step: str = ""
    fraction: float | None = None
    reason: str = ""

    def add(self, line: str) -> None:
        """Take one line."""
        line = "".join(char if char.isprintable() else " " for char in line).rstrip()[:_LONGEST]
        if (progress := _PROGRESS.match(line)) is not None:
            done, total = int(progress[1]), int(progress[2])
            self.fraction = min(done / total, 1.0) if total else None
            return
        if not line or _OF_THE_ENVIRONMENT.match(line):
            return
        if (fetch := _FETCH.match(line)) is not None:
            self.step, self.fraction = fetch[1].rpartition("/")[2], None
        elif _FOUND.match(line):
            self.packages += 1
        elif line.startswith(("Installing collected packages", "Building wheels", "Prepared")):
            self.step, self.fraction = line.partition(":")[0], None
        elif not self.reason and (error := _ERROR.match(line)) is not None:
            self.reason = error["text"]
        if len(self.lines) < _MOST_LINES:
            self.lines.append(line)
