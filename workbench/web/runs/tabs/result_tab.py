"""The Result tab: what the handler returned."""

from workbench.web.runs.tabs import result
from workbench.web.runs.tabs.result import Result
from workbench.web.runs.tabs.tab import Tab, TabContext


class ResultTab(Tab):
    """The return value as a tree, as records or as raw JSON."""

    name = "result"
    title = "Result"
    template = "runs/_result.html"

    def present(self, context: TabContext) -> Result:
        """The value; ``raw=result`` in the query asks for its JSON text."""
        return result.present(context.run, raw=context.query.raw == "result")
