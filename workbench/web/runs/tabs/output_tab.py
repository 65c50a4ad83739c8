"""The Output tab: what was printed and logged."""

from workbench.domain import Run
from workbench.web.runs.tabs import output
from workbench.web.runs.tabs.output import Console
from workbench.web.runs.tabs.tab import Badge, Tab, TabContext


class OutputTab(Tab):
    """Standard output, standard error, log records and the workbench's notes, on one clock."""

    name = "output"
    title = "Output"
    template = "runs/_output.html"

    def badge(self, run: Run) -> Badge:
        """How many lines there are."""
        return Badge(str(sum(bool(line.text.strip()) for line in run.outcome.output) or ""))

    def present(self, context: TabContext) -> Console:
        """The lines of the source that the query names, or of all."""
        return output.present(context.run, context.query.source)
