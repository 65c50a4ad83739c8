"""A run as people read it in a terminal."""

import json
from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from workbench.domain import ErrorInfo, Exchange, LoadFailure, Outcome, Output, Returned, Rule, Run, RunRequest, Status
from workbench.explain import auth_shape, dependencies, durations, endings, headline, missing_credentials, value_origin
from workbench.explain.documents.report import join_output
from workbench.explain.http import answer_origins, proxies, retries, uncaptured
from workbench.explain.http.redirects import find_redirects
from workbench.explain.statuses import status_word
from workbench.explain.terminal_text import visible
from workbench.explain.text import plain
from workbench.explain.warnings import run_warnings

_MARKS = {"ok": ("✓", "bold green"), "warn": ("!", "bold yellow"), "bad": ("✗", "bold red")}
"""The mark before a run's word, by its tone; only a run that succeeded can have another than the last."""
_REPLACED = 20
"""Parts that are not JSON that are listed."""
_PIPE = 100_000
"""Columns of output that is no terminal."""
_BODY_STATES = {"cut": "cut off", "abandoned": "closed early", "unread": "unread", "unparsed": "unreadable"}


def print_run(run: Run, console: Console) -> None:
    """Print headline, validation errors, exchanges, output and result, whatever of them there is."""
    if not console.is_terminal:
        console.width = _PIPE  # other programs search it by lines, so that a URL stays in one
    for part in _parts(run):
        console.print(part, soft_wrap=isinstance(part, Text))


def _parts(run: Run) -> Iterator[RenderableType]:
    outcome, request = run.outcome, run.request
    status = outcome.status or Status.CRASHED
    good = status is Status.SUCCEEDED
    took = "" if outcome.duration is None else f" ({durations.took(outcome)})"
    word = status_word(run)
    mark = _MARKS.get(word.tone if good else "bad", _MARKS["bad"])
    subject = f"{request.kind} {visible(request.name)}"
    title = subject if headline.names_status(run) else f"{word.text}: {subject}"
    yield Text.assemble(mark, " ", (title, "bold"), took)
    summary = plain(headline.tell(run))
    yield Text(f"  {visible(summary)}")
    yield from _advice(run)
    yield Text(f"  contract {request.contract.version}: {visible(request.contract.reason)}", style="dim")
    if not request.sdk.is_ours:
        yield Text(f"  SDK {visible(request.sdk.release)}, {dependencies.SDK_WORDS[request.sdk.source]}", style="dim")
    if told := answer_origins.summary(run) or answer_origins.run_text(request.answers):
        yield Text(f"  {visible(told)}", style="dim")
    if packages := dependencies.vendored(outcome):
        told = ", ".join(f"{one.name} {one.release}" for one in packages)
        yield Text(f"  from dependencies/: {visible(told)}", style="dim")
    if unmet := request.dependencies.unmet:
        told = f"  {dependencies.summary(request.dependencies)}: {dependencies.listed(unmet)}"
        yield Text(visible(told), style="yellow")
    yield from _auth(request)
    if outcome.error is not None and status is not Status.INVALID_OUTPUT:
        yield from _error(run, outcome.error, visible(summary))
    yield from _validation(outcome)
    if outcome.exchanges:
        yield Padding(_exchanges(outcome.exchanges, run.request.answers.rules), (1, 0, 0, 0), expand=False)
    if outcome.output:
        yield Text("\nOutput", style="bold")
        yield from (_output(item) for item in join_output(outcome.output))
    if outcome.returned is not None:
        yield Text(f"\n{'Result' if good else f'Returned ({visible(outcome.returned.type_name)})'}", style="bold")
        yield Text(visible(json.dumps(outcome.returned.value, ensure_ascii=False, indent=2)))
        yield from _not_json(outcome.returned)


def _error(run: Run, error: ErrorInfo, told: str) -> Iterator[RenderableType]:
    """The error and its traceback, without what was ``told`` above; the text ends most tracebacks, so it goes once."""
    stopped = endings.stopped_at(run.outcome, run.request)
    message = visible(endings.message(error, run.request, stopped).strip())
    is_own = error.end is not None or error.type in LoadFailure
    text = message if is_own else f"{visible(error.type)}: {message}"
    has_traceback = run.outcome.status in (Status.FAILED, Status.LOAD_FAILED)
    traceback = visible(error.traceback.rstrip()) if has_traceback else ""
    is_told = told.rstrip(".").endswith(text.rstrip("."))
    if not is_told and not traceback.endswith(text):
        yield Text(f"\n{text}", style="red")
    if traceback and not (is_told and traceback == text):
        yield Text(f"\n{traceback}", style="dim")


def _not_json(returned: Returned) -> Iterator[RenderableType]:
    """The parts that are not JSON, by place and type; above them stands the text that replaces each."""
    if returned.lossy:
        endless = all(part.is_endless for part in returned.lossy)
        yield Text("\nNested too deep, or containing itself" if endless else "\nNot JSON", style="bold yellow")
    for part in returned.lossy[:_REPLACED]:
        kind = "key " * part.is_key + (visible(part.type_name) or visible(part.text))
        yield Text(f"  {visible(part.pointer) or '(whole)'}  {kind}")
    if (more := len(returned.lossy) - _REPLACED) > 0:
        yield Text(f"  and {more} more")


def _advice(run: Run) -> Iterator[RenderableType]:
    """Who brought an invalid value about, the hints, and the warnings that the headline does not give."""
    if missing_credentials.labels(run):
        yield Text("  Give them with --auth, or the name of a saved profile with --profile.")
    if origin := plain(value_origin.explain(run)):
        yield Text(f"  {visible(origin)}")
    yield from _hints(run)
    for warning in run_warnings.further(run):
        yield Text.assemble(("  Warning: ", "bold yellow"), visible(plain(warning.sentence)))
    for told in (*uncaptured.sentences(run), *answer_origins.warnings(run)):
        yield Text(f"  {visible(plain(told))}", style="yellow")


def _validation(outcome: Outcome) -> Iterator[RenderableType]:
    for error in outcome.errors:
        place = f"{error.where} {visible(error.pointer) or '(whole)'}"
        rule = f"{error.keyword} at" if error.keyword else "at"
        schema = f"   ({visible(rule)} {visible(error.schema_pointer) or 'the root'})"
        yield Text.assemble("\n", (place, "bold yellow"), f"\n  {visible(error.message)}\n", (schema, "dim"))
    for each in outcome.warnings:
        place = f"{each.where} {visible(each.pointer) or '(whole)'}"
        yield Text.assemble("\n", (f"warning: {place}", "yellow"), f"\n  {visible(each.message)}")


def _auth(request: RunRequest) -> Iterator[RenderableType]:
    """The shape of the credentials and its reason, and the names of those that config.json does not declare."""
    if request.profile:
        yield Text(f"  profile {visible(request.profile)}", style="dim")
    if not request.auth and not request.auth_schema:
        return
    reason = auth_shape.why(request.shape_reason, request.contract)
    yield Text(f"  auth {request.auth_shape}: {visible(reason)}", style="dim")
    if told := auth_shape.undeclared(request):
        yield Text(f"  {visible(told)}", style="dim")


def _hints(run: Run) -> Iterator[RenderableType]:
    """The hints that the headline does not give already: the cause, then what to write."""
    if (hint := run_warnings.hint_beside(run)) is not None:
        yield Text.assemble(("  Hint: ", "bold cyan"), visible(plain(hint.cause_sentence)))
        yield Text(f"  {visible(plain(hint.fix))}")


def _exchanges(exchanges: tuple[Exchange, ...], rules: tuple[Rule, ...]) -> Table:
    table = Table("#", "method", "URL", "status", "size", "ms", box=None, pad_edge=False, header_style="bold")
    redirects = find_redirects(exchanges)
    for exchange in exchanges:
        if (redirect := redirects.get(exchange.id)) is not None:
            table.add_row("", "", Text(visible(redirect.text), style="dim"), "", "", "")
        response, total = exchange.response, exchange.timings.total
        status = (
            str(response.status) if response and response.status else exchange.error.type if exchange.error else "–"
        )
        table.add_row(
            str(exchange.id),
            Text(visible(exchange.request.method)),
            Text(visible(exchange.request.url), overflow="fold"),
            Text(visible(status)),
            _size(exchange),
            "" if total is None else f"{total:.1f}",
        )
        for fact in filter(None, (*answer_origins.facts(exchange, rules), proxies.ignored(exchange))):
            table.add_row("", "", Text(visible(fact), style="dim"), "", "", "")
        if exchange.retry is not None:
            table.add_row("", "", Text(f"wait {retries.until(exchange.retry)}", style="dim"), "", "", "")
    return table


def _size(exchange: Exchange) -> str:
    """The bytes of the response's body, and what became of it where that is not all."""
    response = exchange.response
    if response is None:
        return ""
    recorded = f"{len(response.body)} recorded" if response.cut else ""
    return ", ".join(filter(None, (str(response.size), recorded, _BODY_STATES.get(exchange.body_state))))


def _output(item: Output) -> Text:
    label = f"{item.level.lower()} {item.logger}" if item.source == "log" else item.source
    lines = visible(item.text.rstrip("\n")).splitlines() or [""]
    return Text("\n").join(Text.assemble((f"  {visible(label)} │ ", "dim"), line) for line in lines)
