"""The tabs of an outcome, in the order of the page. Each is one object in one file, and knows none of the others."""

from workbench.web.runs.tabs.handler import HandlerTab
from workbench.web.runs.tabs.http import HttpTab
from workbench.web.runs.tabs.output import OutputTab
from workbench.web.runs.tabs.result import ResultTab
from workbench.web.runs.tabs.tab import Tab, TabContext
from workbench.web.runs.tabs.validation import ValidationTab

__all__ = ["TABS", "Tab", "TabContext", "tab_named"]

TABS: tuple[Tab, ...] = (ResultTab(), HttpTab(), ValidationTab(), OutputTab(), HandlerTab())
"""All tabs."""


def tab_named(name: str) -> Tab | None:
    """The tab named ``name``; None where there is none."""
    return next((tab for tab in TABS if tab.name == name), None)
