"""The HTML file of a run: no script, nothing loaded from elsewhere, secrets masked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from workbench.domain import ABSENT, Exchange, Headers, Request, Response, Run, Side, ValidationError
from workbench.domain.masked_text import decode_text, json_text, read_with_masks
from workbench.explain import durations, headline, hints, validation_errors, value_origin
from workbench.explain.http import network, uncaptured
from workbench.explain.statuses import status_word
from workbench.explain.text import Sentence, count, size
from workbench.explain.warnings import run_warnings
from workbench.explain.warnings.cut_values import cut_of, reason
from workbench.jsondoc import pointer as pointers
from workbench.web.runs.exchanges.timings import Waterfall, clock, waterfall
from workbench.web.runs.share.documents import style, templates
from workbench.web.runs.share.shared_file import inside
from workbench.web.runs.tabs import handler, output

_LONGEST_VALUE: Final = 256 * 1024
_LONGEST_BODY: Final = 32 * 1024
_MOST_EXCHANGES: Final = 300
"""How much of a value and of a body is printed, in characters, and how many exchanges; the run inside has them all."""


@dataclass(frozen=True, slots=True)
class Text:
    """A value as text; ``cut`` says how much of it stands here, empty where all of it does."""

    text: str
    cut: str = ""


@dataclass(frozen=True, slots=True)
class ErrorCard:
    """A validation error with the value and the rule that it is about."""

    sentence: Sentence
    where: str
    pointer: str
    rule: str
    value: Text
    schema: Text


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response: its first line, its headers, its body and its trailers."""

    line: str
    headers: Headers
    body: Text
    trailers: Headers = ()


@dataclass(frozen=True, slots=True)
class ExchangeCard:
    """An exchange, and its phases on the clock of the run."""

    number: int
    title: str
    status: str
    failed: bool
    bars: Waterfall
    request: Message
    response: Message | None
    error: str


def share_page(run: Run, title: str, version: str) -> bytes:
    """The file for a finished, masked run of the integration ``title``, made by the workbench ``version``."""
    text, left_out = inside(run)
    moment = clock(run.outcome.exchanges, run.outcome.duration or 0.0, live=False)
    shown = run.outcome.exchanges[:_MOST_EXCHANGES]
    page = templates().get_template("runs/share/page.html")
    return page.render(
        run=run,
        title=title,
        version=version,
        style=style(),
        status=status_word(run),
        headline=headline.tell(run),
        hint=hints.recognise(run),
        origin=value_origin.explain(run),
        warnings=[*(warning.sentence for warning in run_warnings.of_run(run)), *uncaptured.sentences(run)],
        facts=_facts(run),
        remarks=list(_remarks(run, left_out)),
        errors=[_error(run, error) for error in run.outcome.errors],
        inputs=_value(run.request.inputs),
        result=_value(run.outcome.returned.value) if run.outcome.returned else None,
        exchanges=[_exchange(each, waterfall(each, moment)) for each in shown],
        ticks=moment.ticks,
        code=handler.present(run),
        console=output.present(run),
        inside=text,
    ).encode("utf-8", "replace")


def _facts(run: Run) -> tuple[str, ...]:
    asked = run.request
    made = datetime.fromtimestamp(run.created_at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    traffic = count(len(run.outcome.exchanges), "exchange") if run.outcome.exchanges else ""
    answers = f"answers from {asked.answers.label}" if asked.answers.label else ""
    parts = (made, durations.took(run.outcome), traffic, f"contract {asked.contract.version.value}", answers)
    return tuple(filter(None, parts))


def _remarks(run: Run, left_out: bool) -> Iterator[str]:
    """What was masked and what is not here, as sentences."""
    names = list(dict.fromkeys(secret.name for secret in run.outcome.secrets))
    if names:
        yield f"Masked: {', '.join(names)}. Each stands as ‹name› wherever its value would be."
    if (cut := cut_of(run)) is not None:
        yield reason(cut)
    if left_out:
        yield "The result is too large for this file and is left out."
    if (more := len(run.outcome.exchanges) - _MOST_EXCHANGES) > 0:
        yield f"This page leaves out {count(more, 'exchange')}, which the run in this file contains."


def _error(run: Run, error: ValidationError) -> ErrorCard:
    of = validation_errors.value_and_schema(run, error.where)
    place = {Side.INPUT: "inputs", Side.AUTH: "auth", Side.OUTPUT: "output"}[Side(error.where)]
    found = pointers.resolve(of.value, error.pointer)
    rule = pointers.resolve(of.schema, pointers.parent(error.schema_pointer))
    return ErrorCard(
        validation_errors.sentence(error), place, error.pointer, error.schema_pointer, _value(found), _value(rule)
    )


def _exchange(exchange: Exchange, bars: Waterfall) -> ExchangeCard:
    response = exchange.response
    return ExchangeCard(
        number=exchange.id,
        title=network.request_words(exchange).text,
        status=str(response.status) if response and response.status else "no response",
        failed=exchange.error is not None or response is None or response.status >= 400,
        bars=bars,
        request=_message(f"{exchange.request.method} {exchange.request.url}", exchange.request),
        response=None if response is None else _message(f"{response.status} {response.reason}".strip(), response),
        error=f"{exchange.error.type}: {exchange.error.message}" if exchange.error else "",
    )


def _message(line: str, message: Request | Response) -> Message:
    trailers = message.trailers if isinstance(message, Response) else ()
    return Message(line, message.headers, _shown_body(message), trailers)


def _shown_body(message: Request | Response) -> Text:
    text = decode_text(message.body, _utf8)
    if text is None:
        return Text("", f"{size(message.size)} that are not text")
    shown = _cut(_indented(text), _LONGEST_BODY)
    return shown if not message.cut else Text(shown.text, "only the beginning was stored")


def _indented(text: str) -> str:
    """JSON with indents, masks kept; any other text as it is."""
    if text[:1] not in ("{", "["):
        return text
    try:
        return json_text(read_with_masks(text, json.loads), indent=2)
    except (ValueError, RecursionError):
        return text


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _value(value: object) -> Text:
    return Text("", "missing") if value is ABSENT else _cut(json_text(value, indent=2), _LONGEST_VALUE)


def _cut(text: str, longest: int) -> Text:
    if len(text) <= longest:
        return Text(text)
    return Text(text[:longest], f"the first {size(longest)} of {size(len(text))}")
