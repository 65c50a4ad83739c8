"""Finished runs in a database: masked, searchable, kept by count, age and size."""

from workbench.history.archive import HistoryArchive as HistoryArchive
from workbench.history.database import HistoryUnavailable as HistoryUnavailable
from workbench.history.database import UnavailableReason as UnavailableReason
from workbench.history.entry import Entry as Entry
from workbench.history.entry import EntryFilter as EntryFilter
from workbench.history.history import Cause as Cause
from workbench.history.history import History as History
from workbench.history.history import Totals as Totals
from workbench.history.retention import Retention as Retention
from workbench.history.run_document import UnreadableRun as UnreadableRun
from workbench.history.run_document import read_run as read_run
from workbench.history.run_document import write_run as write_run
from workbench.history.writer import HistoryWriter as HistoryWriter
