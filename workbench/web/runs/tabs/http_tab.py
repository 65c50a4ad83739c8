"""The HTTP tab: the exchanges of the run."""

from workbench.domain import Run, RunState
from workbench.web.runs import exchange_detail
from workbench.web.runs.tabs import http
from workbench.web.runs.tabs.http import Network
from workbench.web.runs.tabs.tab import Badge, Tab, TabContext


class HttpTab(Tab):
    """The list of exchanges on the run's clock, one of them in full."""

    name = "http"
    title = "HTTP"
    template = "runs/_http.html"

    def badge(self, run: Run) -> Badge:
        """How many exchanges there are, and whether one failed."""
        live = run.outcome.state is not RunState.FINISHED
        failed = any(exchange_detail.pill(each, live).tone == "bad" for each in run.outcome.exchanges)
        return Badge(str(len(run.outcome.exchanges) or ""), "bad" if failed else "")

    def present(self, context: TabContext) -> Network:
        """The list with the exchange that the query names open."""
        return http.present(context.run, context.query.exchange, context.elapsed, context.query.raw)
