"""The Handler tab: the code as it ran."""

from workbench.domain import Run
from workbench.web.runs.tabs import handler
from workbench.web.runs.tabs.handler import Handler
from workbench.web.runs.tabs.tab import Badge, Tab, TabContext


class HandlerTab(Tab):
    """The handler's source with the lines that matter, and the exception with its frames."""

    name = "handler"
    title = "Handler"
    template = "runs/_handler.html"

    def badge(self, run: Run) -> Badge:
        """A mark where an exception has lines to show."""
        return Badge("!" if run.outcome.error and run.outcome.error.frames else "", "bad")

    def present(self, context: TabContext) -> Handler:
        """The source and the exception."""
        return handler.present(context.run)
