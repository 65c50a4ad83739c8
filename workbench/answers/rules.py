"""Which rule a request gets."""

import re
import threading
from collections.abc import Callable, Iterable
from functools import cache
from urllib.parse import parse_qsl

from workbench.answers.request_parts import host_of
from workbench.domain import Rule, RuleMatch
from workbench.domain.split_url import split_url


class RuleBook:
    """The rules of a run. It counts the requests that each is for, whichever rule they get."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._counts = [0] * len(self._rules)
        self._lock = threading.Lock()

    def concerns(self, url: str) -> bool:
        """Whether any rule may be for requests to that URL's host."""
        return any(has_host(rule.match, url) for rule in self._rules)

    def next(self, method: str, url: str) -> Rule | None:
        """The rule that such a request would get, if it was sent now."""
        with self._lock:
            return self._first(method, url)

    def take(self, method: str, url: str) -> Rule | None:
        """The rule for a request that is sent now, which counts; the first that matches."""
        return self.take_if(method, url, lambda rule: True)[0]

    def take_if(self, method: str, url: str, is_wanted: Callable[[Rule | None], bool]) -> tuple[Rule | None, bool]:
        """The rule that such a request gets, and whether it is wanted: the request counts then, and is sent now.

        No other thread gets a rule meanwhile.
        """
        with self._lock:
            found = self._first(method, url)
            is_taken = is_wanted(found)
            for place, rule in enumerate(self._rules if is_taken else ()):
                self._counts[place] += matches(rule.match, method, url)
        return found, is_taken

    def due(self, url: str) -> list[Rule]:
        """The rules that the next request to that URL's host may get, whatever it asks for."""
        with self._lock:
            return [
                rule
                for rule, count in zip(self._rules, self._counts, strict=True)
                if has_host(rule.match, url) and _is_turn(rule.match, count + 1)
            ]

    def _first(self, method: str, url: str) -> Rule | None:
        for rule, count in zip(self._rules, self._counts, strict=True):
            if matches(rule.match, method, url) and _is_turn(rule.match, count + 1):
                return rule
        return None


def matches(match: RuleMatch, method: str, url: str) -> bool:
    """Whether a request has the method, host, path and query of a rule, however many were sent before."""
    path = split_url(url).path or "/"
    return (
        (not match.method or match.method.upper() == method.upper())
        and has_host(match, url)
        and (not match.path or _pattern(match.path).fullmatch(path) is not None)
        and (not match.query or _has_query(match.query, url))
    )


def _has_query(wanted: str, url: str) -> bool:
    """Whether a URL has each parameter that is wanted, with a value that fits."""
    sent = parse_qsl(split_url(url).query, keep_blank_values=True)
    return all(
        any(known == name and _pattern(value).fullmatch(text) is not None for known, text in sent)
        for name, value in parse_qsl(wanted, keep_blank_values=True)
    )


def _is_turn(match: RuleMatch, number: int) -> bool:
    return number > match.after and (match.nth is None or match.nth == number)


def has_host(match: RuleMatch, url: str) -> bool:
    """Whether a rule is for requests to the host of a URL."""
    if not match.host:
        return True
    host, pattern = host_of(url), _pattern(match.host.lower())
    return pattern.fullmatch(host) is not None or pattern.fullmatch(host.rpartition(":")[0]) is not None


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)
