"""A shared run as the commands read and write it."""

from dataclasses import replace
from pathlib import Path

from workbench import __version__
from workbench.catalog import Catalog
from workbench.cli.failure import CannotRun
from workbench.cli.output.report_file import write_report_file
from workbench.domain import Run
from workbench.history import HistoryArchive
from workbench.web.runs.share.share_page import share_page
from workbench.web.runs.share.shared_file import SharedFileError, read_shared


def write_report(run: Run, title: str, path: Path) -> None:
    """Write a masked run of the integration ``title`` as one HTML file. Raises :class:`CannotRun`."""
    write_report_file(path, share_page(run, title, __version__))


def read_or_fail(path: Path) -> Run:
    """The run in a shared file. Raises :class:`CannotRun`."""
    try:
        return read_shared(path)
    except SharedFileError as error:
        raise CannotRun(str(error)) from error


def keep(run: Run, catalog: Catalog, archive: HistoryArchive) -> str:
    """The id of the shared run in the history.

    It becomes a run of the open integration of its name; without one it has no folder of this machine.
    """
    known = [each.integration for each in catalog.outlines()]
    own = next((each for each in known if each.id == run.request.integration_id), None)
    root = own.root if own else Path(run.request.root.name or "shared")
    made = replace(run, id=archive.reserve_id(), request=replace(run.request, root=root))
    archive.put(lambda: made)
    archive.writer.flush(5.0)
    return made.id
