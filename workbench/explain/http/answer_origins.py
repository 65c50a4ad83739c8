"""Where the answers of a run and of one exchange came from, in words; and what a recording had no answer to."""

from collections import Counter
from collections.abc import Iterable

from workbench.answers.messages import unmatched_message
from workbench.domain import Answers, AnswerSource, Exchange, Rule, RuleAction, Run, Status
from workbench.explain.text import Sentence, count, sentence, shorten

_TO_DO = "Send requests without a recorded answer to the network, or request less data."
_DONE = {
    RuleAction.FORWARD: "forwarded",
    RuleAction.RESPOND: "answered",
    RuleAction.RATE_LIMIT: "answered",
    RuleAction.FAIL: "failed",
    RuleAction.DELAY: "delayed",
    RuleAction.TRUNCATE: "cut",
}


def is_changed(exchange: Exchange) -> bool:
    """Whether the answer came from anything but the network alone."""
    origin = exchange.origin
    return bool(origin.rule) or origin.unmatched is not None or origin.source is AnswerSource.RECORDING


def mark(exchange: Exchange) -> str:
    """What a list says of it in few words; empty where the network answered."""
    origin = exchange.origin
    if origin.rule:
        return f"rule: {shorten(origin.rule, 60)}"
    if origin.unmatched is not None and origin.unmatched.stored is not None:
        return "not stored whole"
    if origin.unmatched is not None or is_refused(exchange):
        return "not recorded"
    return "recorded" if origin.source is AnswerSource.RECORDING else ""


def facts(exchange: Exchange, rules: Iterable[Rule] = ()) -> tuple[str, ...]:
    """What its details say of it, a phrase each; ``rules`` are those of its run."""
    origin = exchange.origin
    found = [f"through the proxy {shorten(exchange.proxy, 100)}"] if exchange.proxy else []
    found += [_by_rule(origin.rule, rules)] if origin.rule else []
    if origin.unmatched is not None and origin.recorded is not None:
        found.append(f"answered by the closest exchange of the recording, {origin.recorded}")
    elif origin.recorded is not None:
        found.append(f"answered by exchange {origin.recorded} of the recording")
    elif is_refused(exchange):
        found.append("not replayed")
    elif origin.source is AnswerSource.RECORDING and not origin.rule and origin.unmatched is None:
        found.append("answered by the recording")
    return tuple(found)


def _by_rule(name: str, rules: Iterable[Rule]) -> str:
    """What the rule with that name did to it."""
    rule = next((each for each in rules if each.name == name), None)
    done = _DONE.get(rule.action, "changed") if rule else "changed"
    to = f" to {shorten(rule.base_url, 100)}" if rule and rule.action is RuleAction.FORWARD else ""
    return f"{done} by the rule “{shorten(name, 100)}”{to}"


def run_text(answers: Answers) -> str:
    """The source and the number of rules, for the facts of a run; empty where the network answers everything."""
    parts = []
    if answers.source is AnswerSource.RECORDING:
        recorded = f"the recording {answers.label}" if answers.label else "a recording"
        parts.append(f"answers from {shorten(recorded, 100)}")
    if answers.rules:
        parts.append(count(len(answers.rules), "rule"))
    return ", ".join(parts)


def summary(run: Run) -> str:
    """How many exchanges each source answered, and each rule changed; empty where the network answered all."""
    exchanges = run.outcome.exchanges
    if not any(map(is_changed, exchanges)):
        return ""
    rules = Counter(each.origin.rule for each in exchanges if each.origin.rule)
    origins = [each.origin for each in exchanges if not each.origin.rule and each.origin.unmatched is None]
    recorded = sum(one.source is AnswerSource.RECORDING for one in origins) - sum(map(is_refused, exchanges))
    missing = [each.origin.unmatched for each in exchanges if each.origin.unmatched is not None]
    partly = sum(one.stored is not None for one in missing)
    unmatched = len(missing) - partly
    told = [f"{count(recorded, 'answer')} from the recording"] if recorded else []
    told += [f"{count(unmatched, 'request')} not recorded"] if unmatched else []
    told += [f"{count(partly, 'recorded response')} not stored whole"] if partly else []
    told += [f"rule “{shorten(name, 60)}” changed {count(times, 'exchange')}" for name, times in rules.items()]
    return ", ".join(told)


def is_refused(exchange: Exchange) -> bool:
    """Whether a replay could not have an answer to it, whatever was recorded: a WebSocket."""
    return exchange.error is not None and exchange.error.is_unanswered and exchange.origin.unmatched is None


def first_unanswered(run: Run) -> Sentence:
    """The first request of the run that its recording had no answer to, nor anything else; empty if there is none."""
    return _first_unmatched(each for each in run.outcome.exchanges if each.response is None)


def warnings(run: Run) -> tuple[Sentence, ...]:
    """The first request that the recording had no answer to, where the headline does not say it."""
    is_told = run.outcome.status is Status.FAILED and first_unanswered(run)
    first = () if is_told else _first_unmatched(run.outcome.exchanges)
    return (first,) if first else ()


def _first_unmatched(exchanges: Iterable[Exchange]) -> Sentence:
    first = next((each.origin.unmatched for each in exchanges if each.origin.unmatched is not None), None)
    if first is None:
        return ()
    return sentence(unmatched_message(first), *([f" {_TO_DO}"] if first.stored is not None else []))
