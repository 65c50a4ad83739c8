"""Masks secrets in everything that was recorded of a run: ``‹api_key›`` stands where the value of ``api_key`` stood.

The rule for short secrets: a value of one to three bytes (in UTF-8) is masked only where it is a whole value (a JSON
string, a header, a parameter, a quoted word, the password of a Basic pair); anywhere in a text it would shred the page.
"""

import json
import re
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import PurePath
from typing import Any, cast

from workbench.domain import (
    JSON,
    Exchange,
    Headers,
    Kind,
    MaskedBytes,
    MaskedSpan,
    MaskedText,
    Outcome,
    Output,
    Run,
    RunRequest,
)
from workbench.events.base64_runs import DecodedRuns, decoded_runs, has_runs
from workbench.events.inherited_secrets import with_inherited
from workbench.events.needle_set import NeedleSet
from workbench.events.other_readings import SHORTEST as SHORTEST_OTHERWISE
from workbench.events.other_readings import inflated, places_otherwise
from workbench.events.secret_forms import SHORTEST, basic_credentials, needles
from workbench.events.secret_names import BY_NAME
from workbench.events.secret_places import address_places, header_places, text_places
from workbench.events.secret_spans import Span, aligned, cut_spans, merge_spans
from workbench.events.secrets import (
    masked_auth,
    masked_environment,
    masked_metadata,
    passwords_of,
    rules_of,
    run_secrets,
)
from workbench.events.text_layers import TextLayers, fold
from workbench.jsondoc.texts import texts_of

_NESTED = 3
"""How deep base64 in base64 is looked into."""
_TAIL = 4096
"""Characters at the end of a text that may be the beginning of a secret, with all its escapes."""
_PART_OF_ESCAPE = re.compile(r"(?:%[0-9A-Fa-f]?|\\+(?:u[0-9A-Fa-f]{0,3}|x[0-9A-Fa-f]?)?|&[#A-Za-z0-9]{0,8})\Z")
_NUMBER = re.compile(r"-?[0-9.eE+-]+")
_SHORTEST_NUMBER = 3
"""Digits; a number of fewer is masked nowhere: it is on every page."""
_ELLIPSIS = "…"
_REMEMBERED = 4
"""Documents whose masked form is remembered: a result is looked at for each change of its run, and twice each time."""


class Redactor:
    """Masks some secrets, given by name, wherever they stand and however they are encoded."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = {text.strip(): name for name, text in reversed(list(secrets.items())) if text.strip()}
        longest_first = sorted(self._secrets, key=len, reverse=True)
        self._needles = NeedleSet(
            [(self._secrets[secret], needle) for secret in longest_first for needle in needles(secret)]
        )
        self._literals = [
            (fold(needle.literal), name)
            for name, needle in self._needles
            if needle.whole is None and not needle.encoded and len(needle.literal) >= SHORTEST_OTHERWISE
        ]
        self._known: list[tuple[JSON, JSON]] = []

    @classmethod
    def for_request(cls, request: RunRequest, environ: Mapping[str, str] | None = None) -> "Redactor":
        """One that knows the secrets of a run: of its credentials, and inputs whose format is ``password``.

        Those of ``environ``, which its worker inherits, are masked under their own names.
        """
        own = run_secrets(request.auth_schema, request.credentials) | passwords_of(request.input_schema, request.inputs)
        return cls(with_inherited(own, environ or {}, rules_of(request, BY_NAME)))

    @property
    def values(self) -> dict[str, str]:
        """The secrets by the names that stand for them."""
        found: dict[str, str] = {}
        for text, name in self._secrets.items():
            found.setdefault(name, text)
        return found

    def knows(self, value: str) -> bool:
        """Whether it masks ``value``."""
        return value.strip() in self._secrets

    def value_of(self, name: str) -> str | None:
        """The secret that has this name."""
        return next((text for text, known in self._secrets.items() if known == name), None)

    def knowing(self, secrets: Mapping[str, str]) -> "Redactor":
        """One that masks these, too; what it knows already, in whichever encoding, stays under its own name."""
        unknown = {name: text for name, text in secrets.items() if not _ONE_MASK.fullmatch(self.text(text))}
        return Redactor({name: text for text, name in self._secrets.items()} | _new(unknown, self._secrets))

    def text(self, text: str) -> str:
        """``text`` without the secrets: a :class:`MaskedText` where there were any.

        What a worker shortened ends with an ellipsis, before which a secret may have been cut.
        """
        if (name := self._secrets.get(text.strip())) is not None:
            return MaskedText.whole(name)
        spans = self._spans(text)
        if text.endswith(_ELLIPSIS):
            spans = merge_spans(spans + self._beginnings(text[:-1]))
        return cut_spans(text, 0, spans) if spans else text

    def parts(self, parts: Sequence[str], *, open_end: bool = False) -> list[str]:
        """The parts of one text, masked also where a secret lies across them: it then stands in the first.

        With ``open_end`` the start of a secret at the very end is masked as well, since the rest may follow.
        """
        whole = "".join(parts)
        spans = self._with_places(self._spans(whole), address_places(whole))
        if open_end:
            spans = merge_spans(spans + self._beginnings(whole))
        if not spans:
            return list(parts)
        masked, start = [], 0
        for part in parts:
            masked.append(cut_spans(part, start, spans))
            start += len(part)
        return masked

    def data(self, data: bytes, *, open_end: bool = False, is_body: bool = False) -> bytes:
        """``data`` without the secrets, whatever its encoding of text (UTF-8 or Latin-1) may be.

        A :class:`MaskedBytes` where there were any. In a body the values of members such as ``access_token`` are masked
        in their place, however short.
        """
        text = data.decode("latin-1")
        if (plain := inflated(data)) and (found := self._spans(plain.decode("latin-1"))):
            mask = f"‹{found[0][2]}›".encode()
            return MaskedBytes(mask, [MaskedSpan(0, len(mask), found[0][2])])
        spans = self._spans(text) + (self._beginnings(text) if open_end else [])
        if is_body:
            spans = self._with_places(spans, text_places(text))
        if not spans:
            return data
        pieces: list[bytes] = []
        masks: list[MaskedSpan] = []
        read = length = 0
        for start, end, name in merge_spans(spans):
            start, end, encoding = aligned(data, start, end)
            mask = f"‹{name}›".encode(encoding)
            pieces += (data[read:start], mask)
            length += start - read + len(mask)
            masks.append(MaskedSpan(length - len(mask), length, name))
            read = end
        return MaskedBytes(b"".join((*pieces, data[read:])), masks)

    def json(self, value: JSON) -> JSON:
        """``value`` without the secrets: in strings, in the names of properties, and as whole numbers."""
        if not self._needles:
            return value
        known = next((masked for raw, masked in self._known if raw is value), None)
        if known is None:
            known = self._json(value) if self._occurs(value) else value
            if isinstance(value, dict | list):
                self._known = [(value, known), *self._known[: _REMEMBERED - 1]]
        return known

    def forget(self) -> None:
        """Hold no document any more."""
        self._known = []

    def value[T](self, value: T) -> T:
        """The same for any value of :mod:`workbench.domain`, of whatever depth."""
        return cast(T, self._value(value)) if self._needles else value

    def exchange(self, exchange: Exchange) -> Exchange:
        """An exchange without the secrets; a body of which only the first bytes were kept ends safely too."""
        response, request = exchange.response, exchange.request
        bare = replace(request, url="", headers=(), body=b"")
        masked = self.value(replace(exchange, request=bare, response=None))
        sent = replace(
            masked.request,
            url=self._in_places(request.url, text_places(request.url)),
            headers=self._headers(request.headers),
            body=self.data(request.body, open_end=request.cut, is_body=True),
        )
        masked = replace(masked, request=sent)
        if response is None:
            return masked
        partial = exchange.body_state != "complete" or response.cut
        received = replace(
            self.value(replace(response, headers=(), trailers=(), body=b"")),
            headers=self._headers(response.headers),
            trailers=self._headers(response.trailers),
            body=self.data(response.body, open_end=partial, is_body=True),
        )
        return replace(masked, response=received)

    def _headers(self, headers: Headers) -> Headers:
        return tuple((self.text(name), self._in_places(value, header_places(name, value))) for name, value in headers)

    def _in_places(self, text: str, places: Iterable[Span]) -> str:
        """``text`` without the secrets, and without whatever stands in ``places``."""
        spans = self._with_places(self._spans(text), places)
        return cut_spans(text, 0, spans) if spans else self.text(text)

    def _with_places(self, spans: list[Span], places: Iterable[Span]) -> list[Span]:
        """The spans, and those places in which there is none yet: a secret that is known has its own name."""
        known = merge_spans(spans)
        starts, ends = [start for start, _, _ in known], [0, *(end for _, end, _ in known)]
        free = [place for place in places if ends[bisect_left(starts, place[1])] <= place[0]]
        return merge_spans(known + free) if free else spans

    def output(self, output: Sequence[Output], *, open_end: bool = False) -> tuple[Output, ...]:
        """Output without the secrets, also where one was printed in pieces."""
        texts: dict[int, str] = {}
        for stream in ("stdout", "stderr", "log"):
            places = [place for place, item in enumerate(output) if item.source == stream]
            given = [output[place].text for place in places]
            masked = self._records(given) if stream == "log" else self.parts(given, open_end=open_end)
            texts |= dict(zip(places, masked, strict=True))
        return tuple(
            _with_text(item if item.source != "log" else self.value(replace(item, text="")), texts[place], item)
            if place in texts
            else self.value(item)
            for place, item in enumerate(output)
            if texts.get(place, "kept") or not item.text
        )

    def _records(self, texts: Sequence[str]) -> list[str]:
        """Texts of which each is a whole, also masked where a secret lies across them."""
        lines = [f"{text}\n" for text in texts]
        masked = zip(texts, lines, self.parts(lines), strict=True)
        return [text if made is line else made[:-1] if made.endswith("\n") else made for text, line, made in masked]

    def outcome(self, outcome: Outcome, exchanges: Iterable[Exchange] | None = None) -> Outcome:
        """An outcome without the secrets; ``exchanges`` are those already masked, where the caller keeps them."""
        if not self._needles and not outcome.exchanges:
            return outcome
        kept = tuple(exchanges) if exchanges is not None else tuple(map(self.exchange, outcome.exchanges))
        if self._needles:
            rest = self.value(replace(outcome, exchanges=(), output=()))
        else:
            rest = replace(outcome, error=self._value(outcome.error))
        return replace(rest, exchanges=kept, output=self.output(outcome.output, open_end=outcome.status is None))

    def request(self, request: RunRequest) -> RunRequest:
        """A request without the secrets. What identifies it (ids, names, paths) and its schemas stay as they are."""
        rules = rules_of(request)
        return replace(
            request,
            auth=self.json(masked_auth(request.auth_schema, request.auth, rules)),
            inputs=self._resent(request.inputs) if request.kind is Kind.REQUEST else self.json(request.inputs),
            metadata=self.json(masked_metadata(request.metadata, rules_of(request, BY_NAME))),
            environment=self.value(masked_environment(request.environment, rules)),
        )

    def _resent(self, inputs: JSON) -> JSON:
        """The inputs of a run that sends a request: what is masked in its place there is masked in them, too."""
        if not isinstance(inputs, dict):
            return self.json(inputs)
        masked = inputs.copy()
        match inputs:
            case {"url": str(url), "headers": list(headers), "body": str(body)}:
                pairs = tuple((str(pair[0]), str(pair[-1])) for pair in headers if isinstance(pair, list) and pair)
                masked["url"] = self._in_places(url, text_places(url))
                masked["headers"] = [[name, value] for name, value in self._headers(pairs)]
                masked["body"] = b64encode(self.data(_of_base64(body), is_body=True)).decode()
        return self.json(masked)

    def run(self, run: Run) -> Run:
        """A run without the secrets."""
        return replace(run, request=self.request(run.request), outcome=self.outcome(run.outcome))

    def _spans(self, text: str) -> list[Span]:
        """Where secrets stand, in order; what overlaps is one span under the name of the first."""
        return merge_spans(list(self._found(text, 0))) if self._needles and text else []

    def _found(self, text: str, depth: int) -> Iterator[Span]:
        layers = TextLayers(text)
        yield from self._needles.spans(layers)
        for start, end, pair in basic_credentials(text):
            if (name := self._name_in_pair(pair)) is not None:
                yield start, end, name
        if depth < _NESTED and (layers.spell_out or has_runs(text)):
            for layer in dict.fromkeys((layers.plain, layers.last)):
                for runs in decoded_runs(layer.text):
                    for start, end, name in (*self._found(runs.text, depth + 1), *self._compressed(runs, depth + 1)):
                        yield layer.place(runs.place(start)), layer.place(runs.place(end, end=True), end=True), name
        if depth == 0:
            yield from places_otherwise(text, self._literals)

    def _compressed(self, runs: DecodedRuns, depth: int) -> Iterator[Span]:
        """The whole of what was compressed, where it has a secret."""
        for start, end, plain in runs.compressed():
            if (first := next(self._found(plain.decode("latin-1"), depth), None)) is not None:
                yield start, end, first[2]

    def _name_in_pair(self, pair: str) -> str | None:
        user, _, password = pair.partition(":")
        whole = self._secrets.get(password) or self._secrets.get(user)
        return whole or next((name for _, _, name in self._needles.spans(TextLayers(pair))), None)

    def _beginnings(self, text: str) -> list[Span]:
        """The longest beginning of a secret with which the text ends, where it is long enough to tell."""
        best: Span | None = None
        start = max(0, len(text) - _TAIL)
        for layer in TextLayers(text[start:]):
            for name, needle in self._needles:
                read = _PART_OF_ESCAPE.sub("", layer.folded if needle.folded else layer.text)
                if needle.whole is None and (length := needle.beginning_at_end_of(read, SHORTEST)):
                    place = start + layer.place(len(read) - length)
                    best = min(best or (place, len(text), name), (place, len(text), name))
        return [best] if best else []

    def _occurs(self, value: JSON) -> bool:
        """Whether it is worth walking ``value``: a search in all of its text is some hundred times as fast.

        Where no secret is a number, its numbers are left out: long ones look like base64, which is decoded.
        """
        texts = None if any(map(_NUMBER.fullmatch, self._secrets)) else texts_of(value)
        text = _written(value) if texts is None else f'"{'","'.join(texts)}"'
        return text is None or bool(self._spans(text))

    def _json(self, value: JSON) -> JSON:
        """A masked copy, made without recursion: what a handler returned may be nested to any depth."""
        top: list[JSON] = [value]
        todo: list[list[JSON] | dict[str, JSON]] = [top]
        while todo:
            container = todo.pop()
            members = list(container.items()) if isinstance(container, dict) else list(enumerate(container))
            if isinstance(container, dict):
                container.clear()
            for place, member in members:
                masked = self._leaf(member)
                if isinstance(masked, dict | list):
                    todo.append(masked)
                if isinstance(container, dict):
                    container[self.text(str(place))] = masked
                else:
                    container[int(place)] = masked
        return top[0]

    def _leaf(self, value: JSON) -> JSON:
        """A scalar masked, a container copied."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict | list):
            return value.copy()
        if isinstance(value, int | float) and not isinstance(value, bool):
            text = json.dumps(value)
            return self.text(text) if len(text) >= _SHORTEST_NUMBER and text in self._secrets else value
        return value

    def _value(self, value: Any) -> Any:
        if isinstance(value, Enum | PurePath) or value is None:
            return value
        if isinstance(value, str):
            return self._in_places(value, address_places(value))
        if isinstance(value, bytes):
            return self.data(value)
        if isinstance(value, tuple):
            return tuple([self._value(item) for item in value])
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{field.name: self._value(getattr(value, field.name)) for field in fields(value)})
        return self.json(value) if isinstance(value, dict | list) else value


def _of_base64(text: str) -> bytes:
    try:
        return b64decode(text)
    except ValueError:
        return b""


def _written(value: JSON) -> str | None:
    """The value as JSON; None where that cannot say it, or where it is nested too deep."""
    from msgspec.json import encode  # few processes have a large value

    try:
        return encode(value).decode()
    except (TypeError, ValueError, RecursionError):  # a mask, half of a surrogate pair
        return None


_ONE_MASK = re.compile("‹[^‹›]*›")
"""A value of which nothing but a mask is left."""


def _new(secrets: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Those that are not known; one whose name is taken has another."""
    names = set(known.values())
    new = {name: text for name, text in secrets.items() if text not in known}
    return {f"{name} (obtained)" if name in names else name: text for name, text in new.items()}


def _with_text(masked: Output, text: str, item: Output) -> Output:
    return item if text is item.text and masked is item else replace(masked, text=text)
