"""The Validation tab: errors, warnings, and data beside schema."""

from workbench.domain import Run
from workbench.web.runs.tabs import validation
from workbench.web.runs.tabs.tab import Badge, Tab, TabContext
from workbench.web.runs.tabs.validation import Validation


class ValidationTab(Tab):
    """Every validation error at its place, with fixes."""

    name = "validation"
    title = "Validation"
    template = "runs/_validation.html"

    def badge(self, run: Run) -> Badge:
        """How many errors there are, or else how many warnings."""
        errors, warnings = len(run.outcome.problems), len(run.outcome.warnings)
        return Badge(str(errors or warnings or ""), "bad" if errors else "warn")

    def present(self, context: TabContext) -> Validation:
        """The tab with what the query selects."""
        return validation.present(context.run, context.query.selection, context.around())
