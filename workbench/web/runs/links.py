"""The links within an outcome: each to a page of its own, and to the part that htmx swaps in."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import render_template, url_for
from markupsafe import Markup

from workbench.domain import Kind, Run
from workbench.web.runs.exchanges.query import ExchangeQuery
from workbench.web.runs.query import OutcomeQuery, with_parameters
from workbench.web.runs.values.field_anchors import FieldAnchor
from workbench.web.services.app_context import app_context
from workbench.web.ui.code_places import code_url
from workbench.web.ui.json_tree import Gap


@dataclass(frozen=True, slots=True)
class Link:
    """``page`` works without scripts and is what the address bar shows; ``part`` gives the outcome alone."""

    page: str
    part: str


@dataclass(frozen=True, slots=True)
class Links:
    """Makes the links of the outcome that ``query`` describes."""

    run: Run
    query: OutcomeQuery
    tab_shown: str
    _files: dict[tuple[str, int], str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.run.id

    @property
    def here(self) -> str:
        """The page that the outcome stands on."""
        return self.query.here

    @property
    def reload(self) -> str:
        """The same view, loaded again."""
        return self._link(self.query).page

    @property
    def events(self) -> str:
        """The stream of this same view."""
        return self._to("events", self.query)

    @property
    def part(self) -> str:
        """This same view, the outcome alone."""
        return self._link(self.query).part

    def tab(self, name: str) -> Link:
        """A tab."""
        return self._link(OutcomeQuery(self.here, name))

    def exchange(self, number: int) -> Link:
        """An exchange, opened."""
        return self._link(OutcomeQuery(self.here, "http", exchange=number, exchanges=self.query.exchanges))

    def exchanges(self, query: ExchangeQuery) -> Link:
        """The list of exchanges by another query."""
        return self._link(OutcomeQuery(self.here, "http", exchange=self.query.exchange, exchanges=query))

    def row_page(self, start: int) -> str:
        """The page with an exchange opened and the list shown from ``start`` on, once the exchange's number follows."""
        shown = replace(self.query.exchanges, start=start)
        return with_parameters(OutcomeQuery(self.here, "http", exchanges=shown).page, {"exchange": ""})

    @property
    def list_fields(self) -> tuple[tuple[str, str], ...]:
        """What a form that changes the filter of the exchanges sends besides it: the page, the tab, the order."""
        listed = self.query.exchanges.without_filter
        query = OutcomeQuery(self.here, "http", exchange=self.query.exchange, exchanges=listed)
        return tuple(parse_qsl(urlsplit(query.page).query))

    def find_fields(self, exchange: int | None = None) -> tuple[tuple[str, str], ...]:
        """What a form sends besides the words that it searches for: in the bodies of an exchange, or in the result."""
        if exchange is None:
            query = OutcomeQuery(self.here, self.tab_shown, raw=self.query.raw)
        else:
            query = OutcomeQuery(self.here, "http", exchange=exchange, exchanges=self.query.exchanges)
        return tuple(parse_qsl(urlsplit(query.page).query))

    @property
    def list_part(self) -> str:
        """Where such a form gets the outcome alone."""
        return self._to("part", OutcomeQuery(self.here))

    def error(self, number: int) -> Link:
        """A validation error, with data and schema."""
        return self._link(OutcomeQuery(self.here, "validation", error=number))

    def warning(self, number: int) -> Link:
        """A warning, with data and schema."""
        return self._link(OutcomeQuery(self.here, "validation", warning=number))

    def side(self, where: str) -> Link:
        """A value and its schema with nothing marked."""
        return self._link(OutcomeQuery(self.here, "validation", where=where))

    def place(self, where: str, at: str) -> Link:
        """A place of the data, with data and schema."""
        return self._link(OutcomeQuery(self.here, "validation", where=where, at=f"#{at}"))

    def rule(self, where: str, rule: str) -> Link:
        """A rule of the schema, with data and schema."""
        return self._link(OutcomeQuery(self.here, "validation", where=where, rule=f"#{rule}"))

    def node_pages(self, where: str, side: str) -> Callable[[str], str]:
        """Gives the page on which a node of one side (``data`` or ``schema``) is marked, and what belongs to it."""
        make = self.place if side == "data" else self.rule
        return lambda pointer: make(where, pointer).page

    @property
    def data_and_schema_part(self) -> str:
        """The part that shows another place of data and schema, once that place is added as parameters."""
        return self._to("part", OutcomeQuery(self.here, "validation"))

    def fixes(self, error: int) -> str:
        """The suggested fixes of an error."""
        return self._of_fixes("fixes.index", error)

    def fix(self, error: int, key: str) -> str:
        """Where one fix is written or applied."""
        return self._of_fixes("fixes.write", error, key=key)

    def plan(self, error: int) -> str:
        """The fixes of all errors of the same value as one change."""
        return self._of_fixes("fixes.plan", error)

    def apply(self, error: int, key: str) -> str:
        """The form, filled with the inputs of this run after a fix."""
        return with_parameters(self.form, {"error": str(error), "fix": key})

    def _of_fixes(self, endpoint: str, error: int, **values: Any) -> str:
        parameters = {"error": str(error), "here": self.here}
        return with_parameters(url_for(endpoint, run_id=self.run_id, **values), parameters)

    @property
    def can_reveal(self) -> bool:
        """Whether the secrets of the run are still there: the history keeps none."""
        return app_context().store.holds(self.run_id)

    @property
    def undo(self) -> str:
        """Where the last change of ``config.json`` is undone."""
        return url_for("fixes.undo", run_id=self.run_id)

    def field(self, where: str, field: FieldAnchor | None) -> str:
        """The form field of an invalid input or auth value, on the page that has it; empty where no page has."""
        if field is None:
            return ""
        anchors = field.ids
        if where == "auth":
            return f"{url_for('auth.show', integration_id=self.run.request.integration_id)}#{anchors[0]}"
        if self.run.request.kind is Kind.ACCOUNT:
            return ""
        page = self.form
        return f"#{anchors[0]}" if self.here.partition("?")[0] == page.partition("?")[0] else f"{page}#{anchors[0]}"

    @property
    def installation(self) -> str:
        """Where the installation of the integration's requirements is started."""
        return url_for("integrations.install", integration_id=self.run.request.integration_id)

    @property
    def form(self) -> str:
        """The page on which it was run, filled with the inputs of this run."""
        return form_url(self.run)

    @property
    def repeat(self) -> str:
        """Where a run with the same inputs is started; empty where no handler was run."""
        asked = self.run.request
        nothing_ran = asked.pasted or asked.load_only or asked.kind is Kind.REQUEST
        return "" if nothing_ran else url_for("runs.repeat", run_id=self.run_id)

    @property
    def fuzz(self) -> str:
        """Where the run is replayed with odd answers and inputs; empty where no handler was run."""
        return url_for("fuzz.show", run_id=self.run_id) if self.repeat else ""

    @property
    def test(self) -> str:
        """Where the run is saved as a test; empty where no handler was run."""
        asked = self.run.request
        if asked.pasted or asked.load_only or asked.kind is Kind.REQUEST:
            return ""
        return url_for("recorded_tests.new", integration_id=asked.integration_id, run=self.run_id)

    @property
    def credentials(self) -> str:
        """The page of the credentials, from which saving leads back to the form with the inputs of this run."""
        back = None if self.run.request.load_only else self.form
        return url_for("auth.show", integration_id=self.run.request.integration_id, back=back)

    def file(self, path: str, line: int) -> str:
        """The link to a line of a file of the integration; empty where it is none of its files."""
        if (path, line) not in self._files:
            request = self.run.request
            self._files[path, line] = code_url(request.integration_id, request.root, path, line)
        return self._files[path, line]

    def result(self, shape: str) -> Link:
        """The result as a table, a tree or text."""
        return self._link(OutcomeQuery(self.here, "result", raw=shape))

    def source(self, name: str) -> Link:
        """The output of one source."""
        return self._link(OutcomeQuery(self.here, "output", source=name))

    def toggle(self, what: str, raw: bool, exchange: int | None = None) -> Markup:
        """The switch between the tree of a value and its raw text."""
        exchange = self.query.exchange if exchange is None else exchange
        changed = replace(self.query, tab=self.tab_shown, raw="" if raw else what, exchange=exchange)
        return Markup(render_template("runs/_toggle.html", link=self._link(changed), raw=raw, what=what))  # noqa: S704

    def hide(self, exchange: int) -> Markup:
        """The way back from a revealed exchange."""
        return Markup(render_template("runs/_hide.html", link=self.exchange(exchange)))  # noqa: S704

    def loader(self, name: str, where: str = "") -> Callable[[Gap], str]:
        """Gives the URL of what a gap in the value ``name`` stands for; ``where`` that its schema is beside it."""

        def load(gap: Gap) -> str:
            place = {"pointer": gap.pointer, "start": str(gap.start), "stop": str(gap.stop)}
            place |= {"where": where, "here": self.here} if where else {}
            return with_parameters(url_for("runs.value", run_id=self.run_id, name=name), place)

        return load

    def _link(self, query: OutcomeQuery) -> Link:
        return Link(query.page, self._to("part", query))

    def _to(self, endpoint: str, query: OutcomeQuery) -> str:
        return with_parameters(
            url_for(f"runs.{endpoint}", run_id=self.run_id), query.parameters() | {"here": self.here}
        )


def form_url(run: Run, tab: str = "", exchange: str = "") -> str:
    """The page of the run's handler, with its inputs and its outcome, on which ``tab`` and an exchange are open."""
    asked = run.request
    if asked.kind is Kind.REQUEST:
        return url_for("resend.show", run_id=run.id, exchange=1)
    routes = {Kind.ACTION: "actions.show", Kind.TRIGGER: "triggers.show", Kind.ACCOUNT: "account.show"}
    values: dict[str, Any] = {"integration_id": asked.integration_id, "run": run.id}
    if asked.kind is not Kind.ACCOUNT:
        values["name"] = asked.name
    return url_for(routes[asked.kind], **values, tab=tab or None, exchange=exchange or None)
