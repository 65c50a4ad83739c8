"""Where the HTTP answers of a rerun come from, so that nothing is written upstream twice."""

from collections.abc import Iterable
from typing import Final

from workbench.answers.from_run import answers_of_run
from workbench.answers.rule_answers import own_answer
from workbench.domain import Answers, AnswerSource, Rule, RuleAction, RuleMatch, Run

_WITH_EFFECT: Final = ("POST", "PUT", "PATCH", "DELETE")


def rerun_answers(
    run: Run, now: Answers, earlier: Iterable[Run] = (), *, live: bool = False, with_effects: bool = False
) -> Answers:
    """The answers of a rerun of ``run``: those that it got itself, or that it was given from a recording.

    Where its handler was never called it got none, and those of the last of the ``earlier`` runs with the same inputs
    are taken. ``live`` goes to the network, with the rules of ``now``, what a run would be given that is made now; a
    request that may write something gets a 403 where no rule keeps it from its server, unless ``with_effects`` says
    that it may.
    """
    asked = run.request.answers
    if live:
        rules = tuple(rule for rule in now.rules if not rule.name.startswith(_GUARD))
        guards = () if with_effects else tuple(map(_guard, _WITH_EFFECT))
        place = next((index for index, rule in enumerate(rules) if _reaches_server(rule)), len(rules))
        return Answers(rules=(*rules[:place], *guards, *rules[place:]), saved_rules=now.saved_rules)
    if asked.source is AnswerSource.RECORDING:
        return asked
    called = (one for one in (run, *earlier) if one.outcome.started_at is not None)
    return answers_of_run(next((one for one in called if one.request.inputs == run.request.inputs), run))


def _reaches_server(rule: Rule) -> bool:
    """Whether its requests are sent to their own server: the first rule that matches hides all after it."""
    return rule.action is not RuleAction.FORWARD and own_answer(rule) is None


_GUARD: Final = "rerun without "


def _guard(method: str) -> Rule:
    """The rule that answers requests which may write something; a failed connection would be tried again."""
    body = f"Not sent: a live rerun sends GET and HEAD, and this is a {method}.".encode()
    headers = (("Content-Type", "text/plain; charset=utf-8"),)
    return Rule(
        f"{_GUARD}{method}", RuleAction.RESPOND, RuleMatch(method=method), status=403, headers=headers, body=body
    )
