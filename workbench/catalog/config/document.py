"""``config.json`` as text and as a value, with the findings about its syntax."""

import json
import math
import re
from dataclasses import dataclass, field
from pathlib import Path

from workbench.catalog.files.file_reader import MAX_CONFIG, UnreadableError, read_text
from workbench.catalog.findings.check_registry import finding
from workbench.domain import JSON, Finding
from workbench.jsondoc.source_map import SourceMap
from workbench.jsondoc.strict import Flaw, FlawKind, flaws, position
from workbench.jsondoc.types import type_phrase

NAME = "config.json"

_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_SURROGATE = re.compile(rf"{_PAIR.pattern}|\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Document:
    """The file read: its text, its value (None where it is not JSON), and the findings so far."""

    text: str = ""
    value: JSON = None
    findings: tuple[Finding, ...] = ()
    positions: SourceMap = field(default_factory=lambda: SourceMap(""))


def read_document(root: Path) -> Document:
    """The text and value of ``config.json``; its errors are findings."""
    try:
        read = read_text(root, NAME, most=MAX_CONFIG)
    except UnreadableError as error:
        code = "config-file-missing" if error.code == "missing" else f"file-{error.code}"
        return Document(findings=(finding(code, NAME, error.line, 1, message=error),))
    document = parse_document(read.text)
    if not read.bom:
        return document
    bom = finding("config-bom", NAME, 1, 1)
    return Document(document.text, document.value, (bom, *document.findings), document.positions)


def parse_document(text: str) -> Document:
    """The value of the text of a ``config.json``; duplicate keys, NaN and lone surrogates are findings."""
    parser, positions = _Parser(), SourceMap(text)
    try:
        value = positions.read(parser.decoder)
    except json.JSONDecodeError as error:
        return Document(text, None, (_syntax(text, error),), positions)
    except (ValueError, RecursionError) as error:
        return Document(text, None, (_over_limit(text, error),), positions)
    findings = tuple(_flaw(positions, each) for each in flaws(text)) if parser.odd else ()
    if "\\u" in text and _SURROGATE.search(text):
        value, broken = _whole(value)
        findings += (finding("config-lone-surrogate", NAME, *_first_surrogate(text, positions)),) if broken else ()
    if not isinstance(value, dict):
        findings += (_not_an_object(value),)
    return Document(text, value, findings, positions)


class _Parser:
    """Python's decoder; ``odd`` tells whether it accepted something that is not JSON.

    Of duplicate keys the last value is used; numbers that are not JSON become null.
    """

    def __init__(self) -> None:
        self.odd = False
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=self._constant, parse_float=self._number
        )

    def _object(self, pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
        members = dict(pairs)
        self.odd |= len(members) != len(pairs)
        return members

    def _constant(self, _: str) -> None:
        self.odd = True

    def _number(self, text: str) -> float | None:
        number = float(text)
        if math.isfinite(number):
            return number
        self.odd = True
        return None


def _syntax(text: str, error: json.JSONDecodeError) -> Finding:
    if not text.strip():
        return finding("config-empty", NAME, 1, 1)
    reason = error.msg[:1].lower() + error.msg[1:]
    if text.startswith(("//", "/*", "#"), error.pos):
        reason = "JSON does not allow comments;"
    return finding(
        "config-syntax", NAME, error.lineno, error.colno, reason=reason, at_line=error.lineno, at_column=error.colno
    )


def _over_limit(text: str, error: ValueError | RecursionError) -> Finding:
    if isinstance(error, RecursionError):
        return finding("config-limit-exceeded", NAME, 1, 1, what="is nested too deeply")
    place = next((each.offset for each in flaws(text) if each.kind is FlawKind.DIGITS), 0)
    return finding("config-limit-exceeded", NAME, *position(text, place), what="contains a number with too many digits")


def _flaw(positions: SourceMap, flaw: Flaw) -> Finding:
    code = "config-duplicate-key" if flaw.kind is FlawKind.DUPLICATE else "config-invalid-number"
    return finding(code, NAME, *positions.at(flaw.offset), pointer=flaw.pointer, name=flaw.pointer)


def _first_surrogate(text: str, positions: SourceMap) -> tuple[int, int]:
    """Where the first half of a pair stands alone: two that follow each other are taken for a character."""
    match = next((match for match in _SURROGATE.finditer(text) if not _PAIR.match(match[0])), None)
    return positions.at(match.start() if match else 0)


def _whole(value: JSON) -> tuple[JSON, bool]:
    """The value with lone surrogates replaced, since no page could be encoded with them; and whether there were any."""
    text = json.dumps(value, ensure_ascii=False)
    repaired = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return json.loads(repaired), repaired != text


def _not_an_object(value: JSON) -> Finding:
    return finding("config-not-an-object", NAME, 1, 1, pointer="", actual=type_phrase(value))
