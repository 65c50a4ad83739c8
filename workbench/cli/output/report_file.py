"""The file that ``--report`` names."""

from pathlib import Path

from workbench.cli.failure import CannotRun
from workbench.whole_file import write_whole


def write_report_file(path: Path, page: bytes) -> None:
    """Write the page as a whole or not at all. Raises :class:`CannotRun`."""
    try:
        place = path.resolve()
        if place.exists() and not place.is_file():  # a pipe, or /dev/stdout
            place.write_bytes(page)
        else:
            write_whole(place, page)
    except OSError as error:
        reason = f"--report: {path} cannot be written: {error.strerror or error}."
        raise CannotRun(f"{reason} {'It is as it was.' if path.exists() else 'There is no report.'}") from error
