"""``config.json`` as text and as a value, with everything that is wrong before its meaning is looked at."""

import json
import math
import re
from dataclasses import dataclass, field
from pathlib import Path

from workbench.catalog.disk import MAX_CONFIG, UnreadableError, read_text
from workbench.catalog.positions import Positions
from workbench.domain import JSON, Finding, Severity

NAME = "config.json"

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_REMEDIES = {
    "missing": "Add a config.json to the folder, as the guide's step 2 shows.",
    "not-utf-8": "Save the file as UTF-8.",
    "too-large": "Take out of the file what is not configuration.",
    "outside": "Put the file itself into the folder.",
}


@dataclass(frozen=True, slots=True)
class Document:
    """The file read: its text, its value (None where it is no JSON), and the findings so far."""

    text: str = ""
    value: JSON = None
    findings: tuple[Finding, ...] = ()
    positions: Positions = field(default_factory=lambda: Positions(""))


def read_document(root: Path) -> Document:
    """Read and parse ``config.json``; whatever is wrong with it is a finding."""
    try:
        read = read_text(root, NAME, most=MAX_CONFIG)
    except UnreadableError as error:
        remedy = _REMEDIES.get(error.code, "Replace it by a readable file.")
        return Document(findings=(Finding(f"config-{error.code}", Severity.ERROR, str(error), remedy),))
    document = parse_document(read.text)
    if not read.bom:
        return document
    bom = Finding(
        "config-bom", Severity.WARNING, "config.json begins with a byte order mark.", "Save it as UTF-8 without one.",
        line=1, column=1,
    )  # fmt: skip
    return Document(document.text, document.value, (bom, *document.findings), document.positions)


def parse_document(text: str) -> Document:
    """Parse the text of a ``config.json``; duplicate names, NaN and lone surrogates are findings."""
    parser, positions = _Parser(), Positions(text)
    try:
        value = positions.read(parser.decoder)
    except json.JSONDecodeError as error:
        return Document(text, None, (_syntax(text, error),), positions)
    except (ValueError, RecursionError) as error:
        return Document(text, None, (_unbearable(error),), positions)
    findings = _oddities(positions) if parser.odd else ()
    if "\\u" in text and _SURROGATE.search(text):
        value, broken = _whole(value)
        findings += (_SURROGATES,) if broken else ()
    if not isinstance(value, dict):
        findings += (_not_an_object(value),)
    return Document(text, value, findings, positions)


class _Parser:
    """Python's decoder, noting whether it let something pass that JSON does not know.

    Names that are repeated keep the last value; numbers that JSON does not know become null.
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
        return Finding("config-empty", Severity.ERROR, "config.json is empty.", _REMEDIES["missing"], line=1, column=1)
    reason = error.msg[:1].lower() + error.msg[1:]
    return Finding(
        "config-syntax",
        Severity.ERROR,
        f"config.json is not JSON: {reason} in line {error.lineno}, column {error.colno}.",
        "Mend that place; the fault is there or just before it.",
        line=error.lineno,
        column=error.colno,
    )


def _unbearable(error: ValueError | RecursionError) -> Finding:
    what = "is nested too deeply" if isinstance(error, RecursionError) else "holds a number with thousands of digits"
    return Finding("config-unbearable", Severity.ERROR, f"config.json {what} to be read.", "Make it simpler.")


def _oddities(positions: Positions) -> tuple[Finding, ...]:
    return tuple(_oddity(positions, *oddity) for oddity in positions.oddities())


def _oddity(positions: Positions, kind: str, pointer: str, offset: int) -> Finding:
    line, column = positions.at(offset)
    if kind == "duplicate":
        code, severity = "config-duplicate", Severity.ERROR
        message, remedy = f"{pointer} is written twice; only the last one counts.", "Rename or remove one of them."
    else:
        code, severity = "config-not-a-number", Severity.ERROR
        message, remedy = f"{pointer} is no number that JSON knows; it is read as null.", "Write a number or null."
    return Finding(code, severity, message, remedy, line=line, column=column, pointer=pointer)


_SURROGATES = Finding(
    "config-surrogate",
    Severity.WARNING,
    "config.json holds half of a \\u surrogate pair, which is no character; it is shown as \ufffd.",
    "Write the character itself, or both halves.",
)


def _whole(value: JSON) -> tuple[JSON, bool]:
    """The value with lone surrogates replaced, since no page could be encoded with them; and whether there were any."""
    text = json.dumps(value, ensure_ascii=False)
    mended = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return json.loads(mended), mended != text


def _not_an_object(value: JSON) -> Finding:
    kind = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}.get(type(value), "a number")
    return Finding(
        "config-not-an-object",
        Severity.ERROR,
        f"config.json holds {kind} where an object is wanted.",
        "Write an object with name, version, entry_point and actions.",
        line=1,
        column=1,
        pointer="",
    )
