"""The form of a request that is sent again: its fields as typed, and what its buttons change of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from werkzeug.datastructures import MultiDict

from workbench.domain import Request
from workbench.domain.multipart import MOST_PARTS, read_parts
from workbench.domain.whole_number import whole_number
from workbench.explain.http import http_body
from workbench.explain.http.multipart import field_text
from workbench.explain.text import size
from workbench.web.runs.request_code import curl

MOST_ROWS: Final = 500
"""Rows that a list is taken apart into; a longer query stays in the URL, a longer form is edited as text."""
FORM_TYPE: Final = "application/x-www-form-urlencoded"
JSON_TYPE: Final = "application/json"


class BodyKind(StrEnum):
    """How the body is edited; ``RECORDED`` is one that is not text, sent as it was captured, ``FILE`` a chosen one."""

    NONE = "none"
    JSON = "json"
    FORM = "form"
    MULTIPART = "multipart"
    TEXT = "text"
    FILE = "file"
    RECORDED = "recorded"


_TYPES: Final = {
    BodyKind.JSON: JSON_TYPE,
    BodyKind.FORM: FORM_TYPE,
    BodyKind.MULTIPART: "multipart/form-data",
}
_COLUMNS: Final = ("name", "value", "number", "about", "upload", "file")
"""What a row of a part posts."""
_ADD_FILE: Final = "add file"
LISTS: Final = ("query", "headers", "fields")
"""The fields of the form that are rows of a name and a value."""

type Rows = tuple[tuple[str, str], ...]
type NumberedRows = tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a multipart body: a field with its ``value``, or a file.

    ``number`` is that of the captured part, 0 for a new one; ``upload`` is the token of a file that was chosen, empty
    for one that is sent as it was captured. ``about`` says what file it is.
    """

    name: str
    value: str = ""
    number: int = 0
    about: str = ""
    upload: str = ""
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class ResendForm:
    """The fields as typed: ``query`` and ``headers`` as rows, ``fields`` and ``parts`` where the body is a form.

    ``upload`` is the token of the file that was chosen as the body, ``about`` says what file that is.
    """

    method: str
    url: str
    query: Rows = ()
    headers: Rows = ()
    kind: BodyKind = BodyKind.NONE
    body: str = ""
    fields: Rows = ()
    parts: tuple[PartRow, ...] = ()
    upload: str = ""
    about: str = ""

    @classmethod
    def of(cls, request: Request) -> Self:
        """The fields of a captured request, without the headers that frame it."""
        url, query = _split(str(request.url))
        headers = [(str(name), str(value)) for name, value in curl.headers(request)]
        text = None if request.cut else http_body.decode(request.body, http_body.content_type(request.headers)[1])
        kind = _kind(request, text)
        fields = tuple(_pairs(str(text))) if kind is BodyKind.FORM else ()
        parts = tuple(_parts(request)) if kind is BodyKind.MULTIPART else ()
        body = "" if parts else _as_posted(str(text or ""))
        return cls(str(request.method), url, query, tuple(headers), kind, body, fields, parts)

    @classmethod
    def parse(cls, form: "MultiDict[str, str]") -> Self:
        """The fields that were posted; a query that was typed into the URL becomes rows."""
        method, url, body = (_as_posted(form.get(name, "")) for name in ("method", "url", "body"))
        rows = {name: tuple(_rows(form, name)) for name in LISTS}
        columns = (form.getlist(f"parts.{name}") for name in _COLUMNS)
        parts = tuple(
            PartRow(name, _as_posted(value), whole_number(number) or 0, about, upload, bool(file))
            for name, value, number, about, upload, file in zip(*columns, strict=False)
        )
        kind = form.get("kind", "")
        address, query = _split(url.strip())
        rows["query"] = (*rows["query"], *query)
        known = BodyKind(kind) if kind in {*BodyKind} else BodyKind.TEXT
        upload, about = form.get("upload", ""), form.get("about", "")
        return cls(method, address, kind=known, body=body, parts=parts, upload=upload, about=about, **rows)

    def edit(self, operation: str) -> Self:
        """The form after a button was pressed: ``add query``, ``remove headers 2``, ``kind json``."""
        name, _, rest = operation.partition(" ")
        if name == "kind" and rest in {*BodyKind}:
            return self._of_kind(BodyKind(rest))
        field, _, place = rest.partition(" ")
        if operation == _ADD_FILE:
            return replace(self, parts=(*self.parts, PartRow("", is_file=True)))
        if field not in (*LISTS, "parts"):
            return self
        rows: tuple[object, ...] = getattr(self, field)
        if name == "add":
            rows = (*rows, PartRow("") if field == "parts" else ("", ""))
        elif (at := whole_number(place)) is not None:
            rows = (*rows[:at], *rows[at + 1 :])
        made: Self = replace(self, **{field: rows})  # type: ignore[arg-type]  # one of the lists
        return made

    def has_body_of(self, other: "ResendForm") -> bool:
        """Whether the body is the same as that of another form."""
        mine, others = (
            (one.kind, one.body, one.fields, one.parts, one.kind is BodyKind.FILE and one.upload)
            for one in (self, other)
        )
        return mine == others

    def numbered(self, name: str) -> NumberedRows:
        """The rows of a list that are not empty, each with its place from 0."""
        found: Rows = getattr(self, name)
        return tuple((row, key, value) for row, (key, value) in enumerate(found) if key.strip() or value)

    def rows(self, name: str) -> Rows:
        """The rows of a list, and an empty one where it has none."""
        found: Rows = getattr(self, name)
        return found or (("", ""),)

    @property
    def fields_in_text(self) -> int:
        """How many fields the text of the body has, where it is a form that is too long for rows; else 0."""
        is_form = any(name.lower() == "content-type" and value.startswith(FORM_TYPE) for name, value in self.headers)
        many = _count(self.body) if is_form and self.kind is BodyKind.TEXT else 0
        return many if many > MOST_ROWS else 0

    @property
    def parameters_in_url(self) -> int:
        """How many parameters the URL has, where they are too many for rows; else 0."""
        many = _count(self.url.partition("?")[2])
        return many if many > MOST_ROWS else 0

    def _of_kind(self, kind: BodyKind) -> Self:
        """The same with another kind of body: what was typed goes along, and the type that belongs to it."""
        body, fields = self.body, self.fields
        if self.kind is BodyKind.FORM and kind in (BodyKind.TEXT, BodyKind.JSON) and not body:
            body = "&".join(f"{name}={value}" for name, value in fields)
        headers = tuple(_typed(self.headers, kind))
        if kind is BodyKind.FORM and not fields and self.kind is not BodyKind.JSON:
            if _count(body) > MOST_ROWS:
                return replace(self, kind=BodyKind.TEXT, body=body, headers=headers)
            fields = tuple(parse_qsl(body, keep_blank_values=True))
        return replace(self, kind=kind, body=body, fields=fields, headers=headers)


def _typed(headers: Sequence[tuple[str, str]], kind: BodyKind) -> Iterator[tuple[str, str]]:
    """The headers with the Content-Type of the kind in place of that of another one; a type of the person's stays."""
    wanted, has_type = _TYPES.get(kind, ""), False
    for name, value in headers:
        if name.strip().lower() != "content-type":
            yield name, value
        elif value.partition(";")[0].strip().lower() not in _TYPES.values() or wanted:
            has_type = True
            is_own = value.partition(";")[0].strip().lower() not in _TYPES.values()
            yield name, value if is_own or value.startswith(wanted) else wanted
    if wanted and not has_type:
        yield "Content-Type", wanted


def _kind(request: Request, text: str | None) -> BodyKind:
    media = http_body.content_type(request.headers)[0]
    if not request.body or request.cut:
        return BodyKind.NONE
    if parts := read_parts(request.headers, request.body):
        is_form = media == "multipart/form-data" and len(parts) < MOST_PARTS  # parts of another type have other headers
        return BodyKind.MULTIPART if is_form else BodyKind.RECORDED
    if text is None:
        return BodyKind.RECORDED
    if media == FORM_TYPE:
        return BodyKind.FORM if _count(text) <= MOST_ROWS else BodyKind.TEXT
    return BodyKind.JSON if media == JSON_TYPE or media.endswith("+json") else BodyKind.TEXT


def _parts(request: Request) -> Iterator[PartRow]:
    """The parts of a captured body; what is no field is a file."""
    for number, part in enumerate(read_parts(request.headers, request.body), 1):
        text = field_text(part)
        about = "" if text is not None else ", ".join(filter(None, (part.filename, part.media, size(len(part.body)))))
        yield PartRow(part.name, _as_posted(text or ""), number, about, is_file=text is None)


def _split(url: str) -> tuple[str, Rows]:
    """The URL without its query, and the rows of that."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, ()
    query = tuple(_pairs(parts.query))
    if len(query) > MOST_ROWS:
        return url, ()
    return (urlunsplit(parts._replace(query="")), query) if query else (url, ())


def _rows(form: "MultiDict[str, str]", name: str) -> Iterator[tuple[str, str]]:
    """The rows of a list, those too that are empty: buttons name them by their place."""
    names, values = form.getlist(f"{name}.name"), form.getlist(f"{name}.value")
    for key, value in zip(names, values, strict=False):
        yield key, _as_posted(value)


def _count(text: str) -> int:
    """How many pairs a query or a form has at most."""
    return text.count("&") + 1 if text else 0


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    return ((name, _as_posted(value)) for name, value in parse_qsl(text, keep_blank_values=True))


def _as_posted(text: str) -> str:
    """The text with the ends of lines that a field of a page has, so that what was not changed compares equal."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
